"""The last answer in fewer words, and the question before a conversation is deleted."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from knowledge.answer import Answer, Button, Status
from knowledge.conversation import reply_answer
from knowledge.guides import load_guides
from knowledge.triage.matters import load_matters
from knowledge.triage.wording import SPOKEN
from knowledge.wording import contact_block, contacts_line, has_expired, law_citations, sources_line

DELETE_CONFIRMED, DELETE_REFUSED = "yes", "no"
DELETE_EFFECT = "delete_conversation"
REPEAT = "repeat"
SENTENCES = re.compile(r"[^。！？\n]+[。！？]?")
SHORT_SENTENCES = 2
FOOTER = re.compile("^(?:依据|想问人)")


def simpler_answer(record: str, text: str, buttons: Sequence[dict[str, str]]) -> Answer:
    """Return the last answer in few words: a guide's first point and first step, a matter's advice and first step, else its first sentences.

    `text` and `buttons` are those of the last answer; nothing is said that was not in it.
    """
    intent = record.removeprefix("law/").replace("#", "_")
    guide = load_guides().get(intent)
    if guide and not has_expired(guide):
        point = guide.points[0]
        lines = [f"一句话：{point.text}", f"先做这个：{guide.steps[0]}。" if guide.steps else ""]
        return _short(lines, point.cite, guide.contacts or ["12348"], guide.topic, record, buttons, guide.law_day)
    if intent in load_matters():
        matter = load_matters()[intent]
        return _short([f"一句话：{SPOKEN[matter.primary]}。", f"先做这个：{matter.first_step}"], matter.cite, matter.contacts or ["12348"], "triage", record,
                      buttons, matter.law_day)
    lines = [line for line in text.split("\n") if line.strip() and not FOOTER.match(line)]
    sentences = SENTENCES.findall("\n".join(lines))[:SHORT_SENTENCES]
    return _short(["".join(sentence.strip() for sentence in sentences)], (), ["12348"], "conversation", record or "conversation#simpler", buttons)


def _short(lines: Sequence[str], cites: Sequence[str], contacts: Sequence[str], topic: str, record: str, buttons: Sequence[dict[str, str]],
           written: date | None = None) -> Answer:
    whence = "\n".join(part for part in (sources_line(cites, written), contacts_line(contacts)) if part)
    body = "\n".join(line for line in lines if line)
    kept = tuple(Button(button["title"], button.get("payload", "")) for button in buttons if button.get("payload"))
    return Answer(Status.ANSWERED, "simpler", f"{body}\n听不明白，打电话直接问人最省事。\n{whence}", topic=topic, record=record,
                  citations=law_citations(cites, written), blocks=tuple(contact_block(contacts)), buttons=kept)


def delete_confirm_answer() -> Answer:
    """Nothing is deleted by this answer; the tap on 确定删除 sends the intent again with the option."""
    intent = f"/{DELETE_EFFECT}"
    buttons = (Button("确定删除", f'{intent}{{"option": "{DELETE_CONFIRMED}"}}'), Button("不删", f'{intent}{{"option": "{DELETE_REFUSED}"}}'))
    return replace(reply_answer("delete_confirm"), buttons=buttons)


def deleted_answer() -> Answer:
    """What is said once the conversation is gone; its effect makes the channel delete it."""
    return replace(reply_answer("deleted"), effect=DELETE_EFFECT)
