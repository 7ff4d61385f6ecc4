"""Finds what is likely wrong in training lines and knowledge files although they load. `python -m lint`."""
