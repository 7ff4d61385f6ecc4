"""Start the assistant: one process, one address."""
from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import socket
from functools import partial
from pathlib import Path

from server import zaofatong_environment as environment
from server.build import ROOT, Say
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from rasa import __version__ as rasa_version  # noqa: E402 - the environment must be set first
from rasa.core.run import close_resources, create_http_input_channels, load_agent_on_start  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from sanic import Sanic  # noqa: E402

from conversations import AppendingStore, StoreProblem, postgres  # noqa: E402, F401 - StoreProblem: for server.__main__
from conversations.retention import purge_daily  # noqa: E402
from conversations.schema import prepare  # noqa: E402
from conversations.settings import ENDPOINTS_VARIABLE, POSTGRES_TYPE, TYPE, file_of, tracker_endpoint  # noqa: E402
from feedback import FeedbackProblem, days_kept, open_store  # noqa: E402, F401 - FeedbackProblem: for server.__main__
from feedback.retention import purge_daily as purge_marks_daily  # noqa: E402
from server import serving  # noqa: E402
from server.application import make_application  # noqa: E402
from server.in_process_actions import SUPPORTED_RASA, InProcessActions  # noqa: E402
from server.no_fallback import store_or_fail  # noqa: E402
from server.quiet import quiet_logs  # noqa: E402
from server.speed import speed_up  # noqa: E402
from telemetry.turns import keep_turns  # noqa: E402

# A turn makes thousands of objects, nearly all freed by themselves: looking for cycles after every 700 of them, as Python does, costs more than it finds.
COLLECT_AFTER = (20_000, 10, 10)
CREDENTIALS_VARIABLE = "ZAOFATONG_CREDENTIALS"


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
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


async def _end_tasks(app: Sanic, loop: object) -> None:
    """Timers of connections that were open would be reported as lost when the event loop goes away."""
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1)


async def _close_conversations(app: Sanic, loop: object) -> None:
    """Whoever copies the file now finds everything in it, nothing in a log beside it."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and isinstance(agent.tracker_store, AppendingStore):
        closing = agent.tracker_store.close()
        if closing is not None:
            await closing


def _purge_daily(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    """Nothing is kept longer than the notice at /privacy says. _end_tasks ends both."""
    app.ctx.purging_marks = loop.create_task(purge_marks_daily(open_store(), days_kept()))
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and isinstance(agent.tracker_store, AppendingStore):
        app.ctx.purging = loop.create_task(purge_daily(agent.tracker_store))


def serve(model: Path, host: str, port: int, say: Say) -> None:
    """Serve until interrupted. Raises RuntimeError when Rasa is not the version the launcher was written for, StoreProblem when the
    conversations cannot be kept or a setting is missing, FeedbackProblem when it is not clear how long the marks are to be."""
    if rasa_version != SUPPORTED_RASA:
        raise RuntimeError(f"the launcher supports Rasa {SUPPORTED_RASA}, not {rasa_version}; use plain `rasa run`")
    speed_up()
    store_or_fail()
    try:
        endpoints = AvailableEndpoints.read_endpoints(str(ROOT / os.environ.get(ENDPOINTS_VARIABLE, "endpoints.yml")))
        endpoints.tracker_store = tracker_endpoint()
        channels = create_http_input_channels(None, str(ROOT / os.environ.get(CREDENTIALS_VARIABLE, "credentials.yml")))
    except RasaException as error:  # a setting of the environment is missing: Rasa's words name it
        raise StoreProblem("设置", " ".join(str(error).split()), "请在环境变量里补上，样子见 deploy/zaofatong.env.example") from error
    endpoints.action = InProcessActions()
    if endpoints.tracker_store is not None and endpoints.tracker_store.type == TYPE:
        prepare(file_of(endpoints.tracker_store))  # what is wrong with the file is said in one line, before Sanic starts
    elif endpoints.tracker_store is not None and endpoints.tracker_store.type == POSTGRES_TYPE:
        asyncio.run(postgres.prepare(endpoints.tracker_store.url))
    days_kept()  # a wrong setting is said in one line, before Sanic starts
    app = make_application(channels, port, endpoints)

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
    serving.run(app, host, port)
