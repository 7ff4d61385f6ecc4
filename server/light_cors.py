"""The headers for requests of other origins, worked out once where nothing is asked for. sanic_cors 2 works out the same ones for every answer."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanic.compat import Header
from sanic_cors import core

_work_out = core.get_cors_headers
_known: dict[int, tuple[Any, list[tuple[str, str]]]] = {}
MOST_KNOWN = 16  # one for each set of options an application has


def get_cors_headers(options: Mapping[str, Any], request_headers: Mapping[str, str], request_method: str) -> Header:
    """Stands in for sanic_cors.core.get_cors_headers: the same headers, also for a request that names an origin or asks beforehand (OPTIONS)."""
    if request_method == "OPTIONS" or request_headers.get("Origin") is not None:
        return _work_out(options, request_headers, request_method)
    asked_of, headers = _known.get(id(options), (None, []))
    if asked_of is not options:
        headers = list(_work_out(options, request_headers, request_method).items())
        if len(_known) < MOST_KNOWN:
            _known[id(options)] = (options, headers)
    return Header(headers)


def lighten_cors() -> None:
    """Call before the application is made."""
    core.get_cors_headers = get_cors_headers
