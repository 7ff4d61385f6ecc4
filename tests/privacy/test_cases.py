"""Two tables of messages: cases.yml, written before the code, and harder.yml, written after it. docs/privacy.md tells how each did at first sight."""
from pathlib import Path

import pytest
import yaml

from privacy import mask
from tests.privacy.searching import SHORTEST_PART, bare, parts_of

FOLDER = Path(__file__).parent
TABLES = [yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")) for name in ("cases.yml", "harder.yml")]
POSITIVE = [case for table in TABLES for case in table["positive"]]
NEGATIVE = [said for table in TABLES for said in table["negative"]]
LEFT_MOST = 6  # digits of a number that may not be left over


def test_the_tables_are_large_and_say_each_thing_once():
    assert len(TABLES[0]["positive"]) >= 200 and len(TABLES[0]["negative"]) >= 200
    said = [case["say"] for case in POSITIVE] + NEGATIVE
    assert len(said) == len(set(said))


@pytest.mark.parametrize("case", POSITIVE, ids=lambda case: case["say"][:24])
def test_what_is_personal_is_covered_and_the_question_stays(case):
    masked = mask(case["say"])
    for secret in case["hide"]:
        assert bare(secret) in bare(case["say"])  # else the case could not fail
        assert not [part for part in parts_of(secret) if part in bare(masked.text)]
        digits = bare(secret)
        if digits.isdecimal() and len(digits) > SHORTEST_PART:
            assert not [digits[at:at + LEFT_MOST] for at in range(len(digits) - LEFT_MOST + 1) if digits[at:at + LEFT_MOST] in bare(masked.text)]
    for words in case.get("keep", []):
        assert words in masked.text
    assert set(masked.kinds) == set(case["kinds"])
    assert mask(masked.text).text == masked.text


@pytest.mark.parametrize("said", NEGATIVE)
def test_what_is_not_personal_stays_word_for_word(said):
    masked = mask(said)
    assert (masked.text, masked.kinds) == (said, ())
