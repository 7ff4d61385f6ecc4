"""What only PostgreSQL can do to us: be away, come back, lose an answer, be the wrong one."""
from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import asyncpg
import pytest
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import SlotSet

from conversations import PostgresTrackerStore, StoreProblem, cli, database, postgres, settings, tables
from conversations.retention import AT_ONCE, DAY, Purged
from tests.conftest import free_port
from tests.conversations.making import DOMAIN, close, in_postgres, run, say, session_start, spread, texts, turn
from tests.postgres import Postgres
from tests.postgres import postgres as running_postgres


@pytest.fixture
def server() -> Postgres:
    return running_postgres()


@pytest.fixture
def store(tmp_path: Path) -> PostgresTrackerStore:
    return in_postgres(tmp_path)


def test_a_restart_is_waited_for_and_everything_stays(store: PostgresTrackerStore, server: Postgres) -> None:
    async def asked() -> None:
        await say(store, "a", turn("一"))
        server.stop()
        starting = asyncio.get_running_loop().run_in_executor(None, server.start)
        await say(store, "a", turn("二"))
        await starting
        assert await texts(store, "a") == ["一", "二"]

    run(asked())


def test_while_it_is_away_turns_fail_with_what_to_do_and_soon(store: PostgresTrackerStore, server: Postgres, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    tries = []
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.3)
    once = database.Database._once

    async def counted(self, work):
        tries.append(work)
        return await once(self, work)

    monkeypatch.setattr(database.Database, "_once", counted)

    async def asked() -> None:
        tracker = await say(store, "a", turn("一"))
        server.stop()
        try:
            with pytest.raises(StoreProblem, match=f"127.0.0.1:{server.port}/.*连不上数据库.*不用重启"):
                await store.retrieve("a")
            assert len(tries) > 3
            tries.clear()
            tracker.update(SlotSet("topic", "秘密"))
            for ask in (lambda: store.save(tracker), lambda: store.exists("a"), store.keys, store.purge, lambda: store.delete("a")):
                with pytest.raises(StoreProblem):
                    await ask()
            assert len(tries) == 5  # who comes later does not wait
        finally:
            server.start()
        await store.save(tracker)  # what was not stored is still known to be new
        assert (await store.retrieve("a")).get_slot("topic") == "秘密" and len((await store.retrieve("a")).events) == 5

    run(asked())
    assert caplog.text.count("conversations are away") == 1 and caplog.text.count("conversations are back") == 1 and "秘密" not in caplog.text


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("is_stored", [True, False])
def test_a_connection_lost_before_the_answer_stores_the_turn_once(store: PostgresTrackerStore, monkeypatch: pytest.MonkeyPatch, is_first: bool, is_stored: bool) -> None:
    """Whether the commit was done cannot be told from a broken connection."""
    once, broken = database.Database._once, []

    async def breaking(self, work):
        if broken and not is_stored and len(broken) == 1:
            broken.append(2)
            raise asyncpg.ConnectionDoesNotExistError("秘密")
        result = await once(self, work)
        if len(broken) == 1 and is_stored:
            broken.append(2)
            raise asyncpg.ConnectionDoesNotExistError("秘密")
        return result

    async def asked() -> None:
        if not is_first:
            await say(store, "a", [*session_start(), *turn("零")])
        tracker = await store.get_or_create_tracker("a", append_action_listen=False)
        for event in [*turn("一"), *turn("二")]:
            tracker.update(event)
        monkeypatch.setattr(database.Database, "_once", breaking)
        broken.append(1)
        await store.save(tracker)
        assert len(broken) == 2
        for event in turn("三"):
            tracker.update(event)
        await store.save(tracker)
        assert await texts(store, "a") == [*([] if is_first else ["零"]), "一", "二", "三"]
        assert await store.faults() == []

    run(asked())


def test_a_statement_that_takes_too_long_is_ended(store: PostgresTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 1.0)

    async def asked() -> None:
        await say(store, "a", turn("一"))
        other = await asyncpg.connect(store.url)
        held = other.transaction()
        await held.start()
        await other.execute("LOCK TABLE conversations")
        started = time.monotonic()
        with pytest.raises(StoreProblem, match="太久没有回应"):
            await say(store, "a", turn("二"))
        assert time.monotonic() - started < 20
        await held.rollback()
        await other.close()
        await say(store, "a", turn("三"))
        assert await texts(store, "a") == ["一", "三"]

    run(asked())


def test_ten_processes_on_one_conversation_lose_and_double_nothing(tmp_path: Path) -> None:
    async def asked() -> None:
        stores = [in_postgres(tmp_path) for _ in range(10)]

        async def talk(number: int) -> None:
            for count in range(5):
                await say(stores[number], "a", turn(f"{number}-{count}"))

        await asyncio.gather(*map(talk, range(10)))
        said = await texts(stores[0], "a")
        assert sorted(said) == sorted(f"{number}-{count}" for number in range(10) for count in range(5))
        assert await stores[0].faults() == []
        for store in stores:
            await close(store)

    run(asked())


def test_many_old_conversations_go_in_steps(store: PostgresTrackerStore) -> None:
    async def asked() -> None:
        for number in range(2 * AT_ONCE + 1):
            await say(store, f"old{number}", spread([*session_start(), *turn("旧")], time.time() - 31 * DAY))
        await say(store, "new", turn("新"))
        assert await store.purge(30) == Purged(2 * AT_ONCE + 1, 7 * (2 * AT_ONCE + 1)) and list(await store.keys()) == ["new"]

    run(asked())


def test_two_processes_may_purge_at_once(tmp_path: Path) -> None:
    async def asked() -> None:
        stores = [in_postgres(tmp_path) for _ in range(2)]
        for number in range(AT_ONCE):
            await say(stores[0], f"{number}", spread(turn("旧"), time.time() - 31 * DAY))
        done = await asyncio.gather(*(store.purge(30) for store in stores))
        assert sum(purged.conversations for purged in done) == AT_ONCE and list(await stores[0].keys()) == []

    run(asked())


def test_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    async def asked() -> None:
        stores = [in_postgres(tmp_path) for _ in range(6)]
        assert await asyncio.gather(*(store.exists("a") for store in stores)) == [False] * 6

    run(asked())


def test_tables_of_a_later_version_are_left_alone(store: PostgresTrackerStore, tmp_path: Path) -> None:
    async def asked() -> None:
        await store.exists("a")
        await store.database.run(lambda connection: connection.execute("UPDATE zaofatong_version SET version = 99"))
        with pytest.raises(StoreProblem, match="更新的版本"):
            await in_postgres(tmp_path).exists("a")

    run(asked())


@pytest.mark.parametrize("url", [None, "", "sqlite:///a.db", "postgresql://host", 5, "postgresql://user:geheim@host:5432/"])
def test_an_address_that_is_none_is_said_without_repeating_it(url: object) -> None:
    with pytest.raises(StoreProblem, match="ZAOFATONG_DATABASE_URL") as problem:
        PostgresTrackerStore(DOMAIN, host=url)
    assert "geheim" not in str(problem.value)


def test_settings_nobody_knows_are_said() -> None:
    for more in ({"dialect": "sqlite"}, {"pool_size": 0}, {"pool_size": "many"}):
        with pytest.raises(StoreProblem, match="不认得的设置"):
            PostgresTrackerStore(DOMAIN, host="postgresql://u@h/d", **more)


def test_what_is_wrong_is_said_before_the_server_starts(server: Postgres) -> None:
    for url, said in ((server.url("nowhere"), "没有这个数据库"), (f"postgresql://u:geheim@127.0.0.1:{free_port()}/d", "连不上数据库"),
                      (server.url("postgres").replace("zaofatong@", "somebody@"), "数据库")):
        with pytest.raises(StoreProblem, match=said) as problem:
            run(postgres.prepare(url))
        assert "geheim" not in str(problem.value)


@pytest.mark.parametrize("error", [asyncpg.PostgresError("秘密"), asyncpg.DataError("秘密"), OSError("秘密"), ValueError("秘密"), asyncpg.DiskFullError("秘密"), asyncio.TimeoutError("秘密")])
def test_an_error_is_explained_without_its_words(error: Exception) -> None:
    said = str(database.explain("postgresql://u:geheim@h:5433/d", error))
    assert said.startswith("h:5433/d：") and "秘密" not in said and "geheim" not in said


def test_rasa_makes_the_store_from_endpoints(store: PostgresTrackerStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAOFATONG_DATABASE_URL", store.url)
    (tmp_path / "endpoints.yml").write_text("tracker_store:\n  type: conversations.PostgresTrackerStore\n  url: ${ZAOFATONG_DATABASE_URL}\n  pool_size: 2\n")
    made = TrackerStore.create(settings.tracker_endpoint(tmp_path / "endpoints.yml"), domain=DOMAIN)
    run(say(made, "a", turn("一")))
    assert run(texts(store, "a")) == ["一"]


def test_the_command_has_the_same_rights(store: PostgresTrackerStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "endpoints.yml").write_text(f"tracker_store:\n  type: conversations.PostgresTrackerStore\n  url: {store.url}\n")
    monkeypatch.setattr(cli, "tracker_endpoint", lambda: settings.tracker_endpoint(tmp_path / "endpoints.yml"))

    def called(*words: str) -> tuple[int, str]:
        return cli.main(words), capsys.readouterr().out

    for name, days in (("old", 31), ("new", 1)):
        run(say(store, name, spread([*session_start(), *turn(f"说{name}")], time.time() - days * DAY)))
    code, out = called("export", "old")
    assert code == 0 and [event["text"] for event in json.loads(out)["events"] if event["event"] == "user"] == ["说old"]
    assert called("purge") == (0, "30 天以前的已经清掉：1 段对话，共 7 条。\n") and called("export", "old")[0] == 3
    assert called("check") == (0, "没有发现问题。\n")
    run(store.database.run(lambda connection: connection.execute("UPDATE conversations SET next = 99")))
    code, out = called("check")
    assert code == 1 and "latest session is not complete" in out
    assert called("delete", "new") == (0, "删好了，共 7 条。\n") and called("delete", "new") == (3, "没有这段对话。\n")
    for words in (("backup", "x.db"), ("restore", "x.db")):
        code, out = called(*words)
        assert code == 1 and "pg_dump" in out


def test_a_deleted_conversation_leaves_no_row(store: PostgresTrackerStore, server: Postgres) -> None:
    run(say(store, "a", turn("秘密")))
    assert run(store.delete("a")) == 4
    assert server.execute("SELECT count(*) FROM conversation_turns", store.url.rpartition("/")[2]) == [(0,)]


def test_every_statement_reads_by_an_index(store: PostgresTrackerStore) -> None:
    async def asked() -> list[str]:
        await store.exists("a")

        async def plan(connection: asyncpg.Connection) -> list[str]:
            await connection.execute("SET enable_seqscan = off")
            return [line for statement in (tables.READ_ALL, tables.READ_SESSION)
                    for (line,) in await connection.fetch("EXPLAIN " + statement.replace("$1", "'a'"))]

        return await store.database.run(plan)

    assert not any("Seq Scan" in line for line in run(asked()))
