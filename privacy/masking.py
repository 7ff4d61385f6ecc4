"""Putting it together: what was found becomes words in brackets."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from privacy.addresses import find_addresses
from privacy.contacts import find_contacts
from privacy.documents import find_documents
from privacy.kinds import Span
from privacy.names import find_names
from privacy.numbers import find_numbers
from privacy.plates import find_plates
from privacy.skeleton import Skeleton, skeleton


@dataclass(frozen=True)
class Masked:
    """A message with its personal data covered, and the kinds (privacy.kinds) of what was covered, in the order of the message."""

    text: str
    kinds: tuple[str, ...] = ()


def mask(text: str) -> Masked:
    """Cover what is personal. A second time it finds nothing more. The time grows with the length of the text."""
    kinds: dict[str, None] = {}
    while spans := find(plain := skeleton(text)):
        kinds.update(dict.fromkeys(span.kind for span in spans))
        text = _replaced(text, plain, spans)
    return Masked(text, tuple(kinds))


def find(plain: Skeleton) -> list[Span]:
    """Everything personal, in order; what overlaps is one, called after its longest part."""
    numbers = list(find_numbers(plain.text))
    others = (find_documents(plain.text), find_plates(plain.text), find_contacts(plain.text), find_addresses(plain.text), find_names(plain.text, numbers))
    return _apart([*numbers, *(span for spans in others for span in spans)])


def _apart(spans: Iterable[Span]) -> list[Span]:
    apart: list[Span] = []
    longest = 0
    for span in sorted(spans, key=lambda span: span.start):
        length = span.end - span.start
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
            longest = length
            continue
        last = apart[-1]
        name = span if length > longest else last
        longest = max(longest, length)
        apart[-1] = Span(last.start, max(last.end, span.end), name.kind, name.words)
    return apart


def _replaced(text: str, plain: Skeleton, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += [text[at:plain.places[span.start]], span.placeholder]
        at = plain.places[span.end]
    return "".join([*parts, text[at:]])
