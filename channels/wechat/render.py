"""One reply as WeChat messages: its text, charts as lines, its buttons as a numbered list of tap links, in as few messages as it fits.

What goes where when it does not fit one message: docs/decisions/0012-wechat.md.
"""
from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import regex

from channels.wechat.charts import chart_lines
from channels.wechat.links import harmless, label, tap_link, web_link, with_more
from channels.wechat.split import LIMIT, size, split
from knowledge.conversation import reply_answer

HEADING = "点下面的字，或者回复数字："
TAP_HEADING = "点下面的字："  # where no numbers are shown
MARK_HEADING = "这个回答"
MARKS = (("有帮助", "/feedback_helpful"), ("没帮助", "/feedback_unhelpful"))
# As the website's widget (markable in widget/src/chat.js).
RATED = ("answered", "routed")
NOT_RATED = "conversation#rate"
LEAST_TEXT = 200  # bytes of the text that should stand above its buttons
MENU_HEAD, MENU_ITEM, MENU_ITEMS = 1_024, 128, 10  # as 微信客服 limits the same message; the limits for accounts are not published
_OPTION = regex.compile(r"(?:(\d+)\.|[一二三四五六七八九十]+、)\s*(.+)")

IssueAll = Callable[[Sequence[str]], Awaitable[list[str]]]


class Wishes(Protocol):
    """The part of channels.wechat.settings.Settings that counts here."""

    feedback_links: bool


@dataclass(frozen=True)
class Rendered:
    """`texts`: messages of at most LIMIT bytes, in order; `menu`: the head and (id, title) of a msgmenu that follows them, or None;
    `payloads`: what the numbers 1, 2 … stand for."""

    texts: list[str]
    menu: tuple[str, list[tuple[str, str]]] | None
    payloads: list[str]


@dataclass(frozen=True)
class Choice:
    """A button with a payload: its number, its title as shown and as it came, its tap's id."""

    number: int
    shown: str
    title: str
    tap: str

    def line(self, numbered: str, short: bool) -> str:
        """A line that is one link. `numbered`: what it shows; `short`: the tap says the number instead of the title, which saves bytes."""
        return tap_link(numbered, str(self.number) if short else self.title or f"第{self.number}个", self.tap)


async def render(reply: Mapping[str, Any], issue_all: IssueAll, settings: Wishes, *, channel: Literal["passive", "push"] = "passive",
                 more: str = "", first_number: int = 1) -> Rendered:
    """Return the messages of a reply {"text"?, "buttons"?, "custom"?: {"answer"}} (channels.turn.collect_turn). Never empty.

    `issue_all`: Taps.issue_all of the conversation; `channel` push allows a msgmenu, where that takes no further message; `more`: the id
    of a tap (taps.MORE) with which every text but the last then ends; `first_number`: of the first button, when a turn has several replies.
    """
    answer = (reply.get("custom") or {}).get("answer") or {}
    text = _whole_text(reply.get("text") or "", answer)
    buttons = [button for button in answer.get("buttons") or reply.get("buttons") or [] if isinstance(button, Mapping)]
    payloads = [button["payload"] for button in buttons if button.get("payload")]
    marks = [payload for _, payload in MARKS] if settings.feedback_links and _rated(answer) else []
    taps = iter(await issue_all([*payloads, *marks]) if payloads or marks else [])

    lines: list[Choice | str] = []
    number = first_number
    for button in buttons:
        title = str(button.get("title") or "")
        if button.get("payload"):
            lines.append(Choice(number, label(title) or f"第{number}个", title, next(taps)))
            number += 1
        elif link := web_link(label(title) or "打开网页", button.get("url")):
            lines.append(link)
    sheet = _Sheet(text if text or lines else reply_answer("failed").text, lines, list(zip((name for name, _ in MARKS), taps, strict=False)), more)
    texts = sheet.texts()
    menu = sheet.menu(len(texts)) if channel == "push" and not more else None
    return Rendered(menu[0] if menu else texts, menu[1] if menu else None, payloads)


def _rated(answer: Mapping[str, Any]) -> bool:
    return answer.get("status") in RATED and not str(answer.get("record") or "").startswith(NOT_RATED)


def _whole_text(text: str, answer: Mapping[str, Any]) -> str:
    """The text with its charts and with the sources it does not name itself."""
    sources = [citation for citation in answer.get("citations") or [] if isinstance(citation, Mapping)]
    unnamed = [f"《{source.get('title')}》{source.get('where') or ''}" for source in sources
               if str(source.get("title")) not in text or str(source.get("where") or "") not in text]
    return harmless("\n\n".join(filter(None, (text.strip(), chart_lines(answer.get("blocks") or [], text),
                                              f"出处：{'；'.join(dict.fromkeys(unnamed))}。" if unnamed else "")))).strip()


class _Sheet:
    """The parts of a reply on their way into messages."""

    def __init__(self, text: str, lines: Sequence[Choice | str], marks: Sequence[tuple[str, str]], more: str) -> None:
        """`lines`: the choices, and links to pages as they are; `marks`: names and ids of the taps of 有帮助 and 没帮助, or none."""
        self._lines, self._marks, self._more = lines, marks, more
        self._choices = [line for line in lines if isinstance(line, Choice)]
        self._before, self._options, self._after = _own_options(text, self._choices)
        # Where a message is not the last, the line that leads to the next one must fit.
        self._part = LIMIT - size(with_more("", more)) if more else LIMIT

    def texts(self) -> list[str]:
        parts = self._parts()
        if self._more:
            parts = [*(with_more(part, self._more) for part in parts[:-1]), parts[-1]]
        marked = f"{parts[-1]}\n\n{self._mark_line()}"
        return [*parts[:-1], marked] if self._marks and size(marked) <= LIMIT else parts  # a mark is never worth a message of its own

    def menu(self, messages: int) -> tuple[list[str], tuple[str, list[tuple[str, str]]]] | None:
        """Texts and the msgmenu after them; None where a menu cannot hold the buttons or needs more than `messages` messages, itself counted."""
        items = [(choice.tap, choice.shown) for choice in self._choices] + [(tap, name) for name, tap in self._marks]
        if (not self._choices or self._options or len(self._lines) > len(self._choices) or len(items) > MENU_ITEMS
                or any(size(title) > MENU_ITEM for _, title in items)):
            return None
        *texts, head = split(self._before, LIMIT, MENU_HEAD - size(f"\n\n{TAP_HEADING}")) or [""]
        return (texts, (f"{head}\n\n{TAP_HEADING}".strip(), items)) if len(texts) < messages else None

    def _parts(self) -> list[str]:
        if not self._lines:
            return split(self._before, self._part, LIMIT)
        for short in (False, True):  # one message if that can be
            if size(whole := _joined(self._before, self._list(short))) <= LIMIT:
                return [whole]
        for short in (False, True):
            closing = self._list(short)
            if (room := LIMIT - size(closing) - 2) >= LEAST_TEXT and self._before:
                *parts, last = split(self._before, self._part, room)
                return [*parts, _joined(last, closing)]
        return [*split(self._before, self._part), *self._lists()]

    def _list(self, short: bool) -> str:
        """The heading and every line, and what the text says below its own options."""
        return _joined(f"{HEADING if self._choices else TAP_HEADING}\n" + "\n".join(self._list_lines(short)), self._after)

    def _list_lines(self, short: bool) -> list[str]:
        """Numbered as the text numbers them, where it does."""
        shown = self._options or [f"{choice.number} {choice.shown}" for choice in self._choices]
        choices = iter(choice.line(numbered, short) for choice, numbered in zip(self._choices, shown, strict=True))
        return [next(choices) if isinstance(line, Choice) else line for line in self._lines]

    def _lists(self) -> list[str]:
        """A list too long to stand below any text: by itself, or as several lists, each with the heading."""
        if size(self._list(True)) <= LIMIT:
            return [self._list(True)]
        lists = [HEADING]
        for line in self._list_lines(True):
            if size(longer := f"{lists[-1]}\n{line}") <= self._part:
                lists[-1] = longer
            else:
                lists.append(f"{HEADING}\n{line}")
        return [*lists, *split(self._after, self._part, LIMIT)]

    def _mark_line(self) -> str:
        return f"{MARK_HEADING}：" + "　".join(tap_link(name, name, tap) for name, tap in self._marks)


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _own_options(text: str, choices: Sequence[Choice]) -> tuple[str, list[str], str]:
    """Return the text above, the lines, and the text below the numbered options where the text itself lists exactly the choices ("1. 我自己",
    "一、…"); their lines then become the links. Else the whole text, no line and nothing."""
    lines = text.split("\n")
    titles = [choice.shown for choice in choices]
    for start in range(len(lines) - len(titles) + 1) if len(titles) > 1 and choices[0].number == 1 else ():
        matches = [_OPTION.fullmatch(line) for line in lines[start:start + len(titles)]]
        if all(match and match[2] == title and match[1] in (None, str(choice.number)) for match, title, choice in zip(matches, titles, choices, strict=True)):
            return "\n".join(lines[:start]).strip(), lines[start:start + len(titles)], "\n".join(lines[start + len(titles):]).strip()
    return text, [], ""
