"""However many messages have come, each is understood in a round of the event loop of its own, in order, and the others are looked after in between."""
import asyncio

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from server import taking_turns

MESSAGES = [str(number) for number in range(50)]


@pytest.fixture
def understood(monkeypatch):
    """The texts in the order in which they were understood. Understanding never waits for anything, as Rasa's does not; 坏 breaks it."""
    log = []

    async def understand(self, message, tracker=None, only_output_properties=True):
        if message.text == "坏":
            raise ValueError("broken")
        log.append(message.text)
        return {"text": message.text}

    monkeypatch.setattr(taking_turns, "_parse_message", understand)
    return log


def parse(text):
    return taking_turns.parse_message(None, UserMessage(text))


def test_others_are_looked_after_between_any_two_messages(understood):
    async def look_after():
        seen = []
        tasks = [asyncio.create_task(parse(text)) for text in MESSAGES]
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            seen.append(len(understood))
        return seen, [task.result()["text"] for task in tasks]

    seen, results = asyncio.run(look_after())
    assert results == MESSAGES and seen[-1] == len(MESSAGES)
    assert max(later - earlier for earlier, later in zip([0, *seen], seen, strict=False)) == 1


def test_they_are_understood_in_the_order_in_which_they_came(understood):
    async def all_at_once():
        await asyncio.gather(*(parse(text) for text in MESSAGES))

    asyncio.run(all_at_once())
    assert understood == MESSAGES


def test_one_that_breaks_or_is_given_up_holds_nobody_up(understood):
    async def with_trouble():
        tasks = [asyncio.create_task(parse(text)) for text in ("一", "坏", "不等了", "二")]
        await asyncio.sleep(0)
        tasks[2].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, broken, given_up, last = asyncio.run(with_trouble())
    assert (first["text"], last["text"]) == ("一", "二") and isinstance(broken, ValueError) and isinstance(given_up, asyncio.CancelledError)


def test_another_event_loop_begins_anew(understood):
    for _ in range(2):
        asyncio.run(asyncio.wait_for(parse("一"), 5))
    assert understood == ["一", "一"]


def test_it_stands_where_rasa_calls_it():
    unchanged = MessageProcessor.parse_message
    try:
        taking_turns.take_turns()
        assert MessageProcessor.parse_message is taking_turns.parse_message
    finally:
        MessageProcessor.parse_message = unchanged
