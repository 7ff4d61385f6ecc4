"""What a proxy, a supervisor and Prometheus ask: /health, /ready, /metrics."""
from __future__ import annotations

import hmac
import ipaddress
import os
import shutil
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw, text

from conversations.settings import ROOT, file_of, tracker_endpoint
from telemetry.metrics import CONTENT_TYPE, exposition, watch_gauge

TOKEN_VARIABLE = "ZAOFATONG_METRICS_TOKEN"
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def is_near(request: Request) -> bool:
    """Whether the request comes from this machine itself, not through a proxy on it."""
    try:
        return ipaddress.ip_address(request.ip).is_loopback and not any(header in request.headers for header in FORWARDED)
    except ValueError:
        return False


def may_read(request: Request) -> bool:
    """Whether the request may read the figures: from this machine, or with the token of ZAOFATONG_METRICS_TOKEN."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return is_near(request) or bool(token) and hmac.compare_digest(given.encode(), token.encode())


async def problems(agent: Any) -> list[str]:
    """Why the process cannot answer residents; empty when it can."""
    if agent is None or not agent.is_ready():
        return ["no model is loaded"]
    try:
        await agent.tracker_store.exists("readiness")
    except Exception as error:  # noqa: BLE001 - whatever the store raises, the answer is that it is not ready
        return [f"the tracker store does not answer: {type(error).__name__}"]
    return []


def free_bytes() -> int:
    """Of the disk the conversations are on (of the project's, when they are in a database); -1 when it cannot be asked."""
    store = tracker_endpoint()
    try:
        return shutil.disk_usage((file_of(store) if store is not None else ROOT).parent).free
    except OSError:
        return -1


def add_observing(app: Sanic) -> None:
    """Add the three routes. /health: the process runs. /ready: it can answer residents (200) or why not (503)."""
    watch_gauge("zaofatong_disk_free_bytes", "Space left where conversations are kept, for the server's user; -1 when it cannot be told.", free_bytes)

    @app.get("/health")
    async def health(request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @app.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        found = ["the process is leaving"] if getattr(app.ctx, "is_leaving", False) else await problems(getattr(app.ctx, "agent", None))
        return json({"ready": not found, "problems": found, "pid": os.getpid()}, status=503 if found else 200)

    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        return raw(exposition(), content_type=CONTENT_TYPE) if may_read(request) else text("not for you\n", status=403)
