"""Figures for Prometheus."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0, 20.0)

_turns = Counter("zaofatong_turns", "Turns by how they ended and where they came from.", ["channel", "status"])
_seconds = Histogram("zaofatong_turn_seconds", "Seconds from a message to its answer.", ["channel"], buckets=BUCKETS)
_fallbacks = Counter("zaofatong_fallbacks", "Turns whose message was not understood with enough certainty.", ["channel"])
_problems = Counter("zaofatong_http_problems", "HTTP requests that were answered with an error of the server's own, by status.", ["status"])
_purges = Counter("zaofatong_purges", "Daily purges of what is too old, by what was purged and how it went (done, failed).", ["what", "result"])
# They begin at 0, or Prometheus would not see the first one as an increase.
_problems.labels("500")
for _what in ("conversations", "feedback"):
    _purges.labels(_what, "failed")


def count_turn(channel: str, status: str, seconds: float) -> None:
    """`seconds`: from the message's arrival to its answer; `status` as in the answer object."""
    turns, times = _of(channel, status)
    turns.inc()
    times.observe(seconds)


@functools.lru_cache(maxsize=256)
def _of(channel: str, status: str) -> tuple[Counter, Histogram]:
    """What a turn is counted in: looking it up by its labels costs more than counting."""
    return _turns.labels(channel, status), _seconds.labels(channel)


def count_fallback(channel: str) -> None:
    """A turn whose intent was not sure enough; counted in count_turn as well."""
    _fallbacks.labels(channel).inc()


def count_problem(status: int) -> None:
    """An HTTP request answered with an error of the server's own."""
    _problems.labels(str(status)).inc()


def count_purge(what: str, done: bool) -> None:
    """`what`: conversations or feedback."""
    _purges.labels(what, "done" if done else "failed").inc()


class _Watched(Collector):
    """Reads figures that others keep, when Prometheus asks."""

    def __init__(self) -> None:
        self.gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self.counters: dict[str, tuple[str, str, Callable[[], Mapping[str, int]]]] = {}

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        for name, (meaning, read) in self.gauges.items():
            yield GaugeMetricFamily(name, meaning, value=read())
        for name, (meaning, label, read) in self.counters.items():
            family = CounterMetricFamily(name, meaning, labels=[label])
            for value, count in sorted(read().items()):
                family.add_metric([value], count)
            yield family


_watched = _Watched()
REGISTRY.register(_watched)


def watch_gauge(name: str, meaning: str, read: Callable[[], float]) -> None:
    """Show what `read` returns, such as how many conversations wait. A second call with the name takes the first one's place."""
    _watched.gauges[name] = (meaning, read)


def watch_counter(name: str, meaning: str, label: str, read: Callable[[], Mapping[str, int]]) -> None:
    """Show counts that only grow, by one label, such as a platform's error codes."""
    _watched.counters[name] = (meaning, label, read)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
