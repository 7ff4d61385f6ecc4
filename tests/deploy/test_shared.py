"""Two processes behind nginx are one assistant: a conversation goes on wherever its next turn arrives."""
from __future__ import annotations

import asyncio

import pytest
import requests

from tests.channels.website_server import Client
from tests.deploy.city import City
from tests.deploy.visitor import Visitor, answers, questions

FEE, HOW_LONG = "申请法律援助要钱吗", "行政复议要多久"
pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore:Unverified HTTPS request")]


async def visit(address: str, token: str | None = None) -> Client:
    client = Client(address)
    client.socket.eio.ssl_verify = False
    await client.connect(token)
    return client


def test_the_page_goes_on_in_the_other_process(city: City) -> None:
    one, two = (process.address for process in city.processes)
    visitor = Visitor(city.address)
    visitor.open()
    first = visitor.say(FEE, one)
    assert questions(first) == [FEE] and "不要钱" in answers(first)[-1]
    second = visitor.say(HOW_LONG, two)
    assert questions(second) == [FEE, HOW_LONG] and len(answers(second)) == 2
    assert questions(visitor.open(one)) == [FEE, HOW_LONG] == questions(visitor.open(city.address))


def test_what_one_process_offers_is_tapped_and_typed_at_the_other(city: City) -> None:
    one, two = (process.address for process in city.processes)
    for how, field in (("/legal_aid_materials", "tap"), ("1", "message")):
        visitor = Visitor(one)
        page = visitor.open(one)
        offered = [part.split('"')[0] for part in page.split('name="tap" value="')[1:]]
        answered = visitor.say(offered[0] if field == "tap" else how, two, field)
        assert offered and answers(answered) and "／" not in "".join(questions(answered))
        assert questions(answered)[-1] not in (offered[0], "1")  # shown as the button's title


def test_a_reply_reaches_the_widget_at_the_other_process_and_through_nginx(city: City) -> None:
    async def steps() -> None:
        one, two = [await visit(process.address) if number == 0 else None for number, process in enumerate(city.processes)]
        two = await visit(city.processes[1].address, one.token)
        through = await visit(city.address, one.token)
        await asyncio.sleep(0.3)  # until the rooms are known
        reply = await one.ask(FEE, "m-1")
        assert "不要钱" in reply["text"]
        for other in (two, through):
            await other.until(lambda other=other: "m-1.1" in other.replies)
            assert other.replies["m-1.1"] == reply
            assert await other.say(FEE, "m-1") == {"ok": True, "dup": True}
        assert "复议" in (await through.ask(HOW_LONG, "m-2"))["text"]
        await one.until(lambda: "m-2.1" in one.replies)
        later = await visit(city.processes[1].address, one.token)
        assert [entry["text"] for entry in later.history if entry["from"] == "me"] == [FEE, HOW_LONG]
        for client in (one, two, through, later):
            await client.socket.disconnect()

    asyncio.run(steps())


def test_polling_stays_with_one_process(city: City) -> None:
    async def steps() -> None:
        client = Client(city.address)
        client.socket.eio.ssl_verify = False
        await client.connect(transport="polling")
        for number in range(5):
            assert (await client.ask(FEE, f"p-{number}"))["answer"]["status"] == "answered"
        await client.socket.disconnect()

    asyncio.run(steps())


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/webhooks/rest/webhook", "/webhooks/rest/", "/status", "/model/parse", "/conversations/a/tracker", "/webhooks/text/"])
def test_what_is_not_for_residents_stays_inside(city: City, path: str) -> None:
    assert requests.get(city.address + path, verify=False, timeout=10).status_code == 404


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/model/parse", "/conversations/a/tracker"])
def test_the_processes_have_no_rest_channel_and_no_interface_of_rasa(city: City, path: str) -> None:
    assert {requests.request(method, process.address + path, timeout=10).status_code for process in city.processes for method in ("GET", "POST")} <= {404, 405}


def test_pages_keep_their_policy_and_get_what_nginx_adds(city: City) -> None:
    page, script = (requests.get(city.address + path, verify=False, timeout=10) for path in ("/", "/widget.js"))
    direct = requests.get(city.processes[0].address + "/", timeout=10)
    assert page.headers["Content-Security-Policy"] == direct.headers["Content-Security-Policy"] and "max-age" in page.headers["Strict-Transport-Security"]
    assert script.headers["Access-Control-Allow-Origin"] == "*" and "Content-Security-Policy" not in script.headers
    assert "nginx/" not in page.headers["Server"]
    plain = requests.get(city.nginx.plain_address + "/text", allow_redirects=False, timeout=10)
    assert plain.status_code == 301 and plain.headers["Location"].startswith("https://")
    text = requests.get(city.address + "/text", verify=False, timeout=10)
    assert "Secure" in text.headers["Set-Cookie"] and "HttpOnly" in text.headers["Set-Cookie"]
    assert requests.post(city.address + "/text", data="x" * 70_000, verify=False, timeout=10).status_code == 413


def test_a_visitor_cannot_choose_the_address_that_is_counted(city: City) -> None:
    log = city.nginx.folder / "zaofatong.log"
    requests.get(city.address + "/text?openid=secret", headers={"X-Forwarded-For": "1.2.3.4", "Referer": "https://secret"}, verify=False, timeout=10)
    assert "/text" in log.read_text() and "secret" not in log.read_text() and "1.2.3.4" not in log.read_text()


@pytest.mark.parametrize(("origin", "status"), [("own", 200), ("https://www.example.gov.cn", 200), ("https://evil.example.com", 400), ("http://www.example.gov.cn", 400)])
def test_only_the_pages_that_may_connect_through_nginx(city: City, origin: str, status: int) -> None:
    found = requests.get(f"{city.address}/website/socket.io/?EIO=4&transport=polling", headers={"Origin": city.address if origin == "own" else origin}, verify=False, timeout=10)
    assert found.status_code == status
