"""Messages are embedded beside the event loop only while other turns are under way, and then before they are understood."""
import asyncio
import sys
import threading

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from server import embedding_aside


@pytest.fixture
def seen(monkeypatch):
    """What is embedded and handled, in order, with the thread it was done in. A turn ends when `gate` is set."""
    log = []
    gate = asyncio.Event()

    async def handled(self, message):
        log.append(("handled", message.text, threading.current_thread() is threading.main_thread()))
        await gate.wait()
        return [message.text]

    monkeypatch.setattr(embedding_aside, "_handle_message", handled)
    monkeypatch.setattr(embedding_aside, "_embed", lambda texts: log.append(("embedded", texts[0], threading.current_thread() is threading.main_thread())))
    return log, gate


def both(seen, first, second):
    log, gate = seen

    async def turns():
        tasks = [asyncio.create_task(embedding_aside.handle_message(None, UserMessage(text))) for text in (first, second)]
        for _ in range(100):
            await asyncio.sleep(0.002)
            if sum(step[0] == "handled" for step in log) == 2:
                break
        gate.set()
        return await asyncio.gather(*tasks)

    return asyncio.run(turns())


def test_the_second_of_two_turns_is_embedded_in_another_thread_first(seen):
    assert both(seen, "要钱吗", "去哪办") == [["要钱吗"], ["去哪办"]]
    assert seen[0] == [("handled", "要钱吗", True), ("embedded", "去哪办", False), ("handled", "去哪办", True)]


@pytest.mark.parametrize("tap", ["/legal_aid_fee", "？？？", ""])
def test_what_is_not_read_is_not_embedded(seen, tap):
    both(seen, "要钱吗", tap)
    assert [step[0] for step in seen[0]] == ["handled", "handled"]


def test_alone_a_turn_takes_no_way_through_another_thread(seen):
    log, gate = seen
    gate.set()
    for _ in range(2):
        asyncio.run(embedding_aside.handle_message(None, UserMessage("要钱吗")))
    assert [step[0] for step in log] == ["handled", "handled"]


def test_a_turn_that_breaks_is_no_longer_under_way(monkeypatch):
    async def breaks(self, message):
        raise RuntimeError("broken")

    monkeypatch.setattr(embedding_aside, "_handle_message", breaks)
    with pytest.raises(RuntimeError, match="broken"):
        asyncio.run(embedding_aside.handle_message(None, UserMessage("要钱吗")))
    assert embedding_aside._under_way == 0


@pytest.mark.parametrize(("cores", "processes", "aside"), [(2, None, True), (2, "1", True), (2, "2", False), (4, "2", True), (1, None, False), (2, "3", False)])
def test_only_with_more_cores_than_processes(monkeypatch, cores, processes, aside):
    monkeypatch.setattr(embedding_aside.os, "cpu_count", lambda: cores)
    monkeypatch.delenv("ZAOFATONG_PROCESSES", raising=False)
    if processes:
        monkeypatch.setenv("ZAOFATONG_PROCESSES", processes)
    unchanged = MessageProcessor.handle_message
    monkeypatch.setattr(MessageProcessor, "handle_message", embedding_aside._handle_message)
    interval = sys.getswitchinterval()
    try:
        embedding_aside.embed_aside()
        assert (MessageProcessor.handle_message is embedding_aside.handle_message) is aside
    finally:
        sys.setswitchinterval(interval)
        MessageProcessor.handle_message = unchanged


@pytest.mark.parametrize("told", ["0", "two", "-1", "²"])
def test_a_number_of_processes_that_is_none_is_named(monkeypatch, told):
    monkeypatch.setenv("ZAOFATONG_PROCESSES", told)
    with pytest.raises(ValueError, match="ZAOFATONG_PROCESSES"):
        embedding_aside.core_to_spare()
