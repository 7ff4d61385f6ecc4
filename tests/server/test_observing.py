"""Health, readiness and figures over HTTP."""
import asyncio
import os
from types import SimpleNamespace

import aiohttp
import pytest
from sanic import Sanic

from server.observing import TOKEN_VARIABLE, add_observing
from tests.conftest import free_port


class Store:
    def __init__(self, broken=False):
        self.broken = broken

    async def exists(self, conversation):
        if self.broken:
            raise OSError("disk")
        return False


def asked(agent, path, headers=None, monkeypatch=None):
    """Status and body of one request."""
    async def all_of_it():
        app = Sanic(f"observing-{free_port()}")
        add_observing(app)
        app.ctx.agent = agent
        port = free_port()
        server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
        await server.startup()
        try:
            async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}", headers=headers) as response:
                return response.status, await response.text()
        finally:
            server.close()
            await server.wait_closed()

    return asyncio.run(all_of_it())


@pytest.fixture(autouse=True)
def several_servers(monkeypatch):
    monkeypatch.setattr(Sanic, "test_mode", True)
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)


def agent(ready=True, broken=False):
    return SimpleNamespace(is_ready=lambda: ready, tracker_store=Store(broken))


def test_the_process_is_healthy_even_without_a_model():
    assert asked(None, "/health")[0] == 200


def test_ready_says_why_not():
    assert asked(agent(), "/ready") == (200, f'{{"ready":true,"problems":[],"pid":{os.getpid()}}}')
    status, body = asked(None, "/ready")
    assert status == 503 and "no model" in body
    assert asked(agent(ready=False), "/ready")[0] == 503
    status, body = asked(agent(broken=True), "/ready")
    assert status == 503 and "OSError" in body


def test_figures_are_for_this_machine_or_with_the_token(monkeypatch):
    status, body = asked(None, "/metrics")
    assert status == 200 and "zaofatong_turns" in body
    assert asked(None, "/metrics", {"X-Forwarded-For": "203.0.113.9"})[0] == 403
    assert asked(None, "/metrics", {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer "})[0] == 403
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    assert asked(None, "/metrics", {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer secret"})[0] == 200
    assert asked(None, "/metrics", {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer secres"})[0] == 403
