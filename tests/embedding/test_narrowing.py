import numpy as np
import pytest

from embedding.narrowing import FeedForward, as_given, narrowed, second_moments
from embedding.weights import Weights

HIDDEN, NEURONS, TOKENS = 6, 20, 400


@pytest.fixture
def layer():
    random = np.random.default_rng(1)
    matrices = [random.normal(size=shape).astype(np.float32) for shape in ((NEURONS, HIDDEN), (NEURONS,), (HIDDEN, NEURONS), (HIDDEN,))]
    return FeedForward(*matrices)


def said(layer: FeedForward, states: np.ndarray) -> np.ndarray:
    return np.maximum(states @ layer.inner.T + layer.inner_bias, 0)


def added(layer: FeedForward, states: np.ndarray) -> np.ndarray:
    return said(layer, states) @ layer.outer.T + layer.outer_bias


def moments_of(layer, states):
    return second_moments([[part] for part in np.array_split(said(layer, states).astype(np.float32), 7)], 1, NEURONS)[0]


@pytest.fixture
def states():
    return np.random.default_rng(2).normal(size=(TOKENS, HIDDEN)).astype(np.float32)


def test_moments_are_means_over_all_tokens(layer, states):
    moments, values = moments_of(layer, states), said(layer, states)
    assert np.allclose(moments[:-1, :-1], values.T @ values / TOKENS, rtol=1e-4)
    assert np.allclose(moments[-1, :-1], values.mean(0), rtol=1e-4) and moments[-1, -1] == 1


def test_enough_neurons_are_left_as_they_are(layer, states):
    assert narrowed(layer, moments_of(layer, states), NEURONS) is layer


def test_neurons_that_say_nothing_go_without_a_trace(layer, states):
    dead = layer._replace(inner_bias=np.where(np.arange(NEURONS) % 2, -100, layer.inner_bias).astype(np.float32))
    half = narrowed(dead, moments_of(dead, states), NEURONS // 2)
    assert np.array_equal(half.inner, dead.inner[::2])
    assert np.allclose(added(half, states), added(dead, states), atol=1e-3)


def test_what_always_says_the_same_moves_into_the_bias(layer, states):
    inner = layer.inner.copy()
    inner[:5] = 0
    constant = layer._replace(inner=inner, inner_bias=np.where(np.arange(NEURONS) < 5, 3, layer.inner_bias).astype(np.float32))
    fewer = narrowed(constant, moments_of(constant, states), NEURONS - 5)
    assert np.array_equal(fewer.inner, constant.inner[5:])
    assert np.abs(constant.outer_bias - fewer.outer_bias).max() > 1
    assert np.allclose(added(fewer, states), added(constant, states), atol=0.05)


def test_the_kept_ones_take_over_what_they_can(layer, states):
    fewer = narrowed(layer, moments_of(layer, states), 14)
    kept = [int(np.flatnonzero((layer.inner == row).all(1))[0]) for row in fewer.inner]
    only_cut = layer._replace(inner=layer.inner[kept], inner_bias=layer.inner_bias[kept], outer=layer.outer[:, kept])
    wanted = added(layer, states)
    assert ((added(fewer, states) - wanted) ** 2).mean() < 0.5 * ((added(only_cut, states) - wanted) ** 2).mean()


def test_a_layer_is_read_whole(tiny):
    layer = as_given(Weights(tiny.path), 0)
    assert [part.shape for part in layer] == [(32, 32), (32,), (32, 32), (32,)]
