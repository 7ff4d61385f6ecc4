"""isinstance for Rasa's events as for any other class. They are abstract base classes, whose isinstance goes through Python code of its own, and a
turn asks it some 230 times. Nothing in Rasa 3.6.21 registers a class as an event that does not inherit from it, which is all that would differ."""
from __future__ import annotations

from abc import ABCMeta

from rasa.shared.core.events import Event


class PlainMeta(ABCMeta):
    """A class of events may still have abstract methods, but is not asked about classes that do not inherit from it."""

    __instancecheck__ = type.__instancecheck__
    __subclasscheck__ = type.__subclasscheck__


def lighten_events() -> None:
    """May be called at any time; classes of events made later are alike."""
    waiting = [Event]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if type(kind) is ABCMeta:  # a class with a metaclass of its own keeps it
            kind.__class__ = PlainMeta
