import pytest

from desk.references import References

KEY = "k" * 32


def test_a_reference_names_its_conversation_and_does_not_show_it():
    references = References(KEY)
    first, second = references.issue("会话-1"), references.issue("会话-1")
    assert first != second and "会话" not in first
    assert first.isascii() and first.isprintable()
    assert references.conversation(first) == references.conversation(second) == "会话-1"


def test_another_process_with_the_same_key_reads_it():
    assert References(KEY).conversation(References(KEY).issue("a")) == "a"


def changed(reference: str) -> str:
    middle = len(reference) // 2
    return reference[:middle] + ("A" if reference[middle] != "A" else "B") + reference[middle + 1:]


FORGED = {
    "empty": "", "short": "a", "Chinese": "引用", "half a character": "\ud800", "long": "a" * 200, "padding": "=" * 9,
    "changed": changed(References(KEY).issue("a")), "cut": References(KEY).issue("a")[:-8], "another key": References("another key").issue("a"),
}


@pytest.mark.parametrize("reference", FORGED.values(), ids=FORGED.keys())
def test_a_forged_reference_is_none(reference):
    assert References(KEY).conversation(reference) is None


def test_an_old_reference_is_none():
    assert References(KEY, lifetime=-1).conversation(References(KEY).issue("a")) is None
