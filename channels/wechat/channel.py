"""The WeChat channel: its settings, its address, and what it is made of."""
from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from channels import live
from channels.memory import Memory, ProcessMemory
from channels.redis_memory import RedisMemory
from channels.trace import trace
from channels.turn import OnNewMessage
from channels.wechat.api import Api
from channels.wechat.calls import Waits
from channels.wechat.codec import BadRequest, Codec
from channels.wechat.delivery import Delivery
from channels.wechat.gate import Admitted, Gate
from channels.wechat.jobs import Decision, Exchanges
from channels.wechat.order import Holds
from channels.wechat.outbox import Outbox
from channels.wechat.quota import Quota
from channels.wechat.reception import Reception
from channels.wechat.settings import Settings, read_settings
from channels.wechat.strategy import Strategy
from channels.wechat.taps import Taps
from channels.wechat.tasks import Tasks
from channels.wechat.turns import CHANNEL, Turns, Wording
from telemetry.metrics import watch_counter, watch_gauge

logger = logging.getLogger(__name__)

SUCCESS = "success"
WORKERS_VARIABLE = "SANIC_WORKERS"


class WeChatInput(InputChannel):
    """GET and POST /webhooks/wechat/, as 公众平台 → 服务器配置 calls them. Settings: docs/wechat.md. Without any, the address answers 404.

    `waits`: those of the calls to the platform, for tests.
    """

    @classmethod
    def name(cls) -> str:
        """The key in credentials.yml; the address is /webhooks/wechat."""
        return CHANNEL

    def __init__(self, settings: Settings | None = None, waits: Waits | None = None) -> None:
        self.settings = settings or Settings()
        self.counts: Counter[str] = Counter()  # refused requests, by code
        self._happened: Counter[str] = Counter()
        self._waits = waits

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> WeChatInput:
        """Raises ValueError when the settings are wrong. Rasa hides some kinds of errors raised here, so the log says it too."""
        try:
            settings = read_settings(credentials, os.environ)
            check_workers(settings)
        except ValueError as error:
            logger.error("%s", error)
            raise
        return cls(settings)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Without settings every request is answered with 404."""
        blueprint = Blueprint("wechat")
        if not self.settings.is_on:
            logger.info("the WeChat channel is off: no settings")

            @blueprint.route("/", methods=["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
            async def off(request: Request) -> HTTPResponse:
                return text("not configured\n", status=404)

            return blueprint
        self._serve(blueprint, on_new_message)
        return blueprint

    def _serve(self, blueprint: Blueprint, on_new_message: OnNewMessage) -> None:
        settings = self.settings
        codec = Codec(settings.token, settings.app_id, settings.aes_key or None, settings.previous_aes_key)
        gate = Gate(settings, codec)
        reception, close = self._parts(on_new_message, lambda: blueprint.ctx.app.ctx.agent)
        end_news = live.subscribe(reception.news)

        @blueprint.get("/")
        async def verify(request: Request) -> HTTPResponse:
            try:
                return text(gate.verify(request))
            except BadRequest as refused:
                return self._refuse(refused)

        @blueprint.post("/")
        async def receive(request: Request) -> HTTPResponse:
            try:
                admitted = gate.admit(request)
            except BadRequest as refused:
                return self._refuse(refused)
            try:
                body = seal(gate, codec, admitted, await reception.answer(admitted.inbound))
            except Exception as error:  # noqa: BLE001 - once verified, WeChat never sees anything but a reply or success
                logger.error("request not answered: error=%s", trace(error))
                return text(SUCCESS)
            return text(body) if body == SUCCESS else HTTPResponse(body, content_type="application/xml; charset=utf-8")

        @blueprint.listener("before_server_start")
        async def remember(app: Sanic, loop: object) -> None:
            blueprint.ctx.app = app

        @blueprint.listener("before_server_stop")
        async def finish(app: Sanic, loop: object) -> None:
            end_news()
            if not await reception.drain(settings.timing.drain_seconds):
                logger.error("stopped with conversations waiting: count=%d", len(reception.lines))
            await close()

    def _parts(self, on_new_message: OnNewMessage, agent: Callable[[], Any]) -> tuple[Reception, Callable[[], Awaitable[None]]]:
        """What the channel is made of, and what closes it."""
        settings, timing = self.settings, self.settings.timing
        memory: Memory = RedisMemory(settings.redis_url, CHANNEL) if settings.redis_url else ProcessMemory()
        api = Api(settings, memory, waits=self._waits)
        taps, quota, outbox, tasks = Taps(memory, timing.tap_seconds), Quota(memory), Outbox(memory, timing), Tasks()
        delivery = Delivery(api, quota, outbox, taps, timing.outcome_seconds)
        holds = Holds(memory, timing.lock_seconds)
        exchanges = Exchanges(memory, holds, timing, settings.replay_seconds)
        wording = Wording(settings, memory, taps, outbox)
        strategy = Strategy(settings, memory, exchanges, Turns(on_new_message, agent, memory), wording, delivery, outbox, taps, tasks, self._happened)
        reception = Reception(settings, memory, strategy, outbox, taps, quota, holds, exchanges, tasks, self._happened)
        watch_counter("zaofatong_wechat_calls", "Calls to the WeChat platform by result.", "call", lambda: api.counts)
        watch_counter("zaofatong_wechat_messages", "WeChat messages by what became of them.", "what", lambda: {**self._happened, **delivery.counts})
        watch_counter("zaofatong_wechat_refused", "Requests that were not WeChat's, by reason.", "reason", lambda: self.counts)
        watch_gauge("zaofatong_wechat_lines", "WeChat conversations that are being answered.", lambda: len(reception.lines))

        async def close() -> None:
            await api.close()
            await memory.close()

        return reception, close

    def _refuse(self, refused: BadRequest) -> HTTPResponse:
        self.counts[refused.code] += 1
        logger.warning("request refused: status=%d code=%s", refused.status, refused.code)
        return text(refused.body, status=refused.status)


def seal(gate: Gate, codec: Codec, admitted: Admitted, decision: Decision) -> str:
    """The body that says the decision to WeChat."""
    if decision.kind == "nothing":
        return SUCCESS
    xml = codec.transfer_reply(admitted.inbound) if decision.kind == "transfer" else codec.text_reply(admitted.inbound, decision.text)
    return gate.seal(admitted, xml)


def check_workers(settings: Settings) -> None:
    """Raises ValueError when several processes would not know of each other."""
    workers = os.environ.get(WORKERS_VARIABLE, "1")
    if settings.is_on and not settings.redis_url and workers.isdecimal() and int(workers) > 1:
        raise ValueError(f"channels.wechat: {WORKERS_VARIABLE}={workers}, but several processes need redis_url: each message would be answered several "
                         "times; set ZAOFATONG_WECHAT_REDIS_URL or run one process")
