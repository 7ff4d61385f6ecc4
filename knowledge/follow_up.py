"""要钱吗, 带什么材料, 去哪办: a question without its subject takes the subject of the guide answered last.

不是复议是援助: a corrected subject takes the aspect of the guide answered last.
"""
from __future__ import annotations

import functools
import re
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml
from knowledge.guides import load_guides
from knowledge.triage.matters import RECORD_PREFIX, load_matters

DEFAULT_ASPECT = "how"
MEANT = re.compile(r"(?:而是|应该是|[问说要想办指]的是|不是[^，,。是]{1,12}[，, ]*(?:我)?是)(?P<meant>[^，,。]{2,20})|(?P<first>[^，,。]{2,20})[，, ]*不是")

ASPECTS_FILE = Path(__file__).parent / "law" / "aspects.yml"


@functools.lru_cache(maxsize=1)
def load_aspects(path: Path = ASPECTS_FILE) -> dict[str, dict[str, str]]:
    """Return {subject: {aspect: intent}}. Raises KnowledgeError when an intent has no guide."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("subjects"), dict):
        raise KnowledgeError(path, "", "缺少 subjects 一栏", "第一层请写 subjects:，下面每个主题一行")
    for subject, aspects in raw["subjects"].items():
        if not isinstance(aspects, dict):
            raise KnowledgeError(path, str(subject), "下面不是一行行的“方面: 指南”", "请写成 {fee: legal_aid_fee, how: legal_aid_apply} 这样")
        for aspect, intent in aspects.items():
            if not isinstance(intent, str) or intent not in load_guides():
                raise KnowledgeError(path, f"{subject} → {aspect}", f"没有名为 {intent} 的指南", "请写成 主题_名字")
    return raw["subjects"]


@functools.lru_cache(maxsize=1)
def load_subject_names(path: Path = ASPECTS_FILE) -> dict[str, str]:
    """Return {residents' word: subject}. Raises KnowledgeError for a subject without aspects."""
    names: dict[str, str] = {}
    aspects, raw = load_aspects(path), read_yaml(path)
    listed = (raw.get("names") if isinstance(raw, dict) else None) or {}
    if not isinstance(listed, dict):
        raise KnowledgeError(path, "names", "写法不对", "请写 names:，下面每个主题一行，后面方括号里写居民的叫法")
    for subject, words in listed.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            raise KnowledgeError(path, f"names → {subject}", "叫法要写成一列文字", "请写成 [叫法一, 叫法二]，数字加引号")
        if subject not in aspects:
            raise KnowledgeError(path, f"names → {subject}", "subjects 里没有这个主题", "请先在 subjects 里写它")
        names.update(dict.fromkeys(words, subject))
    return names


def subject_named(text: str) -> str:
    """Return the subject whose longest name stands in the text, or ""."""
    found = [word for word in load_subject_names() if word in text]
    return load_subject_names()[max(found, key=len)] if found else ""


def subject_of(record: str) -> str:
    """Return the subject of a record id such as law/legal_services#notary_fee (the longest matching prefix), or ""."""
    if record.startswith(RECORD_PREFIX):
        return _subject_of_matter(record)
    name = record.removeprefix("law/").replace("#", "_")
    matching = [subject for subject in load_aspects() if name == subject or name.startswith(subject + "_")]
    return max(matching, key=len, default="")


def _subject_of_matter(record: str) -> str:
    """The subject of the first guide a matter of triage points to."""
    matter = load_matters().get(record.replace("#", "_"))
    subjects = [subject_of(guide) for guide in matter.guides] if matter else []
    return next((subject for subject in subjects if subject), "")


def aspect_of(intent: str) -> str:
    """Return what a guide says about its subject (fee, where …), or "" when it is not one of the aspects."""
    return next((aspect for aspect, guide in load_aspects().get(subject_of(intent), {}).items() if guide == intent), "")


def corrected_intent(text: str, record: str) -> str:
    """Return the guide meant by 不是复议是援助 or 我问的是公证, after the record: the same aspect of the subject named; "" when none is."""
    meant = [match["meant"] or match["first"] for match in MEANT.finditer(text)]
    subject = next((named for words in meant if (named := subject_named(words))), "") or subject_named(text)
    if not subject:
        return ""
    aspect = aspect_of(record.removeprefix("law/").replace("#", "_"))
    return intent_for(aspect, subject) or intent_for(DEFAULT_ASPECT, subject)


def intent_for(aspect: str, record: str) -> str:
    """Return the guide intent that answers the aspect (fee, materials, where …) for the subject of the record, or ""."""
    return load_aspects().get(subject_of(record), {}).get(aspect, "")


def intent_asked(aspect: str, text: str, record: str) -> str:
    """Return the guide for the aspect of the subject the text names, as 公正费多少 does, else of the record; "" when there is none."""
    return intent_for(aspect, subject_named(text)) or intent_for(aspect, record)


def intents_for_any(aspect: str) -> list[str]:
    """Return the guides a resident may mean who asks for an aspect without a subject: the subjects marked first in the file."""
    return [aspects[aspect] for aspects in load_aspects().values() if aspect in aspects][:3]
