"""Files that once ended in another exception than KnowledgeError; found by tests/fuzz."""
from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from tests.fuzz.knowledge_files import LOADERS

ANY = "offices"
GUIDE = "checked_on: 2026-01-01\nguides:\n  {}\n"
BROKEN = [
    (ANY, "2027-13-45"), (ANY, "offices: [{id: !!float x}]"), (ANY, "offices: [{id: !!int x}]"), (ANY, "!!timestamp x"), (ANY, "[" * 3000), (ANY, "offices: [{1: x}]"),
    ("facts", "1: x"), ("overlay", "1: x"), ("danger", "1: x"), ("replies", "replies: {a: {1: x}}"), ("near services", "services: [{1: x}]"), ("laws", "laws: [{1: x}]"),
    ("checks", "1: x"), ("guides", GUIDE.format("fee: x")), ("guides", GUIDE.format("fee: {1: x}")), ("guides", GUIDE.format("1: {}")),
    ("guides", GUIDE.format("fee: {from_day: {2027-01-01T00:00:00Z: {}, 2027-01-02: {}}}")), ("guides", "checked_on: 2026-01-01T00:00:00Z\nguides: {fee: {points: [{text: 一二三四, cite: [a b]}]}}"),
    ("matters", "checked_on: 2026-01-01\nmatters: {wages: x}"),
    ("aspects", "subjects: {legal_aid: [x]}"), ("aspects", "subjects: {legal_aid: {fee: {}}}"), ("aspects", "subjects: {legal_aid: 2027-01-01}"),
    ("subject names", ""), ("subject names", "subjects: {}\nnames: [x]"), ("subject names", "subjects: {a: {}}\nnames: {a: 5}"), ("subject names", "subjects: {a: {}}\nnames: {a: [{}]}"),
    ("synonyms", "concepts: {}"), ("synonyms", "concepts: {a: 5}"), ("synonyms", "concepts: {a: [b]}\ncompounds: x"), ("synonyms", "concepts: {a: [b]}\ntypos: [x]"),
    ("synonyms", "concepts: {a: [b]}\ncompounds: {c: 5}"),
    ("holidays", "years: {2026: x}"), ("holidays", "years: {x: {days_off: [], working_weekends: []}}"), ("holidays", "years: {2026: {days_off: [9999-12-31 to 0001-01-01], working_weekends: []}}"),
    ("holidays", "years: {2026: {days_off: [0001-01-01 to 9999-12-31], working_weekends: []}}"), ("holidays", "every_year: 5\nyears: {}"), ("holidays", "every_year: [5]\nyears: {}"),
    ("holidays", "years: {2026: {days_off: [2026-10-01T08:00:00Z], working_weekends: []}}"),
    ("places", "cities: x"), ("places", "cities:"),
]


@pytest.mark.parametrize(("kind", "text"), BROKEN, ids=[f"{kind}_{text[:30]!r}" for kind, text in BROKEN])
def test_a_broken_file_is_explained(kind: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "legal_aid.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as raised:
        LOADERS[kind][0](file)
    assert raised.value.path == str(file) and raised.value.problem and raised.value.remedy


def test_the_last_day_there_is_can_be_a_day_off(tmp_path: Path) -> None:
    file = tmp_path / "holidays.yml"
    file.write_text("years: {9999: {days_off: [9999-12-30 to 9999-12-31], working_weekends: []}}", encoding="utf-8")
    assert len(LOADERS["holidays"][0](file).days_off) == 2
