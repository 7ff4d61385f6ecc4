"""Covers personal data in what residents type, before anything else sees it. Knows neither Rasa nor HTTP."""
from privacy.kinds import TITLES
from privacy.masking import Masked, mask

__all__ = ["TITLES", "Masked", "mask"]
