"""Reading case files: what a line may hold, and what is said about one that cannot be used."""
import json

import pytest

from evaluation.cases import CaseError, load_cases, own_sets

TRIAGE = {"id": "a1", "text": "老板欠我工资", "primary": "劳动仲裁", "acceptable": ["法律援助"]}


def written(tmp_path, *rows):
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_a_line_with_a_channel_is_a_case_of_triage(tmp_path):
    [case] = load_cases([written(tmp_path, TRIAGE)])
    assert (case.kind, case.primary, case.acceptable, case.group) == ("triage", "劳动仲裁", ("法律援助",), "劳动仲裁")


def test_a_file_without_kinds_is_read_as_the_kind_given_and_keeps_its_own_word_as_the_group(tmp_path):
    [case] = load_cases([written(tmp_path, {"id": "b", "text": "明天几度", "kind": "天气/时间"})], "out_of_scope")
    assert (case.kind, case.group) == ("out_of_scope", "天气/时间")


@pytest.mark.parametrize(("row", "said"), [
    ("not json", "line 1"), ({"id": "x"}, "“text” is missing"), ({"text": "你好"}, "--kind"),
    ({"text": "你好", "kind": "guide"}, "“intent” is missing"), ({**TRIAGE, "primary": "找熟人"}, "“primary”"), (["text"], "“text” is missing"),
])
def test_a_broken_line_is_named(tmp_path, row, said):
    with pytest.raises(CaseError, match="line 1") as error:
        load_cases([written(tmp_path, row)])
    assert said in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CaseError, match="no.jsonl"):
        load_cases([tmp_path / "no.jsonl"])


def test_the_projects_own_sets_are_large_enough_and_no_text_stands_twice():
    cases = load_cases(own_sets())
    count = {kind: sum(case.kind == kind for case in cases) for kind in {case.kind for case in cases}}
    assert count["guide"] >= 600 and count["out_of_scope"] >= 300 and count["triage"] >= 150
    assert len({case.text for case in cases}) == len(cases)


def test_no_case_is_a_training_line():
    from tests.nlu.lines import lines_by_intent

    trained = {line for lines in lines_by_intent("data/nlu/**/*.yml").values() for line in lines}
    assert [case.id for case in load_cases(own_sets()) if case.text in trained] == []
