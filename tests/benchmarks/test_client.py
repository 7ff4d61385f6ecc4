"""What the client sends and counts, with a post that answers as told; no server."""
from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.client import Client, Job
from benchmarks.replies import SILENT, message_for, payloads_of, status_of
from benchmarks.traffic import Step, write_conversations

BUTTONS = [{"title": "要钱吗", "payload": "/fee"}, {"title": "网站", "url": "https://example.org"}, {"title": "材料", "payload": "/materials"}]
OURS = [{"text": "不要钱", "buttons": BUTTONS, "custom": {"answer": {"status": "answered"}}}]
STOCK = [{"text": "不要钱", "buttons": BUTTONS}, {"custom": {"answer": {"status": "answered"}}}]


class Sent:
    """Notes (address, sender, message) and answers what `answer` says; it may raise."""

    def __init__(self, answer: Callable[[str], tuple[int, Any]]) -> None:
        self._answer, self.all = answer, []

    async def post(self, address: str, body: bytes) -> tuple[int, bytes]:
        told = json.loads(body)
        self.all.append((address, told["sender"], told["message"]))
        status, replies = self._answer(told["message"])
        return status, json.dumps(replies).encode()


def client_for(tmp_path: Path, steps: list[list[Step]], answer: Callable[[str], tuple[int, Any]] = lambda said: (200, OURS), **job: Any) -> Client:
    traffic = tmp_path / "traffic.jsonl"
    write_conversations(traffic, [tuple(some) for some in steps])
    return Client(Job(**{"name": "test", "addresses": ["http://a", "http://b"], "traffic": str(traffic), "out": "", "turns": 10**6, "limit": 30.0, **job}), Sent(answer).post)


def sent_by(client: Client) -> list[tuple[str, str, str]]:
    return client._post.__self__.all


def plain(*texts: str) -> list[Step]:
    return [Step("question", text) for text in texts]


@pytest.mark.parametrize("replies", [OURS, STOCK])
def test_replies_of_both_sides(replies: list[dict[str, Any]]):
    assert status_of(replies) == "answered"
    assert payloads_of(replies) == ["/fee", "/materials"]


def test_silence():
    assert status_of([]) == status_of([{"custom": {"answer": {"status": "answered"}}}]) == SILENT
    assert status_of([{"text": "好"}]) == "plain text"


@pytest.mark.parametrize(("tap", "offered", "expected"), [(-1, ["/a"], ("说", False)), (0, ["/a", "/b"], ("/a", False)), (5, ["/a", "/b"], ("/b", False)), (1, [], ("说", True))])
def test_taps(tap: int, offered: list[str], expected: tuple[str, bool]):
    assert message_for({"say": "说", "tap": tap}, offered) == expected


def test_a_conversation_stays_at_one_process_and_in_order(tmp_path: Path):
    client = client_for(tmp_path, [plain("a1", "a2"), plain("b1"), plain("c1", "c2")], senders=1)
    asyncio.run(client.closed())
    assert sent_by(client) == [("http://a/webhooks/rest/webhook", "test-0", "a1"), ("http://a/webhooks/rest/webhook", "test-0", "a2"),
                                   ("http://b/webhooks/rest/webhook", "test-1", "b1"),
                                   ("http://a/webhooks/rest/webhook", "test-2", "c1"), ("http://a/webhooks/rest/webhook", "test-2", "c2")]
    assert client.seen.statuses == {"answered": 5}
    assert client.seen.errors == {"traffic used up": 1}


def test_taps_send_what_the_latest_answer_offered(tmp_path: Path):
    client = client_for(tmp_path, [[Step("question", "问"), Step("tap", "不用", tap=1)]], senders=1)
    asyncio.run(client.closed())
    assert [said for _, _, said in sent_by(client)] == ["问", "/materials"]


def test_a_tap_without_buttons_is_typed_and_counted(tmp_path: Path):
    client = client_for(tmp_path, [[Step("tap", "改问", tap=0)]], senders=1)
    asyncio.run(client.closed())
    assert sent_by(client)[0][2] == "改问" and client.seen.taps_typed == 1


def test_it_stops_when_enough_was_sent(tmp_path: Path):
    client = client_for(tmp_path, [plain("a", "b", "c"), plain("d")], senders=1, turns=2)
    asyncio.run(client.closed())
    assert len(sent_by(client)) == 2 and not client.seen.errors


def test_the_first_line_can_be_chosen(tmp_path: Path):
    client = client_for(tmp_path, [plain("a"), plain("b"), plain("c")], senders=1, turns=1, first=2)
    asyncio.run(client.closed())
    assert [said for _, _, said in sent_by(client)] == ["c"]


def test_errors_are_counted_and_named(tmp_path: Path):
    answers = {"静": (200, []), "坏": (500, None), "错": (200, [{"text": "没答上", "custom": {"answer": {"status": "failed"}}}]), "好": (200, OURS)}
    client = client_for(tmp_path, [plain("静", "坏", "错", "好")], lambda said: answers[said], senders=1, turns=4)
    asyncio.run(client.closed())
    assert client.seen.errors == {"silent": 1, "HTTP 500": 1, "failed": 1}
    assert client.seen.problems == ["silent: 静", "HTTP 500: 坏", "failed: 错"]
    assert client.seen.statuses == {"silent": 1, "failed": 1, "answered": 1}


def test_a_timeout_counts_among_the_times(tmp_path: Path):
    def never(said: str) -> tuple[int, Any]:
        raise TimeoutError

    client = client_for(tmp_path, [plain("a")], never, senders=1, turns=1)
    asyncio.run(client.closed())
    assert client.seen.errors == {"timeout": 1} and len(client.seen.milliseconds) == 1 and not client.seen.statuses


def test_texts_sent_before_are_counted(tmp_path: Path):
    client = client_for(tmp_path, [plain("你好", "问"), plain("你好")], senders=1, turns=3)
    asyncio.run(client.closed())
    assert client.seen.said_before == 1


def test_a_turn_counts_from_when_it_was_due(tmp_path: Path):
    """Coordinated omission: a turn that could only be sent late has waited that long."""
    client = client_for(tmp_path, [plain("a")])
    asyncio.run(client.turn(client.next_talk(), due=time.perf_counter() - 5))
    assert client.seen.milliseconds[0] >= 5000 and client.seen.late[0] >= 5000


@pytest.mark.parametrize("even", [True, False])
def test_open_runs_send_what_is_due(tmp_path: Path, even: bool):
    client = client_for(tmp_path, [plain(f"问{number}") for number in range(40)], turns=30, rate=2000.0, even=even)
    asyncio.run(client.open())
    assert len(sent_by(client)) == 30 == len(client.seen.milliseconds) == len(client.seen.late)
    assert not client.seen.errors


def test_what_is_counted_can_be_written(tmp_path: Path):
    client = client_for(tmp_path, [plain("a")], senders=1, turns=1)
    asyncio.run(client.closed())
    assert json.loads(json.dumps(vars(client.seen)))["statuses"] == {"answered": 1}
