"""The REST channel for local development and tests: Rasa's address and format, with messages made harmless first."""
from __future__ import annotations

import json

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from channels.incoming import IssuedPayloads
from channels.turn import OnNewMessage, collect_turn

DEFAULT_SENDER = "default"
MAX_SENDER_CHARACTERS = 128


class SafeRestInput(InputChannel):
    """POST /webhooks/rest/webhook {"sender", "message"} → a list with one reply {"recipient_id", "text", "buttons", "custom"}."""

    @classmethod
    def name(cls) -> str:
        """Rasa's own name of this channel, so that its address stays /webhooks/rest/webhook."""
        return "rest"

    def __init__(self) -> None:
        self._issued = IssuedPayloads()

    @classmethod
    def from_credentials(cls, credentials: dict | None) -> SafeRestInput:
        """Called by Rasa; there is nothing to set."""
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """GET / for health, POST /webhook as Rasa has it; a bad body is answered with 400 and its problem."""
        blueprint = Blueprint("safe_rest")

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = json.loads(request.body or b"{}")
            except (ValueError, RecursionError):
                return json_response({"error": "the body must be JSON such as {\"sender\": \"a\", \"message\": \"你好\"}"}, status=400)
            if not isinstance(body, dict):
                return json_response({"error": "the body must be a JSON object"}, status=400)
            sender = "".join(c for c in str(body.get("sender") or DEFAULT_SENDER) if c.isprintable())[:MAX_SENDER_CHARACTERS]
            return json_response(await collect_turn(on_new_message, body.get("message"), sender, self.name(), self._issued,
                                                    request.app.ctx.agent))

        return blueprint
