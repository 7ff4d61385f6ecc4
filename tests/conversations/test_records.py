"""What is written of an event is what the standard library writes, whoever writes it."""
from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rasa.shared.core.events import SlotSet

from conversations.records import encode

TEXTS = st.text(st.characters(blacklist_categories=()), max_size=20)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.integers(-2**80, 2**80), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)), max_leaves=12)


@given(VALUES)
@example(1e-7)
@example(0.5320472121238708)
@example(5e-324)
@example(-0.0)
@example("</script>\u2028\x00\x7f\"\\")
@example("\ud800")
@example({"一": ["二", {"": None}]})
def test_what_is_written_is_read_again(value: object) -> None:
    row = encode([SlotSet("any", value, timestamp=1.5)])
    [fields] = json.loads(row.data)
    assert json.dumps(fields["value"], sort_keys=True) == json.dumps(json.loads(json.dumps(value)), sort_keys=True)
    row.data.encode()  # as SQLite will


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), [object()]])
def test_what_json_does_not_know_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode([SlotSet("any", value)])


def test_chinese_is_not_escaped() -> None:
    assert "枣庄/法律" in encode([SlotSet("any", "枣庄/法律")]).data
