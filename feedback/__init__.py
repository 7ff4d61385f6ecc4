"""What residents think of the answers: the record and reason code of the answer and a mark. Never what was said, and by whom is not kept."""
from feedback.store import FeedbackStore, Mark, open_store

__all__ = ["FeedbackStore", "Mark", "open_store"]
