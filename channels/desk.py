"""What a live-agent desk sends back: /webhooks/desk/reply puts it into the conversation."""
from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.core.lock_store import LockError
from rasa.shared.core.events import BotUttered, Event, SlotSet
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from channels import live
from channels.envelope import ENVELOPE_ID, envelope
from channels.incoming import MAX_CHARACTERS, readable
from channels.turn import OnNewMessage
from desk.references import References
from desk.settings import load_secret
from desk.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, verify
from keys import load_key
from knowledge.answer import Answer, Status
from knowledge.conversation import reply_answer

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 32 * 1024
MAX_ID_CHARACTERS = 128
HANDOVER_SLOT = "handover"


class BadBody(ValueError):
    """The body is not what the contract says; the message says what is, and repeats nothing that was sent."""


@dataclass(frozen=True)
class DeskMessage:
    """The body of /webhooks/desk/reply (docs/desk.md). `reference` is the conversation's encrypted name, `event` "reply" or "closed"."""

    id: str
    reference: str
    event: str
    text: str


class SeenMessages:
    """The messages stored lately, so that one sent again is not stored twice: `capacity` of them, for `seconds` seconds.

    A signature is good for 300 seconds around its timestamp, so nothing older than 600 seconds can come again.
    """

    def __init__(self, seconds: float = 600.0, capacity: int = 10_000) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def add(self, conversation: str, message_id: str) -> None:
        """Remembered for the seconds given to the constructor, fewer when the capacity is reached; oldest go first."""
        self._until[conversation, message_id] = time.monotonic() + self._seconds
        self._until.move_to_end((conversation, message_id))
        while len(self._until) > self._capacity:
            self._until.popitem(last=False)

    def has(self, conversation: str, message_id: str) -> bool:
        """So that a message a desk sends a second time is not shown again."""
        return self._until.get((conversation, message_id), 0.0) > time.monotonic()


class DeskInput(InputChannel):
    """POST {"id", "reference", "event": "reply" | "closed", "text" (for a reply)}, signed as desk.signature says."""

    @classmethod
    def name(cls) -> str:
        """The key in credentials.yml; the address is /webhooks/desk."""
        return "desk"

    def __init__(self) -> None:
        """Raises ValueError when the desk's settings are wrong."""
        self._secret = load_secret()
        self._references = References(load_key())
        self._seen = SeenMessages()

    @classmethod
    def from_credentials(cls, credentials: dict | None) -> DeskInput:
        """Called by Rasa; its part of credentials.yml is empty, for the desk is set in the environment."""
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """POST /reply (docs/desk.md): 404 without a desk, 403 for a bad signature, 400 for a bad body, 410 for an old reference."""
        blueprint = Blueprint("desk")

        @blueprint.post("/reply")
        async def receive(request: Request) -> HTTPResponse:
            if self._secret is None:
                return refusal("no desk is configured", 404)
            if len(request.body) > MAX_BODY_BYTES:
                return refusal(f"the body must have at most {MAX_BODY_BYTES} bytes", 400)
            if not verify(self._secret, request.headers.get(TIMESTAMP_HEADER, ""), request.body,
                          request.headers.get(SIGNATURE_HEADER, ""), time.time()):
                logger.warning("desk message refused: bad or stale signature")
                return refusal("the signature is wrong or stale", 403)
            try:
                message = read_message(request.body)
            except BadBody as problem:
                return refusal(str(problem), 400)
            conversation = self._references.conversation(message.reference)
            if conversation is None:
                return refusal("the reference is unknown or too old", 410)
            try:
                return await self._store(request.app.ctx.agent, conversation, message)
            except LockError as error:
                logger.error("desk message not stored: event=%s error=%s", message.event, type(error).__name__)
                return refusal("the conversation is busy; send the same message again", 503)

        return blueprint

    async def _store(self, agent: Any, conversation: str, message: DeskMessage) -> HTTPResponse:
        """Put the message into the conversation, once; `agent` is Rasa's, or anything with its two stores."""
        said: list[BotUttered] = []
        async with agent.lock_store.lock(conversation):
            if not self._seen.has(conversation, message.id):
                events = events_for(message)
                tracker = await agent.tracker_store.retrieve(conversation)
                if tracker is None:
                    return refusal("the conversation is no longer kept", 410)
                for event in events:
                    tracker.update(event)
                await agent.tracker_store.save(tracker)
                self._seen.add(conversation, message.id)
                said = [event for event in events if isinstance(event, BotUttered)]
        for event in said:
            await live.notify(conversation, news(event))
        return json_response({"status": "ok"})


def refusal(problem: str, status: int) -> HTTPResponse:
    """The body names the problem and repeats nothing that was sent."""
    return json_response({"error": problem}, status=status)


def read_message(body: bytes) -> DeskMessage:
    """Return the message in a request's body, its text made readable. Raises BadBody."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBody('the body must be JSON such as {"id": "1", "reference": "…", "event": "reply", "text": "您好"}') from None
    if not isinstance(sent, dict):
        raise BadBody("the body must be a JSON object")
    message_id, reference, event, text = (sent.get(field) for field in ("id", "reference", "event", "text"))
    if not isinstance(message_id, str) or not 0 < len(message_id) <= MAX_ID_CHARACTERS:
        raise BadBody(f"id must be a string of 1 to {MAX_ID_CHARACTERS} characters")
    if not isinstance(reference, str) or not reference:
        raise BadBody("reference must be the string that came with the handover")
    if event == "closed":
        return DeskMessage(message_id, reference, event, "")
    if event != "reply":
        raise BadBody('event must be "reply" or "closed"')
    # The desk must hear of a text that is too long, rather than the resident get half an answer.
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS or not readable(text):
        raise BadBody(f"text must be a string of 1 to {MAX_CHARACTERS} characters with something to read")
    return DeskMessage(message_id, reference, event, readable(text))  # not covered: it may name whom to call


def events_for(message: DeskMessage) -> list[Event]:
    """What happens in the conversation."""
    envelope_id = f"desk-{message.id}"
    if message.event == "closed":
        return [SlotSet(HANDOVER_SLOT, None), uttered(reply_answer("desk_closed"), envelope_id)]
    return [uttered(Answer(Status.HANDED_OVER, "desk_reply", message.text, topic="handover", record="handover#desk"), envelope_id)]


def uttered(answer: Answer, envelope_id: str) -> BotUttered:
    """The event of saying an answer, as Rasa records those of the actions (actions.answering.dispatch), and its envelope's id."""
    buttons = [button.to_json() for button in answer.buttons if button.payload]
    return BotUttered(answer.text, data={"custom": {"answer": answer.to_json()}, **({"buttons": buttons} if buttons else {})},
                      metadata={ENVELOPE_ID: envelope_id})


def news(event: BotUttered) -> dict[str, Any]:
    """The envelope of what the desk said."""
    return envelope(event.metadata[ENVELOPE_ID], "", {"text": event.text, **event.data}, int(event.timestamp * 1000))
