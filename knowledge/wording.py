"""How an answer is put together: body, what to bring, steps, sources, and whom to call. One place for every topic."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from knowledge.answer import Answer, Button, SourceCitation, Status
from knowledge.checks.asking import start_button
from knowledge.checks.questions import load_check
from knowledge.guides import Guide, load_guides
from knowledge.laws import Law, laws_on, load_laws, parse_citation
from knowledge.offices import load_offices
from knowledge.today import today

LOCAL_RULE = "各地的具体做法，以当地公布的为准。"


def law_citations(cites: Iterable[str], written: date | None = None) -> tuple[SourceCitation, ...]:
    """Citations such as 行政复议法 第二十条第一款 with the day since which the law is in force. `written`: the day whose laws are meant (today)."""
    laws = laws_on(written) if written else load_laws()
    found = []
    for text in cites:
        citation = parse_citation(text)
        since = laws[citation.law].in_force_from
        found.append(SourceCitation("law", citation.law, citation.where, in_force_from=since.isoformat() if since else ""))
    return tuple(found)


def sources_line(cites: Iterable[str], written: date | None = None) -> str:
    """依据：《行政复议法》第二十条第一款、第三款（2024年1月1日起施行）；… — one entry a law, places in the order given. A law that has
    changed since the day it was `written` for is said to have."""
    places: dict[str, list[str]] = {}
    for text in cites:
        citation = parse_citation(text)
        places.setdefault(citation.law, []).append(citation.where)
    laws, laws_now = laws_on(written or today()), load_laws()
    entries = []
    for title, wheres in places.items():
        law = laws[title]
        since = f"{law.in_force_from.year}年{law.in_force_from.month}月{law.in_force_from.day}日起施行" if law.in_force_from else ""
        note = "，".join(part for part in (since, "" if is_current(law, laws_now) else "可能已修改，请向当地核实") if part)
        entries.append(f"《{title}》{'、'.join(dict.fromkeys(wheres))}" + (f"（{note}）" if note else ""))
    return "依据：" + "；".join(entries) + "。" if entries else ""


def is_current(law: Law, laws_now: dict[str, Law]) -> bool:
    """False for a law that is no longer in force and for an earlier version of one that is."""
    return law.current and (laws_now[law.title] is law or laws_now[law.title] == law)


def contacts_line(ids: Iterable[str]) -> str:
    """想问人：打 12348（公共法律服务热线）…, or an empty string."""
    offices = load_offices()
    lines = [offices[office].line for office in ids if office in offices]
    return "想问人，可以找：" + "、".join(lines) + "。" if lines else ""


def contact_block(ids: Iterable[str]) -> list[dict[str, object]]:
    """A list with one block, or none when no id is in offices.yml."""
    offices = load_offices()
    entries = [{"name": offices[office].name, "phone": offices[office].phone, "what": offices[office].what}
               for office in ids if office in offices]
    return [{"type": "contact", "entries": entries}] if entries else []


MOST_BUTTONS = 4


def check_buttons(offered: str) -> tuple[Button, ...]:
    """The button that starts a guided check, named like deadline_check:notary; none for ""."""
    name, _, option = offered.partition(":")
    return (start_button(load_check(name), option),) if name else ()


def guide_button(intent: str) -> Button:
    """A tap asks the guide's question. Raises KeyError for an intent that is no guide's."""
    return Button(load_guides()[intent].title, f"/{intent}")


def guide_text(guide: Guide) -> str:
    """The body of a guide as plain text, without sources and contacts."""
    parts = [point.text for point in guide.points]
    if guide.steps:
        parts.append("怎么做：" + "；".join(guide.steps) + "。")
    if guide.checklist:
        parts.append("要准备：" + "；".join(guide.checklist) + "。")
    if guide.local_rule and not any("当地" in part for part in parts):
        parts.append(LOCAL_RULE)
    return "\n".join(parts)


def guide_blocks(guide: Guide) -> tuple[dict[str, object], ...]:
    """Steps, checklist and periods as the guide has them, and whom to call."""
    blocks: list[dict[str, object]] = []
    if guide.steps:
        blocks.append({"type": "steps", "items": list(guide.steps)})
    if guide.checklist:
        blocks.append({"type": "checklist", "items": list(guide.checklist)})
    for figure in guide.figures:
        if figure.kind == "deadline":
            blocks.append({"type": "deadline", "value": figure.value, "unit": figure.unit, "what": figure.what,
                           "starts": figure.starts})
    return (*blocks, *contact_block(guide.contacts))


def guide_answer(guide: Guide) -> Answer:
    """Everything a guide has to say, as one answer; only whom to ask once it is law no longer."""
    if has_expired(guide):
        return expired_answer(guide)
    whence = "\n".join(part for part in (sources_line(guide.citations, guide.law_day), contacts_line(guide.contacts)) if part)
    text = f"{guide_text(guide)}\n\n{whence}"
    return Answer(Status.ANSWERED, "guide", text, topic=guide.topic, record=guide.id,
                  citations=law_citations(guide.citations, guide.law_day), blocks=guide_blocks(guide),
                  buttons=(*check_buttons(guide.check), *(guide_button(intent) for intent in guide.follow_ups))[:MOST_BUTTONS])


EXPIRED = "“{title}”的规定变了，新的我这里还没有，不能拿旧的告诉您。"


def has_expired(guide: Guide) -> bool:
    """Whether the law has changed and nobody has entered what it says now."""
    return guide.until is not None and today() > guide.until


def expired_answer(guide: Guide) -> Answer:
    """For a guide whose `until` has passed: what it said is not told any more, only whom to ask."""
    text = f"{EXPIRED.format(title=guide.title)}\n{contacts_line(guide.contacts)}"
    return Answer(Status.NOT_COVERED, "guide_expired", text, topic=guide.topic, record=guide.id, blocks=tuple(contact_block(guide.contacts)))


def hedged_answer(guide: Guide, other_intents: Sequence[str]) -> Answer:
    """The guide's answer when it is only the likeliest reading: it says what the question was taken for and offers others."""
    answer = guide_answer(guide)
    others = tuple(guide_button(intent) for intent in other_intents)
    offer = "如果不是这个意思，点下面的按钮，或者换个说法再问。" if others else "如果不是这个意思，请换个说法再问。"
    return replace(answer, reason="guide_unsure", text=f"您问的应该是“{guide.title}”。\n{answer.text}\n{offer}",
                   buttons=(*others, *answer.buttons)[:MOST_BUTTONS])
