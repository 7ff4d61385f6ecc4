"""A plain HTML page, no JavaScript, that holds the whole conversation: /text (also /webhooks/text/)."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, select_autoescape
from rasa.core.channels.channel import InputChannel
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect

from channels.incoming import EMPTY_MESSAGE, IssuedPayloads, offered_payloads
from channels.memory import ProcessMemory
from channels.pages import RootBlueprint
from channels.privacy_page import ADDRESS as PRIVACY_ADDRESS
from channels.privacy_page import PrivacyPage
from channels.session import LIFETIME_SECONDS, SessionTokens
from channels.trace import trace
from channels.turn import OnNewMessage, collect_turn, effect_of, failed_message
from channels.website.visitors import Visitors
from keys import load_key
from knowledge.conversation import reply_answer
from knowledge.manners import DELETE_EFFECT

logger = logging.getLogger(__name__)

ADDRESS = "/text"
COOKIE = "zaofatong_session"
SHOWN_TURNS = 30
MOST_FIELDS = 20
# A proxy on this machine may say whom it speaks for; whoever else is on this machine needs no limit.
SETTINGS = {"trusted_proxies": ["127.0.0.0/8", "::1"], "messages_per_minute": 20, "address_messages_per_minute": 120}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                               "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Turn:
    """What the page shows as one bubble; `mine`: the resident's."""

    mine: bool
    text: str


class TextPageInput(InputChannel):
    """GET shows the conversation so far, POST (message or tap) adds a turn and shows it again. Settings in credentials.yml, all optional and as
    the website's: trusted_proxies, messages_per_minute, address_messages_per_minute."""

    @classmethod
    def name(cls) -> str:
        """The key in credentials.yml; the address is /webhooks/text, and /text."""
        return "text"

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        """Raises ValueError when the settings are wrong."""
        settings = read_settings(settings or {})
        self._visitors = Visitors(trusted_proxies=settings["trusted_proxies"])
        self._per_minute: int = settings["messages_per_minute"]
        self._address_per_minute: int = settings["address_messages_per_minute"]
        self._memory = ProcessMemory()
        self._issued = IssuedPayloads()
        self._tokens = SessionTokens(load_key())
        environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"),
                                  autoescape=select_autoescape(["html"]))
        self._page = environment.get_template("conversation.html")

    @classmethod
    def from_credentials(cls, credentials: dict | None) -> TextPageInput:
        """Called by Rasa with the channel's part of credentials.yml. Raises ValueError for a wrong setting."""
        return cls(credentials)

    def blueprint(self, on_new_message: OnNewMessage) -> RootBlueprint:
        """GET and POST of the page, and /privacy; the conversation is named by a signed cookie."""
        blueprint = RootBlueprint("text_page")

        @blueprint.get("/")
        async def show(request: Request) -> HTTPResponse:
            token = request.cookies.get(COOKIE)
            conversation = self._tokens.conversation(token)
            if conversation is None:
                token = self._tokens.issue()
                conversation = self._tokens.conversation(token)
            return await self._render(request, conversation, token)

        @blueprint.post("/")
        async def receive(request: Request) -> HTTPResponse:
            token = request.cookies.get(COOKIE)
            conversation = self._tokens.conversation(token)
            if conversation is None:
                return redirect(request.path)
            if await self._is_too_much(request, conversation):
                return self._page_of([Turn(False, reply_answer("too_many").text)], [], request, token, status=429)
            form = form_of(request.body)
            message = form.get("tap") or form.get("message")
            if (stored := await self._stored(request, conversation)) is not None:  # another process may have offered what is tapped
                self._offer(conversation, shown(stored)[1])
            replies = await collect_turn(on_new_message, message, conversation, self.name(), self._issued, request.app.ctx.agent)
            if effect_of(replies[-1]) == DELETE_EFFECT:  # nothing of it is left to show
                token = self._tokens.issue()
                return self._page_of([Turn(False, replies[-1]["text"])], [], request, token)
            return await self._render(request, conversation, token, replies)

        blueprint.at_root(show, ADDRESS, "GET")
        blueprint.at_root(receive, ADDRESS, "POST")
        blueprint.at_root(PrivacyPage().privacy, PRIVACY_ADDRESS, "GET")
        return blueprint

    async def _render(self, request: Request, conversation: str, token: str, replies: Sequence[dict[str, Any]] = ()) -> HTTPResponse:
        stored = await self._stored(request, conversation)
        if stored is None:
            turns, buttons = as_sent([], replies) or [Turn(False, failed_message(conversation)["text"])], []
        else:
            turns, buttons = shown(stored, replies)
            self._offer(conversation, buttons)
        return self._page_of(turns[-SHOWN_TURNS:], buttons, request, token)

    async def _is_too_much(self, request: Request, conversation: str) -> bool:
        """Whether the conversation or the visitor's address sends more than it may."""
        return bool(await self._memory.wait(f"say:{conversation}", self._per_minute)
                    or await self._memory.wait(f"from:{self._visitors.address(request)}", self._address_per_minute))

    def _offer(self, conversation: str, buttons: list[dict[str, str]]) -> None:
        self._issued.remember(conversation, offered_payloads([{"buttons": buttons}]))

    async def _stored(self, request: Request, conversation: str) -> Sequence[Event] | None:
        """The conversation's events; None when the store is out of order, which the page must say instead of breaking."""
        try:
            tracker = await request.app.ctx.agent.tracker_store.retrieve(conversation)
        except Exception as error:  # noqa: BLE001 - whatever the store raises, the resident gets a page
            logger.error("conversation not shown: error=%s", trace(error))
            return None
        return list(tracker.events) if tracker else []

    def _page_of(self, turns: list[Turn], buttons: list[dict[str, str]], request: Request, token: str, status: int = 200) -> HTTPResponse:
        rated = len(turns) > 1 and not turns[-1].mine
        page = html(self._page.render(turns=turns, buttons=buttons, address=request.path, rated=rated), status=status, headers=HEADERS)
        page.cookies[COOKIE] = token
        if request.headers.get("x-forwarded-proto", "").lower() == "https":  # whoever lies here only loses their own cookie
            page.cookies[COOKIE]["secure"] = True
        page.cookies[COOKIE]["httponly"] = True
        page.cookies[COOKIE]["samesite"] = "Strict"
        page.cookies[COOKIE]["max-age"] = LIFETIME_SECONDS
        return page


def read_settings(given: dict[str, Any]) -> dict[str, Any]:
    """Return all settings. Raises ValueError when one is unknown or of the wrong kind."""
    if unknown := sorted(set(given) - set(SETTINGS)):
        raise ValueError(f"channels.text_page: unknown setting {', '.join(map(str, unknown))}; known are {', '.join(SETTINGS)}")
    settings = {**SETTINGS, **given}
    if not isinstance(settings["trusted_proxies"], list):
        raise ValueError("channels.text_page: trusted_proxies must be a list")
    for name in ("messages_per_minute", "address_messages_per_minute"):
        if isinstance(settings[name], bool) or not isinstance(settings[name], int) or settings[name] < 1:
            raise ValueError(f"channels.text_page: {name} must be a whole number, 1 or more")
    return settings


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form as browsers send it, the first of each name; {} for what is none (Sanic would write it into the log)."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def shown(events: Sequence[Event], replies: Sequence[dict[str, Any]] = ()) -> tuple[list[Turn], list[dict[str, str]]]:
    """The turns to show and the buttons of the last answer; the greeting where nothing has been said."""
    greeting = reply_answer("greet")
    buttons = [button.to_json() for button in greeting.buttons]
    turns, buttons = transcript(events, buttons)
    return as_sent(turns, replies) or [Turn(False, greeting.text)], buttons


def as_sent(turns: Sequence[Turn], replies: Sequence[dict[str, Any]]) -> list[Turn]:
    """The turns with the latest replies as they were sent: a line before an answer is not stored, an answer that failed not at all."""
    texts = [reply["text"] for reply in replies if reply.get("text")]
    kept = list(turns)
    while kept and not kept[-1].mine and any(text.endswith(kept[-1].text) for text in texts):
        kept.pop()
    return [*kept, *(Turn(False, text) for text in texts)]


def transcript(events: Any, buttons: list[dict[str, str]]) -> tuple[list[Turn], list[dict[str, str]]]:
    """Return what was said on both sides and the buttons of the last answer; `buttons`: those before anything was said. A tap is shown by its button's title."""
    turns: list[Turn] = []
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            title = next((button["title"] for button in buttons if button.get("payload") == event.text), event.text)
            turns.append(Turn(True, "（空消息）" if title == EMPTY_MESSAGE else title))
            buttons = []
        elif isinstance(event, BotUttered) and event.text:
            turns.append(Turn(False, event.text))
            buttons = list((event.data or {}).get("buttons") or [])
    return turns, buttons
