"""The public channels a resident can be sent to, and the channel every guide belongs to."""
from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from knowledge.answer import Answer, Status
from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml

# The labels of `route.primary` and `route.alternatives` (docs/architecture.md, "The answer object"), nothing else.
CHANNELS = ("法律援助", "行政复议", "人民调解", "行政调解", "行政裁决", "劳动仲裁", "仲裁", "公证", "司法鉴定",
            "律师/12348咨询", "诉讼", "报警110", "12345/主管部门投诉", "信访", "超出范围")
HELPLINE, COMPLAINT, POLICE, OUT_OF_SCOPE = "律师/12348咨询", "12345/主管部门投诉", "报警110", "超出范围"

CHANNELS_FILE = Path(__file__).parent / "channels.yml"


@functools.lru_cache(maxsize=1)
def load_channels(path: Path = CHANNELS_FILE) -> dict[str, str]:
    """Return {beginning of an intent name: channel}. Raises KnowledgeError for a channel that does not exist."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("channels"), dict):
        raise KnowledgeError(path, "", "缺少 channels 一栏", "第一层请写 channels:，下面每行一个意图名字的开头和它的渠道")
    for beginning, channel in raw["channels"].items():
        if channel not in CHANNELS:
            raise KnowledgeError(path, beginning, f"没有“{channel}”这个渠道", f"请从这些里选：{'、'.join(CHANNELS)}")
    return raw["channels"]


@functools.cache
def channel_of(intent: str) -> str:
    """Return the channel of a guide, an emergency or another intent (the longest beginning that fits), or ""."""
    fitting = [beginning for beginning in load_channels() if intent == beginning or intent.startswith(f"{beginning}_")]
    return load_channels()[max(fitting, key=len)] if fitting else ""


def with_channel(answer: Answer) -> Answer:
    """Return the answer with the channel its record belongs to as its route, unless it has a route or no channel fits. A choice of guides
    has the channel of the first, the likeliest."""
    if answer.route is not None:
        return answer
    intent = answer.record.removeprefix("law/").removeprefix("conversation#").replace("#", "_")
    if answer.status is Status.CLARIFY and answer.buttons:
        intent = answer.buttons[0].payload.removeprefix("/")
    channel = channel_of(intent)
    if not channel:
        return answer
    alternatives = [] if channel in (HELPLINE, OUT_OF_SCOPE) else [HELPLINE]
    return replace(answer, route={"primary": channel, "alternatives": alternatives, "why": "", "first_step": ""})
