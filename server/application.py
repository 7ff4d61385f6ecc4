"""The Sanic application: Rasa's with our channels, without Rasa's own HTTP API, and with what every answer carries."""
from __future__ import annotations

from collections.abc import Sequence

from rasa import server as rasa_server
from rasa.core.channels.channel import InputChannel
from rasa.core.run import configure_app
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from channels.pages import add_demo_page
from server.hardening import add_hardening
from server.observing import add_observing


def make_application(channels: Sequence[InputChannel], port: int, endpoints: AvailableEndpoints | None = None) -> Sanic:
    """Everything residents, platforms and supervisors can reach. Rasa's /model, /conversations, /status, /version are not there."""
    rasa_server.add_root_route = add_demo_page
    app = configure_app(list(channels), enable_api=False, port=port, endpoints=endpoints)
    add_observing(app)
    add_hardening(app)
    return app
