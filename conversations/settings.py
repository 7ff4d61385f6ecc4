"""Where the conversations are kept: read the same way by the server and by `python -m conversations`."""
from __future__ import annotations

import os
from pathlib import Path

from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

ROOT = Path(__file__).resolve().parent.parent
FILE_VARIABLE = "ZAOFATONG_CONVERSATIONS"
ENDPOINTS_VARIABLE = "ZAOFATONG_ENDPOINTS"
TYPE = "conversations.SqliteTrackerStore"
POSTGRES_TYPE = "conversations.PostgresTrackerStore"
DEFAULT_FILE = "conversations.db"
RETENTION_DAYS = 30


def endpoints_file() -> Path:
    """endpoints.yml of the project, or the file ZAOFATONG_ENDPOINTS names."""
    return ROOT / os.environ.get(ENDPOINTS_VARIABLE, "endpoints.yml")


def tracker_endpoint(endpoints: Path | None = None) -> EndpointConfig | None:
    """The tracker store of endpoints.yml; ZAOFATONG_CONVERSATIONS, where set, names another file. None: conversations are kept in memory."""
    store = AvailableEndpoints.read_endpoints(str(endpoints or endpoints_file())).tracker_store
    if store is not None and store.type == TYPE and os.environ.get(FILE_VARIABLE):
        store.kwargs["db"] = os.environ[FILE_VARIABLE]
    return store


def file_of(store: EndpointConfig, root: Path = ROOT) -> Path:
    """The file of a SqliteTrackerStore. A relative one lies in the project, where the server runs."""
    return root / store.kwargs.get("db", DEFAULT_FILE)
