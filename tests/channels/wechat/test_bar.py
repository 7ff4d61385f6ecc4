"""Two thousand turns on bad lines: nothing lost, nothing twice, nothing run twice, nothing out of order. And that such faults would be seen."""
import asyncio

import pytest

from tests.channels.wechat.bar import TIERS, play_turns
from tests.channels.wechat.echo_agent import EchoAgent
from tests.channels.wechat.simulator_world import wechat_channel

pytestmark = pytest.mark.usefixtures("own_key")


@pytest.mark.parametrize("tier", TIERS)
def test_a_thousand_turns_of_an_account(tier):
    verdict = play_turns(1000, 20261125, tier)
    assert verdict.faults == {}
    figures = verdict.figures
    assert figures["questions"] == 1000 <= figures["turns"] and figures["requests cut at 5 s"] > 100 and figures["replies lost"] > 100
    assert (figures["pushes"] > 400 and figures["calls that went wrong"] > 80) if tier == "verified" else figures["pushes"] == 0
    assert figures["shown twice, unavoidably"] < figures["turns"] / 10


def test_the_same_seed_plays_the_same_turns():
    first, second = (play_turns(40, 3, "passive") for _ in range(2))
    assert first.figures["questions"] == second.figures["questions"] == 40
    assert all(first.figures[name] == second.figures[name] for name in ("turns", "requests", "replies lost", "replies"))


def broken(monkeypatch, owner, name, replacement):
    """Faults of a run in which the channel does this instead."""
    monkeypatch.setattr(owner, name, replacement)
    return {name for tier in TIERS for name in play_turns(160, 5, tier).faults}


def test_an_outbox_that_forgets_is_seen(monkeypatch):
    from channels.wechat.outbox import Outbox

    add = Outbox.add

    async def forgets(self, conversation, texts, seconds=None):
        await add(self, conversation, list(texts)[1:], seconds)

    assert "lost" in broken(monkeypatch, Outbox, "add", forgets)


def test_an_outbox_that_gives_a_part_twice_is_seen(monkeypatch):
    from channels.wechat.outbox import Outbox

    take = Outbox.take

    async def twice(self, conversation):
        parts = await take(self, conversation)
        return [*parts, *parts[:1]]  # not all of them: what is not read goes back, and would double every time

    assert "doubled" in broken(monkeypatch, Outbox, "take", twice)


def test_an_outbox_that_turns_its_order_round_is_seen(monkeypatch):
    from channels.wechat.outbox import Outbox

    take = Outbox.take

    async def turned(self, conversation):
        return (await take(self, conversation))[::-1]

    assert "out_of_order" in broken(monkeypatch, Outbox, "take", turned)


def test_a_channel_that_does_not_know_a_message_again_is_seen(monkeypatch):
    """Each request as if it were a message of its own."""
    from tests.channels.wechat import phone

    request_for, count = phone.request_for, iter(range(10**9))

    def another_id(message, *rest):
        return request_for(phone.Message(message.openid, message.kind, message.created, message.fields, str(next(count)), message.trigger), *rest)

    assert "run_twice" in broken(monkeypatch, phone, "request_for", another_id)


def test_a_line_that_lets_turns_overtake_each_other_is_seen(monkeypatch):
    from channels.lines import Lines

    async def at_once(job):
        return await job()

    assert {"problems"} <= broken(monkeypatch, Lines, "put", lambda self, conversation, job: asyncio.ensure_future(at_once(job)))


def test_a_channel_that_breaks_once_in_a_while_is_seen(monkeypatch):
    async def deaf(self, message):
        if "第3句" not in message.text:
            await EchoAgent.handle_message(self, message)

    from tests.channels.wechat.residents import BusyAgent

    assert "not_run" in broken(monkeypatch, BusyAgent, "handle_message", deaf)


def test_a_channel_that_waits_too_long_is_seen():
    """Ours with a deadline of ten seconds: WeChat gives up on it."""
    from dataclasses import replace

    from channels.wechat import WeChatInput

    def patient(settings):
        made = wechat_channel(settings)
        timing = replace(made.settings.timing, passive_seconds=60.0, verified_seconds=60.0)
        return WeChatInput(replace(made.settings, timing=timing))

    assert "refused" in {name for tier in TIERS for name in play_turns(80, 5, tier, make=patient).faults}
