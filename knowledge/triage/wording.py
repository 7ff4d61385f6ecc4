"""How a triage answer is put together: their own words, the channel and why, the first step, what to bring, the deadline, the second choice."""
from __future__ import annotations

from knowledge.answer import Answer, Button, Status
from knowledge.triage.matters import Matter
from knowledge.triage.quote import telling_words
from knowledge.triage.reading import Reading
from knowledge.wording import MOST_BUTTONS, check_buttons, contact_block, contacts_line, guide_button, law_citations, sources_line

SPOKEN = {"律师/12348咨询": "先问律师（12348免费咨询）", "12345/主管部门投诉": "向主管部门投诉（打12345）", "报警110": "报警（打110）",
          "诉讼": "去法院起诉", "劳动仲裁": "申请劳动仲裁", "法律援助": "申请法律援助", "行政复议": "申请行政复议", "人民调解": "找人民调解",
          "行政调解": "请主管部门调解", "行政裁决": "请政府部门裁决", "仲裁": "申请仲裁", "公证": "办公证", "司法鉴定": "做司法鉴定",
          "信访": "信访", "超出范围": "这不归我管"}
# A channel that is a phone number brings the number along.
PHONES = {"律师/12348咨询": "12348", "12345/主管部门投诉": "12345", "报警110": "110"}


# The guided check that goes with a channel, the first that fits.
CHECKS = {"行政复议": "reconsideration_check", "法律援助": "legal_aid_check"}


def check_offered(channels: list[str]) -> str:
    """The name of the guided check that belongs to the first of these channels to have one, or ""."""
    return next((CHECKS[channel] for channel in channels if channel in CHECKS), "")


def contacts_of(matter: Matter, channels: list[str]) -> list[str]:
    """The matter's contacts, and the phone of every channel that is named."""
    phones = [PHONES[channel] for channel in channels if channel in PHONES]
    return list(dict.fromkeys((*matter.contacts, *phones)))


def route_of(matter: Matter, text: str) -> dict[str, object]:
    """The `route` of the answer object."""
    routing = matter.routing(text)
    return {"primary": routing.primary, "alternatives": list(routing.alternatives), "why": why(matter, text),
            "first_step": routing.first_step}


def why(matter: Matter, text: str) -> str:
    """Why the channel fits, with the resident's own words."""
    quoted = telling_words(text, matter.cues)
    reason = matter.routing(text).why
    return f"您说“{quoted}”，{reason}" if quoted else reason


def deadline_blocks(matter: Matter) -> list[dict[str, object]]:
    """Blocks of the answer object, one for each period; days are counted only in a check."""
    return [{"type": "deadline", "value": figure.value, "unit": figure.unit, "what": figure.what, "starts": figure.starts}
            for figure in matter.deadlines]


def deadline_lines(matter: Matter) -> list[str]:
    """One line for each period, then what makes the matter urgent. Empty when nothing is running."""
    lines = [f"时间要紧：{figure.what}，期限{figure.value}{figure.unit}，从{figure.starts}起算。" for figure in matter.deadlines]
    return [*lines, matter.urgent] if matter.urgent else lines


def matter_answer(matter: Matter, text: str) -> Answer:
    """Everything a matter has to say about this message."""
    routing = matter.routing(text)
    own = routing is matter
    channels = [routing.primary, *routing.alternatives]
    contacts = contacts_of(matter, channels)
    cites = matter.citations(text)
    parts = [correction.say for correction in matter.corrections_for(text)]
    parts += [why(matter, text), f"建议：{SPOKEN[routing.primary]}。", f"第一步：{routing.first_step}"]
    parts.append("要带：" + "；".join(matter.bring) + "。")
    parts += deadline_lines(matter) if own else []
    parts.append(f"第二条路：{routing.second}")
    whence = "\n".join(part for part in (sources_line(cites, matter.law_day), contacts_line(contacts)) if part)
    blocks = [{"type": "steps", "items": [routing.first_step]}, {"type": "checklist", "items": list(matter.bring)}]
    blocks += deadline_blocks(matter) if own else []
    return Answer(Status.ROUTED, "triage", "\n".join(parts) + "\n\n" + whence, topic="triage", record=matter.id,
                  citations=law_citations(cites, matter.law_day), blocks=(*blocks, *contact_block(contacts)),
                  buttons=(*check_buttons(check_offered(channels)), *(guide_button(intent) for intent in matter.guides))[:MOST_BUTTONS], route=route_of(matter, text))


def unsure_answer(reading: Reading, text: str) -> Answer:
    """One short question back: which of two or three matters it is. The route says what the likeliest would be."""
    matters = (reading.matter, *reading.others)
    routing = reading.matter.routing(text)
    choices = "，还是".join(f"“{matter.title}”" for matter in matters)
    question = f"您的事，更像是{choices}？" if len(matters) > 1 else f"您说的是{choices}这样的事吗？"
    contacts = contacts_of(reading.matter, [routing.primary])
    parts = [f"我还拿不准。{question}点一下按钮，或者回“第一个”这样的话，我接着说怎么办。",
             f"如果是前一种，一般先{SPOKEN[routing.primary].removeprefix('先')}。" if len(matters) > 1 else "",
             "也可以多说一句：谁做了什么、您想要什么结果。", contacts_line(list(dict.fromkeys((*contacts, "12348"))))]
    return Answer(Status.CLARIFY, "unsure_of_matter", "\n".join(part for part in parts if part), topic="triage",
                  record="triage#unsure", blocks=tuple(contact_block(contacts)),
                  buttons=tuple(Button(matter.title, f"/{matter.intent}") for matter in matters), route=route_of(reading.matter, text))
