"""The notice for residents at /privacy: what is kept of what they say, how long, and how to have it deleted."""
from __future__ import annotations

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from sanic.request import Request
from sanic.response import HTTPResponse, html

from channels.pages import reading_policy
from conversations.settings import RETENTION_DAYS
from knowledge.offices import load_offices

ADDRESS = "/privacy"
OPERATOR_VARIABLE = "ZAOFATONG_OPERATOR"
OPERATOR_OFFICE = "operator"
TEMPLATES = Path(__file__).parent / "templates"


def operator() -> str:
    """The bureau in charge and its phone: what ZAOFATONG_OPERATOR says, else the office `operator` of knowledge/offices.yml, else ""."""
    if said := os.environ.get(OPERATOR_VARIABLE, "").strip():
        return said
    office = load_offices().get(OPERATOR_OFFICE)
    return "，".join(part for part in (office.name, office.phone) if part) if office else ""


class PrivacyPage:
    """Rendered once at start: the days kept and the operator's name come from the settings."""

    def __init__(self) -> None:
        environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]))
        self._page = environment.get_template("privacy.html").render(days=RETENTION_DAYS, operator=operator())
        self._headers = {"Content-Security-Policy": reading_policy(self._page), "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
                         "Cache-Control": "no-cache"}

    async def privacy(self, request: Request) -> HTTPResponse:
        """GET /privacy, without JavaScript and cookies."""
        return html(self._page, headers=self._headers)
