"""The conversations: a durable tracker store in one SQLite file, how long they are kept, and the rights of those who spoke."""
from conversations.problems import StoreProblem
from conversations.store import SqliteTrackerStore

__all__ = ["SqliteTrackerStore", "StoreProblem"]
