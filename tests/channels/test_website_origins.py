"""Which pages may connect, over polling and over a raw WebSocket handshake; and whose address counts."""
import pytest
from sanic.compat import Header
from socketio.exceptions import ConnectionError as CannotConnect

from channels.website.visitors import Visitors, read_origin, site
from tests.channels.website_server import PATH, raw_handshake, run

GOOD = "https://www.example.gov.cn"
POLLING = f"{PATH}/?EIO=4&transport=polling"


@pytest.mark.usefixtures("own_key")
def test_foreign_pages_are_refused_while_shaking_hands():
    async def steps(server):
        port = server.address.rsplit(":", 1)[1]
        foreign = ["https://evil.example", "null", f"{GOOD}.evil.example", "http://www.example.gov.cn", f"{GOOD}:444", f"http://localhost:{port}",
                   "http://127.0.0.1", f"file://127.0.0.1:{port}", f"http://127.0.0.1:{port}@evil.example", "http://[", "garbage"]
        for origin in foreign:
            assert await raw_handshake(server.address, {"Origin": origin}) == 400, origin
            status, headers, _ = await server.get(POLLING, {"Origin": origin})
            assert status == 400 and "Access-Control-Allow-Origin" not in headers, origin
        assert await raw_handshake(server.address, {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}) == 400
        with pytest.raises(CannotConnect):
            await server.visit(origin="https://evil.example")
        with pytest.raises(CannotConnect):
            await server.visit(origin="https://evil.example", transport="polling")

    run(steps, origins=[GOOD])


@pytest.mark.usefixtures("own_key")
def test_listed_pages_and_those_of_the_same_host_may_connect():
    async def steps(server):
        for origin in (GOOD, server.address):
            assert await raw_handshake(server.address, {"Origin": origin}) == 101
            status, headers, _ = await server.get(POLLING, {"Origin": origin})
            assert status == 200 and headers["Access-Control-Allow-Origin"] == origin
            assert (await (await server.visit(origin=origin)).ask("你好"))["text"]
        assert await raw_handshake(server.address, {}) == 101

    run(steps, origins=[f"{GOOD}/"])


@pytest.mark.usefixtures("own_key")
def test_too_many_connections_from_one_address_are_refused():
    async def steps(server):
        for _ in range(8):
            await server.visit()
        with pytest.raises(CannotConnect):
            await server.visit()
        assert server.clients[-1].refusal == {"message": "rate", "data": {"retry_after": 8}}

    run(steps, address_messages_per_minute=2)


class Request:
    """What Visitors reads of a request."""

    def __init__(self, ip, *headers):
        self.ip = ip
        self.headers = Header(headers)


@pytest.mark.parametrize(("ip", "forwarded", "address"), [
    ("1.1.1.1", [], "1.1.1.1"),
    ("1.1.1.1", ["2.2.2.2"], "1.1.1.1"),
    ("10.0.0.1", ["2.2.2.2"], "2.2.2.2"),
    ("10.0.0.1", ["3.3.3.3, 2.2.2.2"], "2.2.2.2"),
    ("10.0.0.1", ["3.3.3.3, 2.2.2.2, 10.0.0.2"], "2.2.2.2"),
    ("10.0.0.1", ["3.3.3.3", "2.2.2.2"], "2.2.2.2"),
    ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
    ("10.0.0.1", [], "10.0.0.1"),
    ("10.0.0.1", ["2.2.2.2, nonsense"], "unknown"),
    ("", ["2.2.2.2"], "unknown"),
    ("2001:db8:1:2:3::4", [], "2001:db8:1:2::"),
    ("::ffff:1.1.1.1", [], "1.1.1.1"),
])
def test_the_address_behind_our_own_proxies(ip, forwarded, address):
    visitors = Visitors(trusted_proxies=["10.0.0.0/24"])
    assert visitors.address(Request(ip, *(("x-forwarded-for", line) for line in forwarded))) == address


def test_one_household_is_one_visitor():
    assert site("2001:db8:1:2:3::4") == site("2001:db8:1:2:ffff::1") != site("2001:db8:1:3::1")


def test_the_host_behind_our_own_proxy():
    visitors = Visitors(trusted_proxies=["10.0.0.1"])
    headers = (("host", "inside:5005"), ("x-forwarded-host", "Ask.example.gov.cn"))
    assert visitors.may_connect("https://ask.example.gov.cn", Request("10.0.0.1", *headers))
    assert not visitors.may_connect("https://ask.example.gov.cn", Request("10.0.0.2", *headers))
    assert not visitors.may_connect("https://", Request("10.0.0.1"))


@pytest.mark.parametrize("origin", ["*", "https://*.example.cn", "www.example.cn", "https://www.example.cn/page", "ftp://a", "https://", "", None, "https://a@b"])
def test_settings_name_origins_only(origin):
    with pytest.raises(ValueError, match="origins"):
        read_origin(origin)


def test_an_origin_is_read_as_browsers_write_it():
    assert read_origin(" HTTPS://WWW.Example.gov.cn:8443/ ") == "https://www.example.gov.cn:8443"
    with pytest.raises(ValueError):
        Visitors(trusted_proxies=["nonsense"])
