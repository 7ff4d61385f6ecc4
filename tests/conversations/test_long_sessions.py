"""A session that goes on and on is read from its middle, with the same state as if it had been read whole."""
from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core import events as kinds
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from conversations import AppendingStore, sessions
from tests.conversations.making import (
    EVENTS,
    OURS,
    START,
    close,
    everything,
    rasas,
    run,
    same,
    say,
    session_start,
    spread,
    texts,
    turn,
)
from tests.postgres import programs

Make = Callable[..., AppendingStore]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "LONGEST", 20)
    monkeypatch.setattr(sessions, "KEPT", 8)


def test_a_long_session_is_read_in_part_and_kept_whole(make: Make, tmp_path: Path) -> None:
    async def asked() -> None:
        store, longest = make(tmp_path), 0
        await say(store, "a", [*session_start(), *turn("0", slots={"topic": "援助"})])
        for number in range(1, 120):
            tracker = await say(store, "a", turn(str(number), slots={"place": f"第{number}处"} if number % 7 == 0 else None))
            longest = max(longest, len(tracker.events))
            assert tracker.get_slot("topic") == "援助"
        assert longest <= sessions.LONGEST + 5
        tracker, full = await store.retrieve("a"), await store.retrieve_full_tracker("a")
        assert isinstance(tracker.events[0], SessionStarted) and tracker.get_slot("place") == "第119处" and tracker.latest_message.text == "119"
        assert len(tracker.events) < 205 and await texts(store, "a") == [str(number) for number in range(120)] and len(full.events) > 480
        assert (await texts(store, "a", whole=False))[-20:] == [str(number) for number in range(100, 120)]

    run(asked())


def test_a_long_session_that_was_saved_at_once_is_cut_too(make: Make, tmp_path: Path) -> None:
    async def asked() -> None:
        store = make(tmp_path)
        await say(store, "a", [*session_start(), *(event for number in range(150) for event in turn(str(number)))])
        await say(store, "a", turn("150"))
        assert len((await store.retrieve("a")).events) < 120 and len(await texts(store, "a")) == 151

    run(asked())


def test_a_new_session_forgets_what_was_carried(make: Make, tmp_path: Path, short: None) -> None:
    async def asked() -> None:
        store = make(tmp_path)
        for number in range(12):
            await say(store, "a", [*(session_start() if not number else []), *turn(str(number), slots={"topic": number})])
        assert (await store.retrieve("a")).get_slot("topic") == 11 and len((await store.retrieve("a")).events) < 30
        await say(store, "a", [*session_start(), *turn("新")])
        tracker = await store.retrieve("a")
        assert tracker.get_slot("topic") is None and await texts(store, "a", whole=False) == ["新"] and len(await texts(store, "a")) == 13
        assert len(tracker.events) == 7

    run(asked())


def test_a_form_that_never_ends_is_cut_with_the_message_that_began_it(make: Make, tmp_path: Path, short: None) -> None:
    async def asked() -> None:
        store = make(tmp_path)
        await say(store, "a", [*session_start(), *turn("你好"), UserUttered("算算"), ActiveLoop("form"), SlotSet("held", "哪天"), ActionExecuted("action_listen")])
        for number in range(30):
            tracker = await say(store, "a", [UserUttered(f"不知道{number}"), ActionExecutionRejected("form"), *turn("别的")[1:]])
            assert tracker.active_loop_name == "form" and tracker.active_loop.trigger_message["text"] == "算算" and tracker.get_slot("held") == "哪天"
            assert len(tracker.events) < 40
        assert len(await texts(store, "a")) == 32

    run(asked())


def test_a_paused_conversation_stays_paused(make: Make, tmp_path: Path, short: None) -> None:
    async def asked() -> None:
        store = make(tmp_path)
        await say(store, "a", [*session_start(), ConversationPaused()])
        for number in range(12):
            tracker = await say(store, "a", turn(str(number)))
        assert tracker.is_paused() and (await store.retrieve("a")).is_paused() and len(tracker.events) < 30

    run(asked())


def test_what_no_cut_can_keep_is_not_cut(make: Make, tmp_path: Path, short: None) -> None:
    async def asked() -> None:
        store = make(tmp_path)
        await say(store, "a", [*session_start(), *turn("0", answer="最后说的话")])
        for number in range(12):
            await say(store, "a", [UserUttered(str(number)), ActionExecuted("action_answer"), ActionExecuted("action_listen")])
        assert (await store.retrieve("a")).latest_bot_utterance.text == "最后说的话"

    run(asked())


def test_another_process_that_began_a_session_is_not_cut_back(make: Make, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async def asked() -> None:
        here, there = make(tmp_path), make(tmp_path)
        for number in range(5):
            await say(here, "a", [*(session_start() if not number else []), *turn(str(number))])
        late = await here.retrieve("a")
        request.getfixturevalue("short")  # now it is so long that its next turn will cut it
        await say(there, "a", [*session_start(), *turn("新")])
        for event in turn("迟"):
            late.update(event)
        await here.save(late)
        assert await texts(here, "a", whole=False) == ["新", "迟"] and await texts(here, "a") == ["0", "1", "2", "3", "4", "新", "迟"]

    run(asked())


# What is taken back may reach behind the cut when only a few events are kept, as here; in earnest a hundred are.
TAKING_BACK = (kinds.UserUtteranceReverted, kinds.ActionReverted)
LISTENED = st.lists(st.one_of([made for kind, made in EVENTS.items() if kind not in TAKING_BACK]), max_size=5)


@settings(max_examples=60, deadline=None)
@given(turns=st.lists(LISTENED, min_size=6, max_size=14))
def test_cut_or_whole_the_state_is_the_same(turns: list[list[Event]]) -> None:
    async def asked(folder: Path) -> None:
        whole, stores = rasas(folder), [make(folder) for name, make in OURS.items() if name != "postgres" or programs() is not None]
        for number, events in enumerate(turns):
            for store in (*stores, whole):
                await say(store, "a", spread([*(session_start() if not number else []), *turn(f"{number}"), *events, ActionExecuted("action_listen")], START + 60 * number))
            other = await whole.retrieve("a")
            for cut in stores:
                one = await cut.retrieve("a")
                assert same(everything(one), everything(other))
                assert same([event.as_dict() for event in one.events][-6:], [event.as_dict() for event in other.events][-6:])
        for cut in stores:
            assert len((await cut.retrieve_full_tracker("a")).events) == len((await whole.retrieve_full_tracker("a")).events)
            await close(cut)

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "LONGEST", 16)
        patch.setattr(sessions, "KEPT", 6)
        run(asked(Path(folder)))
