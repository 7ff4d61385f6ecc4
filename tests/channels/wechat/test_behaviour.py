"""What residents see, message by message, from a simulated WeChat and a real server: messages, answers, buttons, pushes."""
import asyncio
import time

import pytest

from channels.incoming import HARMLESS_SIGN
from channels.wechat.identity import conversation_of
from tests.channels.wechat import sealing
from tests.channels.wechat.fake_platform import until
from tests.channels.wechat.playing import BOTH, SCALE, play
from tests.channels.wechat.simulated_assistant import BUTTONS
from tests.channels.wechat.simulated_wechat import OUT_OF_ORDER, SEND, TOKEN_PATH

pytestmark = pytest.mark.usefixtures("own_key")


@BOTH
def test_a_message_is_answered_once_in_the_same_breath(tier):
    async def steps(wechat, phone, agent, channel):
        await phone.say("你好")
        assert phone.words == ["答：你好"] and agent.runs == {"你好": 1} and not phone.pushed and phone.typing == 0

    play(steps, tier)


@BOTH
@pytest.mark.parametrize("seconds", [4.8, 8.0, 25.0])
def test_a_late_answer_arrives_and_the_assistant_runs_once(tier, seconds):
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: seconds
        await phone.say("慢")
        if tier == "passive":
            assert len(phone.words) == 1 and "点这里看答案" in phone.words[0] and "继续" in phone.words[0]
            while "答：慢" not in phone.words:
                await phone.tap("看答案")
        else:
            assert phone.words == []
            await until(lambda: phone.words)
            assert phone.typing == 1 and phone.pushed == 1
        assert phone.words.count("答：慢") == 1 and agent.runs == {"慢": 1} and OUT_OF_ORDER not in phone.words

    play(steps, tier)


def test_the_word_fetches_what_waits_and_any_other_message_brings_it_along():
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 6.0 if "慢" in text else 0.0
        await phone.say("慢一")
        await phone.say("继续")
        assert phone.words[-1] == "答：慢一"
        await phone.say("慢二")
        await asyncio.sleep(3 * SCALE)
        await phone.say("你好")
        assert phone.words[-1] == "答：慢二\n\n答：你好" and agent.runs == {"慢一": 1, "慢二": 1, "你好": 1}
        await phone.say("继续")
        assert phone.words[-1] == "答：继续"  # nothing waits: it is a message like any other

    play(steps)


def test_five_quick_messages_are_answered_in_their_order():
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 0.9 - int(text) / 10
        for text in "12345":
            asyncio.ensure_future(phone.say(text))
            await asyncio.sleep(0.1 * SCALE)
        await until(lambda: len(agent.order) == 5)
        assert [text for _, text in agent.order] == list("12345")
        await until(lambda: len(phone.words) == 5)
        assert phone.words == [f"答：{text}" for text in "12345"]

    play(steps, "verified")


def test_wechat_closes_and_posts_again_and_the_assistant_runs_once():
    """As if our passive reply never left in time: the request is cut at five seconds."""

    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 8.0
        await phone.say("慢")
        assert phone.words == ["答：慢"] and agent.runs == {"慢": 1} and wechat.statuses[200] == 1  # the second request carried it

    play(steps, timing={"passive_seconds": 60 * SCALE})


def test_a_reply_that_was_lost_is_given_again():
    async def steps(wechat, phone, agent, channel):
        wechat.lose_share = 1.0
        await phone.say("你好")
        assert phone.words == ["答：你好"] and agent.runs == {"你好": 1} and wechat.statuses[200] == 3

    play(steps)


def test_the_same_message_posted_twice_at_once_runs_once():
    async def steps(wechat, phone, agent, channel):
        wechat.duplicate_share = 1.0
        await phone.say("你好")
        await phone.event("subscribe")
        assert phone.words[0] == "答：你好" and agent.runs == {"你好": 1, "/greet": 1}

    play(steps)


@BOTH
def test_when_no_try_gets_through_the_answer_waits_for_the_word(tier):
    async def steps(wechat, phone, agent, channel):
        shown = phone._take
        phone._take = lambda reply: phone.show(OUT_OF_ORDER)  # WeChat got none of the three
        wechat.lose_share = 1.0
        await phone.say("你好")
        phone._take, wechat.lose_share = shown, 0.0
        await phone.say("继续")
        assert phone.words == [OUT_OF_ORDER, "答：你好"] and agent.runs == {"你好": 1}

    play(steps, tier)


def test_buttons_are_taps_and_numbers():
    async def steps(wechat, phone, agent, channel):
        await phone.say("按钮")
        assert "1 要带什么" in phone.words[0] and "2 去哪办" in phone.words[0]
        await phone.tap("去哪办")
        assert agent.order[-1][1] == "/legal_aid_where"
        for number, payload in (("1", "/legal_aid_materials"), ("１", "/legal_aid_materials"), ("一", "/legal_aid_materials"), ("2", "/legal_aid_where")):
            await phone.say("按钮", message_id=str(90000 + ord(number)))
            await phone.say(number)
            assert agent.order[-1][1] == payload

    play(steps)


def test_a_late_answer_with_buttons_is_a_menu_message_on_a_verified_account():
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 6.0 if "按钮" in text else 0.0
        await phone.say("按钮")
        await until(lambda: phone.words)
        assert [title for title, _ in phone.menus[-1]] == ["要带什么", "去哪办"]
        await phone.tap("去哪办")
        assert agent.order[-1][1] == "/legal_aid_where"

    play(steps, "verified")


def test_forged_and_foreign_menu_ids_are_only_words():
    async def steps(wechat, phone, agent, channel):
        await phone.say("按钮")
        other = wechat.phone("b")
        foreign = phone.seen[0].taps[1].id
        await other.say("去哪办", foreign)
        await other.say("/restart", "forgedtap0")
        assert [text for conversation, text in agent.order if conversation == conversation_of(other.openid)] == ["去哪办", f"{HARMLESS_SIGN}restart"]

    play(steps)


def test_a_typed_command_is_no_command():
    async def steps(wechat, phone, agent, channel):
        await phone.say("/restart")
        await phone.say("/legal_aid_where")
        assert [text for _, text in agent.order] == [f"{HARMLESS_SIGN}restart", f"{HARMLESS_SIGN}legal_aid_where"]

    play(steps)


@pytest.mark.parametrize("text", ["]]>", "a]]>b<![CDATA[c", "结束]]>", "\x01\x08控制\ufffe字符", "< & > \" '", "👨\u200d👩\u200d👧一家\U0001f600", "字" * 480])
def test_anything_can_be_said_and_repeated(text):
    async def steps(wechat, phone, agent, channel):
        agent.answers = {}
        await phone.send(sealing.xml(inner=f"<Content>{escaped(text)}</Content>", openid=phone.openid, created=int(time.time()), message_id="5"))
        assert len(phone.words) == 1 and phone.words[0].startswith("答：") and OUT_OF_ORDER not in phone.words

    play(steps)


def escaped(text):
    kept = "".join(character for character in text if character >= " " and character != "\ufffe")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@BOTH
def test_a_long_answer_arrives_whole_in_parts(tier):
    long = "\n\n".join(f"第{number}段：" + "说清楚。" * 60 for number in range(1, 6))

    async def steps(wechat, phone, agent, channel):
        agent.answers = {"长": (long, {"buttons": BUTTONS}, BUTTONS)}
        await phone.say("长")
        if tier == "passive":
            assert len(phone.words) == 1 and phone.words[0].endswith("看余下的（回复“继续”也行）")
            while any("看余下的" in tap.label for tap in phone.seen[-1].taps):
                await phone.tap("看余下的")
        else:
            await until(lambda: "去哪办" in phone.words[-1])
            assert phone.pushed == len(phone.words) - 1
        whole = "".join("".join(phone.words).split())
        assert all(f"第{number}段" in whole for number in range(1, 6)) and whole.count("说清楚。") == 300 and whole.count("去哪办") == 1
        assert agent.runs == {"长": 1} and wechat.refused == {}

    play(steps, tier)


def test_what_the_quota_does_not_allow_waits_and_the_last_message_says_so():
    async def steps(wechat, phone, agent, channel):
        agent.answers = {"长": ("\n\n".join(f"第{number}段" + "字" * 560 for number in range(1, 9)), {}, [])}
        await phone.say("长")
        await until(lambda: phone.pushed == 5)
        assert "看余下的" in phone.words[-1] and len(phone.words) == 6
        await phone.say("继续")
        await until(lambda: "第8段" in "".join(phone.words))
        assert all("".join(phone.words).count(f"第{number}段") == 1 for number in range(1, 9)) and agent.runs == {"长": 1} and wechat.refused == {}

    play(steps, "verified")


@pytest.mark.parametrize(("fault", "times"), [(-1, 1), (-1, 3), (45047, 1), (45015, 1), (45009, 1), (48001, 1), ("cut", 1), ("not json", 3), (43004, 1)])
def test_a_push_that_fails_waits_for_the_next_message(fault, times):
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 6.0 if "慢" in text else 0.0
        wechat.faults[SEND].extend([fault] * times)
        await phone.say("慢")
        await asyncio.sleep(6 * SCALE)
        await until(lambda: "慢" in agent.runs)
        if "答：慢" not in phone.words:
            await phone.say("继续")
        assert phone.words.count("答：慢") == 1 and agent.runs == {"慢": 1} and OUT_OF_ORDER not in phone.words
        await phone.say("慢慢")  # and it goes on
        await asyncio.sleep(4 * SCALE)
        if "答：慢慢" not in phone.words:
            await phone.say("继续")
        assert phone.words.count("答：慢慢") == 1

    play(steps, "verified")


def test_a_token_that_is_never_taken_costs_two_calls_and_no_answer():
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 6.0
        wechat.standing[SEND] = 40001
        await phone.say("慢")
        await asyncio.sleep(6 * SCALE)
        await phone.say("继续")
        assert phone.words == ["答：慢"] and wechat.calls[TOKEN_PATH] <= 2

    play(steps, "verified")


def test_fifty_cold_sends_take_one_token():
    async def steps(wechat, phone, agent, channel):
        agent.seconds = lambda text: 6.0
        phones = [wechat.phone(f"n{number}") for number in range(50)]
        await asyncio.gather(*(one.say("慢") for one in phones))
        await until(lambda: all(one.words for one in phones))
        assert wechat.calls[TOKEN_PATH] == 1 and all(one.words == ["答：慢"] for one in phones)

    play(steps, "verified")


def test_kind_words_when_the_assistant_is_silent_or_breaks():
    async def steps(wechat, phone, agent, channel):
        await phone.say("坏了")
        agent.is_silent = True
        await phone.say("你好")
        assert all("12348" in words for words in phone.words) and len(phone.words) == 2

    play(steps)


def test_no_model_is_loaded():
    async def steps(wechat, phone, agent, channel):
        async def nothing(message):
            return None

        agent.handle_message = nothing
        await phone.say("你好")
        assert "12348" in phone.words[0]

    play(steps)


def test_a_new_question_is_answered_before_the_rest_of_an_old_answer():
    """The rest was offered; who asks something else comes back to it with the word, or not."""

    async def steps(wechat, phone, agent, channel):
        agent.answers = {"长": ("\n\n".join(f"第{number}段：" + "说清楚。" * 100 for number in (1, 2)), {}, [])}
        await phone.say("长")
        await phone.say("你好")
        assert "第1段" in phone.words[0] and phone.words[1] == "答：你好"
        await phone.say("继续")
        assert phone.words[2].startswith("第2段") and agent.runs == {"长": 1, "你好": 1}

    play(steps)
