import pytest

from channels.incoming import EMPTY_MESSAGE, MAX_CHARACTERS, IssuedPayloads, accept, clean, offered_payloads


@pytest.mark.parametrize(("raw", "cleaned"), [
    ("  你好\n\n吗 ", "你好 吗"),
    ("\x00\x07你好\u200b", "你好"),
    ("\ud800你好", "你好"),
    ("", EMPTY_MESSAGE), ("   ", EMPTY_MESSAGE), (None, EMPTY_MESSAGE), (42, EMPTY_MESSAGE), (["a"], EMPTY_MESSAGE),
])
def test_clean(raw, cleaned):
    assert clean(raw) == cleaned


def test_long_text_is_cut():
    assert len(clean("长" * 5000)) == MAX_CHARACTERS


@pytest.mark.parametrize("typed", ["/restart", "/legal_aid_fee", "//x", "/ /restart", " /restart", "\u200b/restart", "/report_figure{\"fact\":\"x\"}"])
def test_a_typed_command_never_reaches_rasa_as_one(typed):
    assert not accept(typed, "a", IssuedPayloads()).startswith("/")


def test_an_offered_payload_passes_for_its_conversation_only():
    issued = IssuedPayloads()
    issued.remember("a", ["/legal_aid_fee"])
    assert accept("/legal_aid_fee", "a", issued) == "/legal_aid_fee"
    assert accept("/legal_aid_fee", "b", issued) == "／legal_aid_fee"


def test_offers_expire_and_are_bounded():
    issued = IssuedPayloads(seconds=-1)
    issued.remember("a", ["/x"])
    assert not issued.allows("a", "/x")
    small = IssuedPayloads(conversations=2, per_conversation=2)
    for conversation in "abc":
        small.remember(conversation, ["/1", "/2", "/3"])
    assert not small.allows("a", "/3")
    assert small.allows("c", "/3") and not small.allows("c", "/1")


def test_offered_payloads_are_those_of_all_messages():
    assert offered_payloads([{"text": "x"}, {"buttons": [{"title": "t", "payload": "/a"}, {"title": "u", "url": "https://x"}]}]) == ["/a"]


@pytest.mark.parametrize(("typed", "payload"), [
    ("1", "/a"), ("２", "/b"), ("二", "/b"), ("第一个", "/a"), ("选2", "/b"), ("前一种", "/a"), ("后面那个", "/b"),
])
def test_a_typed_number_taps_the_button_of_the_last_answer(typed, payload):
    issued = IssuedPayloads()
    issued.remember("a", ["/old"])
    issued.remember("a", ["/a", "/b"])
    assert accept(typed, "a", issued) == payload


@pytest.mark.parametrize("typed", ["3", "12345", "一个月", "第二天", "1月1日"])
def test_other_numbers_are_words(typed):
    issued = IssuedPayloads()
    issued.remember("a", ["/a", "/b"])
    assert accept(typed, "a", issued) == typed


def test_without_buttons_a_number_is_a_word():
    issued = IssuedPayloads()
    issued.remember("a", ["/a"])
    issued.remember("a", [])
    assert accept("1", "a", issued) == "1"


@pytest.mark.parametrize(("said", "option"), [("是", "yes"), ("确定。", "yes"), ("删吧", "yes"), ("不删", "no"), ("算了！", "no"), ("是不是", ""), ("好不好", "")])
def test_a_question_of_yes_or_no_takes_yes_and_no(said, option):
    issued = IssuedPayloads()
    issued.remember("a", ['/delete_conversation{"option": "yes"}', '/delete_conversation{"option": "no"}'])
    assert issued.chosen("a", said) == (f'/delete_conversation{{"option": "{option}"}}' if option else "")
    issued.remember("a", ["/greet", "/help"])
    assert issued.chosen("a", said) == ""
