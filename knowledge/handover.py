"""Handing a resident over to people: whom to call and when, the nearest window, and a summary to read out, edit or copy."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.answer import Answer, Button, Status
from knowledge.conversation import load_replies, reply_answer
from knowledge.offices import Office, load_offices
from knowledge.wording import contact_block, contacts_line

ASKED, ANGER, FAILURES, DANGER = "asked", "anger", "failures", "danger"
SEND, EDIT, RESUME = "handover_send", "handover_edit", "resume"
CONTACTS = ("12348", "12345")
LONGEST_QUOTE, MOST_QUOTES, LONGEST_SUMMARY = 60, 5, 300
SHOWN_WINDOWS = 2


def summary_of(said: Sequence[str], about: str = "") -> str:
    """What the resident asked, in their own words, newest last; `about`: the title of the last answer, or ""."""
    quotes = "；".join(f"“{text[:LONGEST_QUOTE]}”" for text in said[-MOST_QUOTES:])
    parts = [f"我想问：{quotes}。" if quotes else "我有事想问。", f"最后看到的是“{about}”。" if about else ""]
    return "".join(parts)[:LONGEST_SUMMARY]


def windows_near(text: str) -> list[Office]:
    """The windows the operator has entered: those of an area the text names, else the first ones."""
    windows = [office for office in load_offices().values() if office.window]
    named = [office for office in windows if office.area and office.area in text]
    return (named or windows)[:SHOWN_WINDOWS]


def hours_lines() -> list[str]:
    """Hours from offices.yml only; where nobody has entered them the answer says that they are not known."""
    offices = [load_offices()[contact] for contact in CONTACTS]
    known = [f"{office.phone}：{office.hours}" for office in offices if office.hours]
    return [f"办公时间：{'；'.join(known)}。"] if known else [load_replies()["handover_no_hours"].text.strip()]


def window_lines(text: str) -> list[str]:
    """Windows of an area the text names, else the first ones; an honest line when offices.yml has none."""
    windows = windows_near(text)
    return [f"窗口：{'；'.join(window.line for window in windows)}。"] if windows else [load_replies()["handover_no_window"].text.strip()]


def handover_answer(reason: str, summary: str, desk: bool) -> Answer:
    """Return whom to talk to, the summary, and the ways on. `desk`: whether people can be reached from here; nothing is sent by this."""
    replies = load_replies()
    lines = [replies[f"handover_{reason}"].text.strip(), replies["handover_whom"].text.strip(), *hours_lines(), *window_lines(summary),
             replies["handover_summary"].text.strip().replace("{summary}", summary),
             replies["handover_desk" if desk else "handover_no_desk"].text.strip(), contacts_line(CONTACTS)]
    buttons = [Button("同意，发给人工", f"/{SEND}")] if desk else []
    buttons += [Button("改一改这段话", f"/{EDIT}"), Button("继续问", f"/{RESUME}")]
    blocks = ({"type": "handover", "summary": summary, "editable": True, "desk": desk}, *contact_block(CONTACTS))
    return Answer(Status.HANDED_OVER, f"handover_{reason}", "\n".join(lines), topic="handover", record=f"handover#{reason}",
                  blocks=blocks, buttons=tuple(buttons))


def with_people(emergency: Answer) -> Answer:
    """An emergency with the offer to be handed over; the numbers to call stay first."""
    offer = load_replies()["handover_offer"].text.strip()
    return replace(emergency, text=f"{emergency.text}\n{offer}", buttons=(*emergency.buttons, Button("转人工", "/human")))


def held_answer(said: str) -> Answer:
    """While handed over: what was said is not answered, but can be with one tap."""
    answer = reply_answer("handover_held")
    return replace(answer, text=answer.text.replace("{said}", said[:LONGEST_QUOTE]), topic="handover", record="handover#held")


def handover_reply(name: str) -> Answer:
    """A canned reply of the hand-over (conversation.yml, handover_<name>), under the record handover#<name>."""
    return replace(reply_answer(f"handover_{name}"), topic="handover", record=f"handover#{name}")
