"""What is purged, what is deleted for good, and that the server goes on meanwhile."""
from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import AppendingStore, SqliteTrackerStore, StoreProblem, retention, rows, schema, upkeep
from conversations.retention import DAY, Purged, purge_daily
from tests.conversations.making import ours, run, say, session_start, spread, texts, turn


@pytest.fixture
def file_store(tmp_path: Path) -> SqliteTrackerStore:
    return ours(tmp_path)


def days_ago(days: float) -> float:
    return time.time() - days * DAY


async def talked(store: AppendingStore, conversation: str, *days: float) -> None:
    """One session of one turn so many days ago, each."""
    for ago in days:
        await say(store, conversation, spread([*session_start(), *turn(f"{ago:g}天前")], days_ago(ago)))


def test_old_conversations_go_and_others_stay(store: AppendingStore) -> None:
    async def asked() -> None:
        await talked(store, "over", 40, 31)
        await talked(store, "recent", 29)
        await talked(store, "today", 0)
        assert await store.purge(30) == Purged(1, 14)
        assert list(await store.keys()) == ["recent", "today"] and await store.retrieve("over") is None
        assert await store.purge(30) == Purged(0, 0) and await store.purge(28) == Purged(1, 7)

    run(asked())


def test_of_a_conversation_in_use_the_old_sessions_go(store: AppendingStore) -> None:
    async def asked() -> None:
        await talked(store, "a", 50, 40, 20, 1)
        assert await store.purge(30) == Purged(0, 14)
        assert await texts(store, "a") == ["20天前", "1天前"] and await texts(store, "a", whole=False) == ["1天前"]
        await say(store, "a", turn("今天"))
        assert await texts(store, "a") == ["20天前", "1天前", "今天"]

    run(asked())


def test_the_latest_session_stays_whole_while_it_is_in_use(store: AppendingStore) -> None:
    async def asked() -> None:
        await say(store, "a", spread([*session_start(), *turn("四十天前", slots={"topic": "援助"})], days_ago(40)))
        await say(store, "a", spread(turn("昨天"), days_ago(1)))
        assert await store.purge(30) == Purged(0, 0)
        assert (await store.retrieve("a")).get_slot("topic") == "援助" and await texts(store, "a") == ["四十天前", "昨天"]

    run(asked())


def test_many_go_in_small_steps_between_which_turns_go_on(file_store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        for number in range(3 * retention.AT_ONCE + 1):
            await talked(file_store, f"old{number}", 31)
        steps, asked_again = [], file_store._writer.write

        async def counted(work, *rest, **more):
            result = await asked_again(work, *rest, **more)
            if isinstance(result, tuple) and isinstance(result[1], Purged):
                steps.append(result[1].conversations)
                await say(file_store, "new", turn(f"{len(steps)}"))
            return result

        file_store._writer.write = counted
        await asked_again(retention.empty_log, alone=True)
        size = file_store.path.stat().st_size
        assert await file_store.purge(30) == Purged(3 * retention.AT_ONCE + 1, 7 * (3 * retention.AT_ONCE + 1))
        assert steps == [retention.AT_ONCE] * 3 + [1] and await texts(file_store, "new") == ["1", "2", "3", "4"]
        assert file_store.path.stat().st_size < size / 3 and list(await file_store.keys()) == ["new"]

    run(asked())


def test_numbers_far_apart_are_all_looked_at(file_store: SqliteTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LOOKED_AT", 2)

    async def asked() -> None:
        for number in range(9):
            await talked(file_store, f"{number}", 31 if number in (0, 8) else 1)
        assert await file_store.purge(30) == Purged(2, 14)

    run(asked())


def test_a_number_is_never_given_twice(file_store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        await talked(file_store, "a", 1)
        await file_store.delete("a")
        await talked(file_store, "b", 1)
        with closing(schema.connect(file_store.path)) as connection:
            assert connection.execute("SELECT number FROM conversations").fetchall() == [(2,)]

    run(asked())


def test_events_that_come_late_make_no_conversation_old(store: AppendingStore) -> None:
    async def asked() -> None:
        await talked(store, "a", 1, 40)
        assert await store.purge(30) == Purged(0, 0)

    run(asked())


def test_events_of_the_future_do_not_keep_a_conversation_forever(file_store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        await say(file_store, "a", spread(turn("一"), time.time() + 1000 * DAY))
        with closing(schema.connect(file_store.path)) as connection:
            assert abs(connection.execute("SELECT last_at FROM conversations").fetchone()[0] - time.time()) < 60

    run(asked())


def words_on_disk(store: SqliteTrackerStore, words: str) -> bool:
    signs = (words.encode(), json.dumps(words).strip('"').encode())
    return any(sign in file.read_bytes() for file in store.path.parent.iterdir() for sign in signs)


def test_words_never_lie_in_a_page_that_rows_share(file_store: SqliteTrackerStore) -> None:
    """Rows are moved between those, and copies stay behind. https://sqlite.org/fileformat2.html, "B-tree Pages": they begin with 2, 5, 10 or 13."""
    async def asked() -> None:
        for number in range(0, 1500, 20):
            await say(file_store, f"{number % 3}", turn("秘" + "x" * number + "密", slots={"topic": number}))
        await file_store._writer.write(retention.empty_log, alone=True)

    run(asked())
    data = file_store.path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    pages = [data[place : place + size] for place in range(0, len(data), size)]
    shared = [page for number, page in enumerate(pages) if page[100 if number == 0 else 0] in (2, 5, 10, 13)]
    assert len(shared) > 10 and not any(sign.encode() in page for page in shared for sign in ("秘", "密", "topic"))
    assert "秘".encode() in data


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_was_deleted_is_nowhere_on_the_disk(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(seed)

    async def asked(store: SqliteTrackerStore) -> None:
        for number in range(chance.randint(5, 60)):  # conversations grow between one another, so that pages are split and filled again
            name = chance.choice("abcd")
            await say(store, name, turn(f"秘密{name}" * chance.choice([1, 30, 300, 2000]), slots={"topic": f"秘密{name}{number}"}))
        assert words_on_disk(store, "秘密")
        for name in "abcd":
            await store.delete(name)
            assert not words_on_disk(store, f"秘密{name}")

    store = ours(tmp_path_factory.mktemp("deleted"))
    run(asked(store))
    store.close()


def test_what_was_purged_is_nowhere_on_the_disk(file_store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        for number in range(20):
            await say(file_store, "old", spread(turn("秘密旧" * 40), days_ago(31)))
            await say(file_store, "new", turn(f"{number}"))
        await file_store.purge(30)
        assert not words_on_disk(file_store, "秘密旧") and len(await texts(file_store, "new")) == 20

    run(asked())


def test_purging_every_day_goes_on_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    class Failing:
        calls = 0

        async def purge(self, days: float) -> Purged:
            assert days == 7
            Failing.calls += 1
            if Failing.calls == 1:
                raise StoreProblem("conversations.db", "满了", "请看")
            return Purged()

    async def asked() -> None:
        task = asyncio.create_task(purge_daily(Failing(), days=7, seconds=0.01))
        while Failing.calls < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    run(asked())
    assert "conversations not purged: error=StoreProblem" in caplog.text


def test_after_everything_the_file_is_sound(file_store: SqliteTrackerStore) -> None:
    async def asked() -> None:
        for name in "abc":
            await talked(file_store, name, 50, 31, *([1] if name == "a" else []))
        await file_store.delete("b")
        await file_store.purge(30)
        await talked(file_store, "a", 0)

    run(asked())
    with closing(schema.connect(file_store.path)) as connection:
        assert list(upkeep.faults(connection)) == [] and rows.remove(connection, "b") == 0
