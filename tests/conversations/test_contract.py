"""One contract, four stores: Rasa's in memory, Rasa's with SQLite, ours in a file and ours in PostgreSQL give the same for the same turns."""
from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from rasa.core.tracker_store import TrackerStore, check_if_tracker_store_async
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.utils.common import all_subclasses

from conversations import AppendingStore
from tests.conversations.making import (
    DOMAIN,
    EVENTS,
    START,
    STORES,
    TURNS,
    close,
    dicts,
    everything,
    known,
    run,
    same,
    say,
    session_of,
    session_start,
    spread,
    texts,
    turn,
)
from tests.postgres import programs


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TrackerStore:
    return STORES[request.param](tmp_path)


def test_every_kind_of_event_is_made_here() -> None:
    here = {kind for kind in all_subclasses(Event) if kind.__module__ == "rasa.shared.core.events"}
    assert here == set(EVENTS)


def test_every_method_is_a_coroutine_as_rasa_wants(make: Callable[..., AppendingStore], tmp_path: Path) -> None:
    assert check_if_tracker_store_async(make(tmp_path))


def test_an_unknown_conversation_is_none(store: TrackerStore) -> None:
    async def asked() -> None:
        assert await store.retrieve("a") is None and await store.retrieve_full_tracker("a") is None
        assert not await store.exists("a") and list(await store.keys()) == []

    run(asked())


def test_turns_follow_one_another(store: TrackerStore) -> None:
    async def asked() -> None:
        await say(store, "a", [*session_start(), *turn("一", slots={"topic": "援助"})])
        await say(store, "b", [*session_start(), *turn("别人")])
        await say(store, "a", turn("二", answer="回答二"))
        tracker = await store.retrieve("a")
        assert await texts(store, "a") == ["一", "二"] and tracker.get_slot("topic") == "援助"
        assert tracker.latest_message.text == "二" and tracker.latest_bot_utterance.text == "回答二" and tracker.latest_action_name == "action_listen"
        assert await store.exists("a") and sorted(await store.keys()) == ["a", "b"]

    run(asked())


def test_a_new_session_is_read_alone_and_keeps_what_it_carries(store: TrackerStore) -> None:
    async def asked() -> None:
        await say(store, "a", [*session_start(), *turn("旧", slots={"topic": "旧", "place": "滕州"})])
        await say(store, "a", [*session_start(), SlotSet("place", "滕州"), *turn("新")])
        assert await texts(store, "a", whole=False) == ["新"] and await texts(store, "a") == ["旧", "新"]
        tracker = await store.retrieve("a")
        assert tracker.get_slot("topic") is None and tracker.get_slot("place") == "滕州"
        await say(store, "a", turn("再"))
        assert await texts(store, "a", whole=False) == ["新", "再"]

    run(asked())


def test_a_form_goes_on_in_the_next_turn(store: TrackerStore) -> None:
    async def asked() -> None:
        await say(store, "a", [*session_start(), *turn("算算"), ActiveLoop("form"), SlotSet("held", "哪天")])
        tracker = await store.retrieve("a")
        assert tracker.active_loop_name == "form" and tracker.active_loop.trigger_message["text"] == "算算" and tracker.get_slot("held") == "哪天"
        await say(store, "a", [ActiveLoop(None)])
        assert (await store.retrieve("a")).active_loop_name is None

    run(asked())


def test_created_trackers_listen_or_are_empty(store: TrackerStore) -> None:
    async def asked() -> None:
        assert [event.action_name for event in (await store.get_or_create_tracker("a")).events] == ["action_listen"]
        assert len((await store.get_or_create_tracker("b", append_action_listen=False)).events) == 0
        assert len((await store.get_or_create_full_tracker("a")).events) == 1

    run(asked())


def test_the_domain_may_come_later_and_change(store: TrackerStore) -> None:
    async def asked() -> None:
        await say(store, "a", turn("一", slots={"topic": "援助"}))
        store.domain = None
        assert "topic" not in (await store.retrieve("a")).slots
        store.domain = DOMAIN
        assert (await store.retrieve("a")).get_slot("topic") == "援助"

    run(asked())


class Broker:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[dict] = []

    def publish(self, event: dict) -> None:
        self.published.append(event)


@pytest.mark.parametrize("name", STORES)
def test_a_broker_gets_every_event_once(name: str, tmp_path: Path) -> None:
    async def asked() -> None:
        broker = Broker()
        store = STORES[name](tmp_path, event_broker=broker)
        for text in ("一", "二", "三"):
            await say(store, "a", turn(text))
        await store.save(await store.retrieve("a"))
        assert [event["text"] for event in broker.published if event["event"] == "user"] == ["一", "二", "三"]
        assert len(broker.published) == 12 and {event["sender_id"] for event in broker.published} == {"a"}

    run(asked())


def test_at_most_so_many_events_are_kept_in_a_tracker(store: TrackerStore) -> None:
    async def asked() -> None:
        await say(store, "a", [*turn("一"), *turn("二")])
        tracker = await store.get_or_create_tracker("a", max_event_history=2)
        is_rasas_sql = not isinstance(store, AppendingStore) and hasattr(store, "engine")
        assert len(tracker.events) == (8 if is_rasas_sql else 2)  # Rasa's SQL store takes no notice
        tracker.update(BotUttered("三"))
        await store.save(tracker)
        if isinstance(store, AppendingStore):  # the others forget or double here
            assert len((await store.retrieve_full_tracker("a")).events) == 2 and store.max_event_history == 2
            store.max_event_history = None
            assert [type(event).__name__ for event in (await store.retrieve_full_tracker("a")).events][-2:] == ["ActionExecuted", "BotUttered"]
            assert len((await store.retrieve_full_tracker("a")).events) == 9

    run(asked())


@settings(max_examples=60, deadline=None)
@given(turns=TURNS)
@example(turns=[(True, [UserUttered("\ud83d")]), (False, [SlotSet("topic", float("nan"))])])
def test_any_turns_are_kept_the_same(turns: list[tuple[bool, list[Event]]]) -> None:
    async def asked(folder: Path) -> None:
        stores = {name: make(folder) for name, make in STORES.items() if name != "postgres" or programs() is not None}
        for number, (is_new, events) in enumerate(turns):
            all_events = [*(session_start() if is_new else []), *events]
            for store in stores.values():
                await say(store, "a", spread(all_events, START + 60 * number))
            trackers = {name: await store.retrieve("a") for name, store in stores.items()}
            full = {name: dicts((await store.retrieve_full_tracker("a")).events) for name, store in stores.items()}
            assert same(session_of(trackers["ours"]), session_of(trackers["memory"]))
            if "postgres" in stores:
                assert same(full["postgres"], full["ours"]) and same(dicts(trackers["postgres"].events), dicts(trackers["ours"].events))
                assert same(everything(trackers["postgres"]), everything(trackers["ours"]))
            assert same(session_of(trackers["ours"]), dicts(trackers["rasa"].events)) and same(full["ours"], full["rasa"])
            assert same(full["ours"][-len(full["memory"]):], full["memory"])  # which forgets all but the last two sessions
            assert same(everything(trackers["ours"]), everything(trackers["rasa"])) and same(known(trackers["ours"]), known(trackers["memory"]))
        for store in stores.values():
            await close(store)

    with tempfile.TemporaryDirectory() as folder:
        run(asked(Path(folder)))
