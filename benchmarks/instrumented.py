"""Our server with timers in it: `python -m benchmarks.instrumented --port N`, started by benchmarks.breakdown, never measured against anything.

SIGUSR1 begins anew, SIGUSR2 writes what was charged since then to the file that BENCHMARK_TIMERS names.
"""
from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.timers import Timers

FILE_VARIABLE = "BENCHMARK_TIMERS"
EMBEDDING, UNDERSTANDING, POLICIES, ACTION, AROUND_ACTION, STORE, PROCESSING = (
    "NLU: embedding", "NLU: the rest", "policies", "action: our code", "action: Rasa around it", "tracker store", "Rasa's message processing")
STORE_METHODS = ("save", "retrieve", "retrieve_full_tracker", "get_or_create_tracker", "get_or_create_full_tracker", "exists")


def put_timers(timers: Timers) -> None:
    """Wrap the steps of a turn. Call before the model is loaded."""
    from server.launcher import environment  # noqa: F401 - TensorFlow must be left out before Rasa is imported

    from embedding.engine import Engine  # isort: skip
    from rasa.core.processor import MessageProcessor  # isort: skip
    from server.in_process_actions import InProcessActions  # isort: skip

    def wrap(owner: Any, name: str, step: str) -> None:
        setattr(owner, name, timers.timed(step, getattr(owner, name)))

    wrap(Engine, "embed_one", EMBEDDING)
    wrap(MessageProcessor, "parse_message", UNDERSTANDING)
    wrap(MessageProcessor, "_predict_next_with_tracker", POLICIES)
    wrap(MessageProcessor, "_run_action", AROUND_ACTION)
    wrap(MessageProcessor, "run_action_extract_slots", AROUND_ACTION)
    wrap(MessageProcessor, "handle_message", PROCESSING)
    wrap(InProcessActions, "request", ACTION)
    begin = MessageProcessor.__init__

    def begin_with_timed_store(self: MessageProcessor, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        for name in STORE_METHODS:
            if hasattr(self.tracker_store, name):
                wrap(self.tracker_store, name, STORE)

    MessageProcessor.__init__ = begin_with_timed_store


def remembered() -> dict[str, int]:
    """How often the embedding engine knew a text already, and how often not."""
    import embedding

    info = embedding.load()._remember.cache_info()
    return {"hits": info.hits, "misses": info.misses}


def main(argv: list[str]) -> int:
    """Serves until stopped; signals begin a measurement and write it."""
    timers = Timers()
    put_timers(timers)
    from server.__main__ import main as serve

    began = {"cpu": 0, "hits": 0, "misses": 0}

    def begin(number: int, frame: FrameType | None) -> None:
        timers.reset()
        began.update(cpu=time.process_time_ns(), **remembered())

    def write(number: int, frame: FrameType | None) -> None:
        now = remembered()
        told = {"cpu": time.process_time_ns() - began["cpu"], "nanoseconds": dict(timers.nanoseconds), "calls": dict(timers.calls),
                **{name: now[name] - began[name] for name in now}}
        path = Path(os.environ[FILE_VARIABLE])
        path.with_suffix(".part").write_text(json.dumps(told), encoding="utf-8")
        path.with_suffix(".part").replace(path)

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, write)
    return serve(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
