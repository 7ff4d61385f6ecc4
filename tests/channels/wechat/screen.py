"""What a resident sees, in its order, and what can be tapped there."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

FAULT = "该公众号提供的服务出现故障，请稍后再试"
_ANCHOR = re.compile(r'<a href="([^"<>]*)">([^<>]*)</a>')
_TAP = re.compile(r"weixin://bizmsgmenu\?msgmenucontent=([^&]*)&msgmenuid=([^&]*)")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Tap:
    """Something to tap: what stands there, what the phone then says, and the id it sends along."""

    label: str
    says: str
    id: str


@dataclass(frozen=True)
class Shown:
    """One message on the screen. `by`: "reply", "push", "fault", "transfer" or "resident"; `when` in seconds; `menu`: items below a msgmenu;
    `message_id`: the message a reply answers."""

    by: str
    text: str
    when: float
    menu: tuple[Tap, ...] = ()
    message_id: str = ""

    @property
    def plain(self) -> str:
        """The words without links."""
        return _ANCHOR.sub(r"\2", self.text)

    @property
    def taps(self) -> list[Tap]:
        return [*links_of(self.text)[0], *self.menu]


@dataclass
class Screen:
    """`problems`: everything a resident should never meet, such as a link that is broken."""

    shown: list[Shown] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, shown: Shown) -> None:
        self.shown.append(shown)
        if shown.by != "resident":
            self.problems += links_of(shown.text)[1]

    @property
    def received(self) -> list[Shown]:
        """What the account said."""
        return [shown for shown in self.shown if shown.by in ("reply", "push", "fault")]

    @property
    def texts(self) -> list[str]:
        """The same as words, without links."""
        return [shown.plain for shown in self.received]

    @property
    def last(self) -> str:
        return self.texts[-1] if self.texts else ""

    def count(self, words: str) -> int:
        """How often these words were shown."""
        return sum(text.count(words) for text in self.texts)

    def find(self, label: str) -> Tap:
        """The newest tap whose label has these words. Raises AssertionError."""
        for shown in reversed(self.shown):
            for tap in shown.taps:
                if label in tap.label:
                    return tap
        raise AssertionError(f"nothing to tap with {label!r} on {self.texts}")


def links_of(text: str) -> tuple[list[Tap], list[str]]:
    """The taps in a text as an Android phone reads them, and what is wrong with its links."""
    taps, problems = [], []
    for href, label in _ANCHOR.findall(text):
        if match := _TAP.fullmatch(href):
            says, tap_id = decoded(match[1]), decoded(match[2])
            if not says or not tap_id or not label.strip():
                problems.append(f"a tap that does nothing: {href}")
            else:
                taps.append(Tap(label, says, tap_id))
        elif not re.match(r"https?://[^\s]+", href):
            problems.append(f"a link to {href!r}")
    rest = _ANCHOR.sub("", text)
    if re.search(r"<\s*/?\s*a\b|weixin://|href=", rest):
        problems.append(f"a broken link in {rest[-80:]!r}")
    return taps, problems


def decoded(value: str) -> str:
    """Decode %-escapes twice, as Android does; "" where that fails."""
    for _ in range(2):
        if _PERCENT.search(value):
            return ""
        try:
            value = re.sub(r"(?:%[0-9A-Fa-f]{2})+", lambda found: bytes.fromhex(found[0].replace("%", "")).decode(), value)
        except UnicodeDecodeError:
            return ""
    return value
