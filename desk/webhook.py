"""A desk reached by signed webhooks: one HTTP POST for each event, sent again when that may help."""
from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from urllib.parse import urlsplit

import aiohttp

from desk.interface import Handover
from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

logger = logging.getLogger(__name__)

VERSION = 1
LOCAL_HOSTS = ("localhost", "127.0.0.1")


def allowed_address(url: str) -> bool:
    """Say whether a desk may have this address: https anywhere, http only on this machine."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")  # fails for names that could not be resolved, here rather than at the first call
        parts.port  # noqa: B018 - fails when the port is no port number
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS))


class WebhookDesk:
    """Post events to `url`. `timeout` seconds for each of `attempts` attempts; `pause` before the second, doubled each time."""

    def __init__(self, url: str, secret: str, timeout: float = 2.0, attempts: int = 3, pause: float = 0.3) -> None:
        """Raises ValueError when the address is neither https nor on this machine."""
        if not allowed_address(url):
            raise ValueError("a desk's address must be https (http only to localhost or 127.0.0.1)")
        self._url = url
        self._secret = secret
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._attempts = attempts
        self._pause = pause

    async def open(self, handover: Handover) -> bool:
        """Event `opened` with the summary the resident has agreed to; False when the desk did not take it."""
        return await self._deliver("opened", handover.reference, {
            "reason": handover.reason, "summary": handover.summary, "channel": handover.channel,
            "opened_at": handover.opened_at.isoformat(),
        })

    async def message(self, reference: str, text: str) -> bool:
        """Event `message` with what the resident typed; False when the desk did not take it."""
        return await self._deliver("message", reference, {"text": text})

    async def close(self, reference: str) -> bool:
        """Event `closed`: the resident goes on with the assistant. False when the desk did not take it."""
        return await self._deliver("closed", reference, {})

    async def _deliver(self, event: str, reference: str, content: dict[str, str]) -> bool:
        """Send one event, again after a timeout, a broken connection, 429 or 5xx; the body with its id stays the same."""
        body = json.dumps({"v": VERSION, "id": str(uuid.uuid4()), "event": event, "reference": reference, **content,
                           "ts": int(time.time())}).encode()
        attempt, outcome = 0, "not tried"
        async with aiohttp.ClientSession(timeout=self._timeout) as session:
            for attempt in range(1, self._attempts + 1):
                if attempt > 1:
                    await asyncio.sleep(self._pause * 2 ** (attempt - 2))
                try:
                    status = await self._post(session, body)
                except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
                    outcome = type(error).__name__
                    continue
                if 200 <= status < 300:
                    return True
                outcome = str(status)
                if status != 429 and status < 500:
                    break
        logger.warning("desk not reached: event=%s attempt=%d outcome=%s", event, attempt, outcome)
        return False

    async def _post(self, session: aiohttp.ClientSession, body: bytes) -> int:
        """Post once and return the status. Redirects are not followed: they could lead anywhere."""
        timestamp = str(int(time.time()))
        headers = {"Content-Type": "application/json", TIMESTAMP_HEADER: timestamp,
                   SIGNATURE_HEADER: sign(self._secret, timestamp, body)}
        async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status
