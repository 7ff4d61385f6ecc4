"""要钱吗, 带什么材料, 去哪办: a question without its subject takes the subject of the guide answered last."""
from __future__ import annotations

import functools
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml
from knowledge.guides import load_guides

ASPECTS_FILE = Path(__file__).parent / "law" / "aspects.yml"


@functools.lru_cache(maxsize=1)
def load_aspects(path: Path = ASPECTS_FILE) -> dict[str, dict[str, str]]:
    """Return {subject: {aspect: intent}}. Raises KnowledgeError when an intent has no guide."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("subjects"), dict):
        raise KnowledgeError(path, "", "缺少 subjects 一栏", "第一层请写 subjects:，下面每个主题一行")
    for subject, aspects in raw["subjects"].items():
        for aspect, intent in aspects.items():
            if intent not in load_guides():
                raise KnowledgeError(path, f"{subject} → {aspect}", f"没有名为 {intent} 的指南", "请写成 主题_名字")
    return raw["subjects"]


def subject_of(record: str) -> str:
    """Return the subject of a record id such as law/legal_services#notary_fee (the longest matching prefix), or ""."""
    name = record.removeprefix("law/").replace("#", "_")
    matching = [subject for subject in load_aspects() if name == subject or name.startswith(subject + "_")]
    return max(matching, key=len, default="")


def intent_for(aspect: str, record: str) -> str:
    """Return the guide intent that answers the aspect (fee, materials, where …) for the subject of the record, or ""."""
    return load_aspects().get(subject_of(record), {}).get(aspect, "")


def intents_for_any(aspect: str) -> list[str]:
    """Return the guides a resident may mean who asks for an aspect without a subject: the subjects marked first in the file."""
    return [aspects[aspect] for aspects in load_aspects().values() if aspect in aspects][:3]
