"""Marks are removed when they are too old to compare a year with the one before."""
from __future__ import annotations

import asyncio
import logging
import sqlite3

from feedback.store import FeedbackStore
from telemetry.metrics import count_purge

logger = logging.getLogger(__name__)

DAY = 24 * 3600.0


async def purge_daily(store: FeedbackStore, days: float, seconds: float = DAY) -> None:
    """Purge now and then once a day, until cancelled. A purge that fails is logged and tried again the next day."""
    while True:
        try:
            removed = await asyncio.to_thread(store.purge, days)
            count_purge("feedback", True)
            logger.info("purged: marks=%d", removed)
        except (sqlite3.Error, OSError) as error:
            count_purge("feedback", False)
            logger.error("marks not purged: error=%s", type(error).__name__)
        await asyncio.sleep(seconds)
