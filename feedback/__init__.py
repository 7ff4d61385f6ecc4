"""What residents think of the answers: the record and reason code of the answer and a mark. Never what was said, and by whom is not kept."""
from feedback.store import FeedbackProblem, FeedbackStore, Mark, days_kept, open_store

__all__ = ["FeedbackProblem", "FeedbackStore", "Mark", "days_kept", "open_store"]
