"""Several questions in one message: which guides they name, in order, and one answer for all of them."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from knowledge.answer import Answer, Status
from knowledge.follow_up import aspect_of, intent_for, subject_named, subject_of
from knowledge.guides import Guide, load_guides
from knowledge.wording import (
    EXPIRED,
    contact_block,
    contacts_line,
    guide_blocks,
    guide_button,
    has_expired,
    law_citations,
    sources_line,
)

FOLLOW_UP_PREFIX = "follow_up_"
SURE_OF_PART = 0.35
MOST_ANSWERED = 3
MOST_OFFERED = 2
MOST_BUTTONS = 4
ORDINALS = "一二三四"
CHECKLIST_ASPECTS = ("materials",)


def guides_asked(parts: Iterable[Mapping], record: str) -> list[Guide]:
    """Return the guides the parts ask for, in order, each once. parts: {"text", "ranking"}; record: what the message, or the answer
    before it, is about. 去哪办 has no subject of its own and takes that of the part before it; so does 要多久 even when the
    classifier puts it to another subject's guide."""
    guides = load_guides()
    asked: dict[str, Guide] = {}  # by intent: comparing guides compares all their words
    subject = subject_named(" ".join(part["text"] for part in parts)) or subject_of(record)
    for part in parts:
        if not part["ranking"]:
            continue
        name, confidence = part["ranking"][0]["name"], part["ranking"][0]["confidence"]
        named = subject_named(part["text"])
        subject = named or subject
        if name.startswith(FOLLOW_UP_PREFIX):
            name = intent_for(name.removeprefix(FOLLOW_UP_PREFIX), subject)
        elif name in guides and not named and subject and subject_of(name) != subject and aspect_of(name):
            name = intent_for(aspect_of(name), subject) or name
        elif confidence < SURE_OF_PART:
            continue
        if name in guides:
            asked.setdefault(name, guides[name])
    return list(asked.values())


def several_answer(guides: Sequence[Guide]) -> Answer:
    """One answer for two or more guides: each with its title, in the order asked; all sources once at the end."""
    told = guides[:MOST_ANSWERED]
    named = {guide.intent for guide in told}
    in_force = [guide for guide in told if not has_expired(guide)]
    parts = []
    for number, guide in enumerate(told):
        if has_expired(guide):
            parts.append(f"{ORDINALS[number]}、{guide.title}\n{EXPIRED.format(title=guide.title)}")
            continue
        lines = [point.text for point in guide.points]
        if guide.checklist and aspect_of(guide.intent) in CHECKLIST_ASPECTS:
            lines.append("要准备：" + "；".join(guide.checklist) + "。")
        parts.append(f"{ORDINALS[number]}、{guide.title}\n" + "\n".join(lines))
    cites = tuple(dict.fromkeys(cite for guide in in_force for cite in guide.citations))
    written = min((guide.law_day for guide in in_force), default=None)
    contacts = list(dict.fromkeys(contact for guide in told for contact in guide.contacts))
    blocks = [block for guide in in_force for block in guide_blocks(guide) if block["type"] != "contact"]
    text = "您问了几件事，一件一件说。\n" + "\n".join(parts) + "\n\n" + "\n".join(part for part in (sources_line(cites, written), contacts_line(contacts)) if part)
    others = [intent for guide in (*guides[MOST_ANSWERED:], *told) for intent in (guide.intent, *guide.follow_ups)]
    buttons = [intent for intent in dict.fromkeys(others) if intent not in named][:MOST_ANSWERED]
    return Answer(Status.ANSWERED if in_force else Status.NOT_COVERED, "several", text.strip(), topic=told[0].topic, record=told[0].id, citations=law_citations(cites, written),
                  blocks=(*blocks, *contact_block(contacts)), buttons=tuple(guide_button(intent) for intent in buttons))


def with_guides_asked(answer: Answer, parts: Iterable[Mapping]) -> Answer:
    """The answer to a personal problem with a button, and a line that says so, for every guide the message asks for beside it."""
    asked = guides_asked(parts, answer.record)[:MOST_OFFERED]
    if not asked:
        return answer
    titles = "、".join(f"“{guide.title}”" for guide in asked)
    buttons = dict.fromkeys((*(guide_button(guide.intent) for guide in asked), *answer.buttons))
    return replace(answer, text=f"{answer.text}\n您还问到{titles}，点下面的按钮，我接着讲。", buttons=tuple(buttons)[:MOST_BUTTONS])
