"""Logs that hold errors only. Rasa's debug and info lines repeat what residents write, so they are never switched on here."""
from __future__ import annotations

import logging

from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog


def quiet_logs() -> None:
    """For everything that talks to the model outside the server; call before the model is loaded."""
    configure_structlog(logging.ERROR)
    configure_logging_and_warnings(log_level=logging.ERROR, warn_only_once=True, filter_repeated_logs=True)
