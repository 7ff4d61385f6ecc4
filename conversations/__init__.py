"""The conversations: a durable tracker store in one SQLite file or in PostgreSQL, how long they are kept, and the rights of those who spoke."""
from conversations.appending import AppendingStore
from conversations.postgres import PostgresTrackerStore
from conversations.problems import StoreProblem
from conversations.store import SqliteTrackerStore

__all__ = ["AppendingStore", "PostgresTrackerStore", "SqliteTrackerStore", "StoreProblem"]
