import numpy as np
import pytest

from embedding.narrowing import Linear, Part, as_given, narrowed, second_moments
from embedding.weights import Weights

HIDDEN, NEURONS, TOKENS = 6, 20, 400
HEADS, HEAD_SIZE = 4, 5


@pytest.fixture
def layer():
    random = np.random.default_rng(1)
    inner, inner_bias, outer, outer_bias = (
        random.normal(size=shape).astype(np.float32) for shape in ((NEURONS, HIDDEN), (NEURONS,), (HIDDEN, NEURONS), (HIDDEN,))
    )
    return Part((Linear(inner, inner_bias),), Linear(outer, outer_bias))


def said(part: Part, states: np.ndarray) -> np.ndarray:
    [inner] = part.inner
    return np.maximum(states @ inner.matrix.T + inner.bias, 0)


def added(part: Part, states: np.ndarray) -> np.ndarray:
    return said(part, states) @ part.outer.matrix.T + part.outer.bias


def moments_of(part, states):
    return second_moments([[some] for some in np.array_split(said(part, states).astype(np.float32), 7)])[0]


def with_inner(part, matrix=None, bias=None):
    [inner] = part.inner
    changed = Linear(inner.matrix if matrix is None else matrix, inner.bias if bias is None else bias.astype(np.float32))
    return part._replace(inner=(changed,))


@pytest.fixture
def states():
    return np.random.default_rng(2).normal(size=(TOKENS, HIDDEN)).astype(np.float32)


def test_moments_are_means_over_all_tokens(layer, states):
    moments, values = moments_of(layer, states), said(layer, states)
    assert np.allclose(moments[:-1, :-1], values.T @ values / TOKENS, rtol=1e-4)
    assert np.allclose(moments[-1, :-1], values.mean(0), rtol=1e-4) and moments[-1, -1] == 1


def test_moments_of_parts_of_different_width_are_kept_apart(states):
    wide, slim = second_moments([[states, states[:, :2]], [states[:5], states[:5, :2]]])
    assert wide.shape == (HIDDEN + 1, HIDDEN + 1) and np.allclose(slim[:2, :2], wide[:2, :2])


def test_enough_neurons_are_left_as_they_are(layer, states):
    assert narrowed(layer, moments_of(layer, states), NEURONS) is layer


def test_neurons_that_say_nothing_go_without_a_trace(layer, states):
    dead = with_inner(layer, bias=np.where(np.arange(NEURONS) % 2, -100, layer.inner[0].bias))
    half = narrowed(dead, moments_of(dead, states), NEURONS // 2)
    assert np.array_equal(half.inner[0].matrix, dead.inner[0].matrix[::2])
    assert np.allclose(added(half, states), added(dead, states), atol=1e-3)


def test_what_always_says_the_same_moves_into_the_bias(layer, states):
    matrix = layer.inner[0].matrix.copy()
    matrix[:5] = 0
    constant = with_inner(layer, matrix, np.where(np.arange(NEURONS) < 5, 3, layer.inner[0].bias))
    fewer = narrowed(constant, moments_of(constant, states), NEURONS - 5)
    assert np.array_equal(fewer.inner[0].matrix, matrix[5:])
    assert np.abs(constant.outer.bias - fewer.outer.bias).max() > 1
    assert np.allclose(added(fewer, states), added(constant, states), atol=0.05)


def test_a_neuron_that_another_repeats_goes_first(layer, states):
    matrix, bias = layer.inner[0].matrix.copy(), layer.inner[0].bias.copy()
    matrix[7], bias[7] = matrix[3], bias[3]
    twice = with_inner(layer, matrix, bias)
    fewer = narrowed(twice, moments_of(twice, states), NEURONS - 1)
    assert len(np.unique(fewer.inner[0].matrix, axis=0)) == NEURONS - 1
    assert np.allclose(added(fewer, states), added(twice, states), atol=0.02)


def test_the_kept_ones_take_over_what_they_can(layer, states):
    fewer = narrowed(layer, moments_of(layer, states), 14)
    kept = [int(np.flatnonzero((layer.inner[0].matrix == row).all(1))[0]) for row in fewer.inner[0].matrix]
    only_cut = layer._replace(inner=(layer.inner[0].rows(kept),), outer=Linear(layer.outer.matrix[:, kept], layer.outer.bias))
    wanted = added(layer, states)
    assert ((added(fewer, states) - wanted) ** 2).mean() < 0.5 * ((added(only_cut, states) - wanted) ** 2).mean()


def test_a_head_goes_as_a_whole(states):
    """Of four heads, one repeats another with its columns in another order, as a copy of a head may."""
    random = np.random.default_rng(4)
    columns = states @ random.normal(size=(HIDDEN, HEADS * HEAD_SIZE)) ** 2
    columns[:, 10:15] = columns[:, 9:4:-1]
    inner = tuple(Linear(random.normal(size=(HEADS * HEAD_SIZE, HIDDEN)), random.normal(size=HEADS * HEAD_SIZE)) for _ in "qkv")
    part = Part(inner, Linear(random.normal(size=(HIDDEN, HEADS * HEAD_SIZE)), np.zeros(HIDDEN)), HEAD_SIZE)
    fewer = narrowed(part, second_moments([[columns]])[0], HEADS - 1)
    assert part.units == HEADS and fewer.units == HEADS - 1
    gone = next(head for head in (1, 2) if not np.isin(part.inner[0].matrix[head * HEAD_SIZE], fewer.inner[0].matrix).all())
    kept = np.delete(np.arange(HEADS * HEAD_SIZE), np.arange(HEAD_SIZE) + gone * HEAD_SIZE)
    for before, after in zip(part.inner, fewer.inner, strict=True):
        assert np.array_equal(after.matrix, before.matrix[kept]) and np.array_equal(after.bias, before.bias[kept])
    wanted, got = columns @ part.outer.matrix.T, columns[:, kept] @ fewer.outer.matrix.T + fewer.outer.bias
    assert np.abs(got - wanted).max() < 0.01 * np.abs(wanted).max()


def test_a_layer_is_read_whole(tiny):
    layer = as_given(Weights(tiny.path), 0)
    assert [linear.matrix.shape for part in layer for linear in (*part.inner, part.outer)] == [(32, 32)] * 6
    assert layer.attention.units * layer.attention.size == 32 and layer.feed_forward.units == 32
