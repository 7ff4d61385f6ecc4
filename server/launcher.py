"""Start the assistant: one process, one address."""
from __future__ import annotations

import asyncio
import ctypes
import gc
import socket
from functools import partial
from pathlib import Path

from server import zaofatong_environment as environment
from server.build import ROOT, Say
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from rasa import __version__ as rasa_version  # noqa: E402 - the environment must be set first
from rasa import server as rasa_server  # noqa: E402
from rasa.core.run import close_resources, configure_app, create_http_input_channels, load_agent_on_start  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from sanic import Sanic  # noqa: E402

from channels.pages import add_demo_page  # noqa: E402
from conversations import SqliteTrackerStore, StoreProblem  # noqa: E402, F401 - StoreProblem: for server.__main__
from conversations.retention import purge_daily  # noqa: E402
from conversations.schema import prepare  # noqa: E402
from conversations.settings import TYPE, file_of, tracker_endpoint  # noqa: E402
from server.in_process_actions import SUPPORTED_RASA, InProcessActions  # noqa: E402
from server.no_fallback import store_or_fail  # noqa: E402
from server.observing import add_observing  # noqa: E402
from server.quiet import quiet_logs  # noqa: E402
from server.speed import speed_up  # noqa: E402
from telemetry.turns import keep_turns  # noqa: E402


def check_port(host: str, port: int) -> str:
    """Return an empty string when the port is free, else one line that says what to do."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"端口 {port} 用不了（{error.strerror}）。请换一个：make run PORT={port + 1}"
    return ""


def give_back_memory() -> None:
    """Return to the system what starting needed and serving does not. Where the C library is not glibc it keeps it."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _warm_up() -> None:
    """The first message should not be the slow one."""
    import embedding
    from knowledge.reports import load_index
    from nlu.normalise import normalise

    embedding.load().embed_one(normalise("你好"))
    load_index().warm()
    give_back_memory()
    gc.freeze()  # the model and the knowledge stay; collecting later need not look through them


async def _end_tasks(app: Sanic, loop: object) -> None:
    """Timers of connections that were open would be reported as lost when the event loop goes away."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1)


def _close_conversations(app: Sanic, loop: object) -> None:
    """Whoever copies the file now finds everything in it, nothing in a log beside it."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and isinstance(agent.tracker_store, SqliteTrackerStore):
        agent.tracker_store.close()


def _purge_daily(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    """Nothing is kept longer than the notice at /privacy says. _end_tasks ends it."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and isinstance(agent.tracker_store, SqliteTrackerStore):
        app.ctx.purging = loop.create_task(purge_daily(agent.tracker_store))


def serve(model: Path, host: str, port: int, say: Say) -> None:
    """Serve until interrupted. Raises RuntimeError when Rasa is not the version the launcher was written for, StoreProblem when the
    conversations cannot be kept."""
    if rasa_version != SUPPORTED_RASA:
        raise RuntimeError(f"the launcher supports Rasa {SUPPORTED_RASA}, not {rasa_version}; use plain `rasa run`")
    speed_up()
    store_or_fail()
    rasa_server.add_root_route = add_demo_page
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = InProcessActions()
    endpoints.tracker_store = tracker_endpoint()
    if endpoints.tracker_store is not None and endpoints.tracker_store.type == TYPE:
        prepare(file_of(endpoints.tracker_store))  # what is wrong with the file is said in one line, before Sanic starts
    channels = create_http_input_channels(None, str(ROOT / "credentials.yml"))
    app = configure_app(channels, enable_api=False, port=port, endpoints=endpoints)
    add_observing(app)

    async def ready(running: Sanic, loop: object) -> None:
        say(f"枣法通已启动：http://{host}:{port}/ （按 Ctrl-C 停止）")

    app.register_listener(partial(load_agent_on_start, str(model), endpoints, None), "before_server_start")
    app.register_listener(lambda running, loop: _warm_up(), "before_server_start")
    app.register_listener(_purge_daily, "after_server_start")
    app.register_listener(ready, "after_server_start")
    app.register_listener(_close_conversations, "after_server_stop")  # listeners of the end run from the last to the first
    app.register_listener(close_resources, "after_server_stop")
    app.register_listener(_end_tasks, "after_server_stop")
    quiet_logs()
    keep_turns()
    app.run(host=host, port=port, workers=1, access_log=False, motd=False)
