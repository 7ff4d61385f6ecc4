"""Only what is new is written: not lost, not doubled, whoever else writes meanwhile."""
from __future__ import annotations

import asyncio
import copy
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.shared.core.events import BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, get_trackers_for_conversation_sessions

from conversations import AppendingStore, SqliteTrackerStore
from conversations.appending import as_rows
from tests.conversations.making import DOMAIN, dicts, ours, run, say, session_start, texts, turn

Make = Callable[..., AppendingStore]


@pytest.fixture
def file_store(tmp_path: Path) -> SqliteTrackerStore:
    return ours(tmp_path)


def tracker_of(conversation: str, events: list) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(conversation, events, DOMAIN.slots)


def test_a_tracker_saved_again_and_again_is_stored_once(store: AppendingStore) -> None:
    async def asked() -> None:
        tracker = await say(store, "a", [*session_start(), *turn("一")])
        for text in ("二", "三"):
            await store.save(tracker)
            for event in [*session_start(), *turn(text)]:  # Rasa's SQL store doubles events of a tracker that is used on after a session start
                tracker.update(event)
            await store.save(tracker)
        assert await texts(store, "a") == ["一", "二", "三"] and len((await store.retrieve_full_tracker("a")).events) == 21

    run(asked())


def test_a_turn_adds_rows_and_touches_no_old_one(file_store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        await say(file_store, "a", turn("一"))
        with sqlite3.connect(file_store.path) as connection:
            connection.execute("UPDATE conversation_turns SET data = replace(data, '一', '壹')")
        await say(file_store, "a", turn("二"))
        assert await texts(file_store, "a") == ["壹", "二"]

    run(asked())


def test_a_copy_of_a_tracker_is_known_too(store: AppendingStore) -> None:
    async def asked() -> None:
        tracker = await say(store, "a", [*session_start(), *turn("一")])
        for other in (tracker.copy(), get_trackers_for_conversation_sessions(tracker)[-1]):
            other.update(BotUttered("再见"))
            await store.save(other)
        assert [event.text for event in (await store.retrieve("a")).events if isinstance(event, BotUttered)] == ["好的", "再见", "再见"]
        assert len((await store.retrieve_full_tracker("a")).events) == 9

    run(asked())


def test_a_copied_event_is_a_new_event(store: AppendingStore) -> None:
    async def asked() -> None:
        tracker = await say(store, "a", turn("一"))
        for event in list(tracker.events):
            tracker.update(copy.deepcopy(event))
        await store.save(tracker)
        assert await texts(store, "a") == ["一", "一"]

    run(asked())


def test_events_of_one_conversation_are_new_in_another(store: AppendingStore) -> None:
    async def asked() -> None:
        tracker = await say(store, "a", turn("一"))
        await store.save(tracker_of("b", list(tracker.events)))
        tracker.update(SlotSet("topic", "x"))
        await store.save(tracker)
        assert await texts(store, "b") == ["一"] and len((await store.retrieve("a")).events) == 5

    run(asked())


def test_a_tracker_from_elsewhere_adds_what_is_missing(store: AppendingStore) -> None:
    async def asked() -> None:
        first = [*session_start(), *turn("一")]
        second, third = [*session_start(), *turn("二")], turn("三")
        await store.save(tracker_of("a", copy.deepcopy(first)))
        await store.save(tracker_of("a", copy.deepcopy([*first, *second])))  # all there is and more
        await store.save(tracker_of("a", copy.deepcopy([*second[1:], *third])))  # the latest session and more
        await store.save(tracker_of("a", copy.deepcopy([*first, *second])))  # nothing new
        assert await texts(store, "a") == ["一", "二", "三"] and await texts(store, "a", whole=False) == ["二", "三"]
        other = tracker_of("a", copy.deepcopy([*second[1:], *third]))
        await store.save(other)
        other.update(BotUttered("末"))
        await store.save(other)
        assert len((await store.retrieve_full_tracker("a")).events) == 19

    run(asked())


def test_two_that_begin_the_same_conversation_are_both_kept(store: AppendingStore) -> None:
    async def asked() -> None:
        one, other = [await store.get_or_create_tracker("a", append_action_listen=False) for _ in range(2)]
        for tracker, text in ((one, "一"), (other, "二")):
            for event in turn(text):
                tracker.update(event)
        await asyncio.gather(store.save(one), store.save(other))
        assert sorted(await texts(store, "a")) == ["一", "二"]

    run(asked())


def test_two_tasks_on_one_conversation_lose_and_double_nothing(store: AppendingStore) -> None:
    async def asked() -> None:
        await say(store, "a", session_start())

        async def talk(name: str) -> None:
            for number in range(10):
                tracker = await store.retrieve("a")
                await asyncio.sleep(0)
                for event in turn(f"{name}{number}"):
                    tracker.update(event)
                await store.save(tracker)

        await asyncio.gather(*(talk(name) for name in "abc"))
        said = await texts(store, "a")
        assert sorted(said) == sorted(f"{name}{number}" for name in "abc" for number in range(10))
        assert all([text for text in said if text.startswith(name)] == [f"{name}{number}" for number in range(10)] for name in "abc")

    run(asked())


def test_one_tracker_saved_by_two_tasks_is_stored_once(store: AppendingStore) -> None:
    async def asked() -> None:
        tracker = tracker_of("a", turn("一"))
        await asyncio.gather(*(store.save(tracker) for _ in range(5)))
        for event in turn("二"):
            tracker.update(event)
        await asyncio.gather(*(store.save(tracker) for _ in range(5)))
        assert await texts(store, "a") == ["一", "二"]

    run(asked())


def test_a_desk_writes_while_a_turn_is_answered(make: Make, tmp_path: Path) -> None:
    async def asked() -> None:
        here, there = make(tmp_path), make(tmp_path)  # two processes have a store each
        await say(here, "a", [*session_start(), *turn("一")])
        tracker = await here.retrieve("a")
        desk = await there.retrieve("a")
        desk.update(BotUttered("我是工作人员"))
        await there.save(desk)
        for event in turn("二"):
            tracker.update(event)
        await here.save(tracker)
        said = [event.text for event in (await there.retrieve("a")).events if isinstance(event, BotUttered | UserUttered)]
        assert said == ["一", "好的", "我是工作人员", "二", "好的"]

    run(asked())


def test_what_was_deleted_meanwhile_stays_deleted(store: AppendingStore) -> None:
    async def asked() -> None:
        for was_read in (True, False):
            tracker = await say(store, "a", [*session_start(), *turn("秘密")])
            tracker = await store.retrieve("a") if was_read else tracker
            assert await store.delete("a") == 7 and await store.delete("a") == 0
            for event in turn("以后"):
                tracker.update(event)
            await store.save(tracker)
            assert await texts(store, "a") == ["以后"] and await store.delete("a") == 4

    run(asked())


def test_a_value_that_is_no_json_fails_the_turn_and_leaves_nothing(store: AppendingStore) -> None:
    async def asked() -> None:
        with pytest.raises(TypeError):
            await say(store, "a", [*turn("一"), SlotSet("topic", object())])
        assert await store.retrieve("a") is None and not await store.exists("a")
        await say(store, "a", turn("二"))
        assert await texts(store, "a") == ["二"]

    run(asked())


class BrokenBroker:
    def publish(self, event: dict) -> None:
        raise ConnectionError(event["text"])


def test_a_broken_broker_fails_no_turn_and_its_log_holds_no_words(make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def asked() -> None:
        store = make(tmp_path, event_broker=BrokenBroker())
        await say(store, "a", turn("秘密"))
        assert await texts(store, "a") == ["秘密"]

    run(asked())
    assert "not published" in caplog.text and "秘密" not in caplog.text


def test_a_cancelled_turn_is_written_whole_or_not_at_all_and_the_next_goes_on(store: AppendingStore) -> None:
    async def asked() -> None:
        waiting = asyncio.create_task(say(store, "a", turn("一")))
        await asyncio.sleep(0)
        waiting.cancel()
        await say(store, "a", turn("二"))
        said = await texts(store, "a")
        assert said in (["二"], ["一", "二"]) and len((await store.retrieve("a")).events) == 4 * len(said)

    run(asked())


def test_a_store_outlives_its_event_loop(file_store: SqliteTrackerStore) -> None:
    run(say(file_store, "a", turn("一")))
    run(say(file_store, "a", turn("二")))
    file_store.close()
    assert run(texts(ours(file_store.path.parent), "a")) == ["一", "二"]


def test_closing_writes_what_waits_and_leaves_one_file(tmp_path: Path) -> None:
    store = ours(tmp_path)
    run(say(store, "a", turn("一")))
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["conversations.db"]


def test_a_session_in_the_middle_of_what_is_saved_begins_there(store: AppendingStore) -> None:
    async def asked() -> None:
        await store.save(tracker_of("a", [*session_start(), *turn("一"), *session_start(), *turn("二")]))
        found = await store.retrieve("a")
        assert [event["event"] for event in dicts(found.events)][:2] == ["action", "session_started"] and await texts(store, "a", whole=False) == ["二"]

    run(asked())
    assert [(row.count, begins) for row, begins in as_rows([*session_start(), *turn("一"), *turn("二"), *session_start()])] == [(7, True), (4, False), (3, True)]
    assert [(row.count, begins) for row, begins in as_rows([*turn("一"), SessionStarted(), SessionStarted()])] == [(4, False), (1, True), (1, True)]
