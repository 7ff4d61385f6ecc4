"""The same rights with Rasa's SQLTrackerStore (PostgreSQL, for several machines): purge, export, delete. Backups are the database's own."""
from __future__ import annotations

import json
import time
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

from conversations.retention import AT_ONCE, DAY, Purged


def purge(store: SQLTrackerStore, days: float) -> Purged:
    """Remove the conversations whose latest event is older than `days` days, some in each transaction. Those still in use keep everything."""
    event, before, done = store.SQLEvent, time.time() - days * DAY, Purged()
    while True:
        with store.session_scope() as session:
            old = session.query(event.sender_id).group_by(event.sender_id).having(sa.func.max(event.timestamp) < before).limit(AT_ONCE)
            found = [sender for (sender,) in old]
            removed = session.query(event).filter(event.sender_id.in_(found)).delete(synchronize_session=False) if found else 0
            session.commit()
        if not found:
            return done
        done = done.plus(Purged(len(found), removed))


def export(store: SQLTrackerStore, conversation: str) -> dict[str, Any] | None:
    """As upkeep.export."""
    with store.session_scope() as session:
        rows = session.query(store.SQLEvent.data).filter_by(sender_id=conversation).order_by(store.SQLEvent.id).all()
    return {"conversation": conversation, "events": [json.loads(data) for (data,) in rows]} if rows else None


def delete(store: SQLTrackerStore, conversation: str) -> int:
    """Remove a conversation and return how many events it had."""
    with store.session_scope() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute("PRAGMA secure_delete = ON")  # else the words stay readable in the file's free pages
        removed = session.query(store.SQLEvent).filter_by(sender_id=conversation).delete(synchronize_session=False)
        session.commit()
    return removed
