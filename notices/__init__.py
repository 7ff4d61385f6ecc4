"""What operators say over the assistant's head: a notice that closes it, a banner before every answer. Knows neither Rasa nor HTTP."""
from notices.files import banner, closed_notice

__all__ = ["banner", "closed_notice"]
