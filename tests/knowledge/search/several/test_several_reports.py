"""Every question of questions.yml and fresh.yml, and what must hold of all answers."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from knowledge.answer import Answer, Status
from knowledge.offices import load_offices
from tests.knowledge.search.several.conftest import DAY

HERE = Path(__file__).parent
TUNED = yaml.safe_load((HERE / "questions.yml").read_text(encoding="utf-8"))
FRESH = yaml.safe_load((HERE / "fresh.yml").read_text(encoding="utf-8"))
REASONS = {"fact": {"fact_found", "reports_disagree", "one_year_only"}, "compare": {"compared"}, "row": {"row_of_years", "row_of_places"},
           "unlike": {"not_comparable"}}
STATUSES = {"refuse": Status.NOT_COVERED, "ask": Status.CLARIFY}
DIGITS = re.compile(r"\d+")
LEAST_FRESH = 0.85


def talk(index, entry: dict) -> list[tuple[dict, Answer]]:
    context, told = None, []
    for turn in entry.get("turns", [entry]):
        answer = index.answer(turn["ask"], today=DAY, context=context)
        context = index.next_context(answer, context)
        told.append((turn, answer))
    return told


def problem(turn: dict, answer: Answer) -> str:
    """What is wrong with an answer, or an empty string."""
    missing = [words for words in turn.get("says", []) if words not in answer.text]
    unwanted = [words for words in turn.get("says_not", []) if words in answer.text]
    fitting = answer.status is STATUSES.get(turn["kind"], Status.ANSWERED) and (turn["kind"] in STATUSES or answer.reason in REASONS[turn["kind"]])
    if fitting and not missing and not unwanted:
        return ""
    return f"{turn['ask']}: {answer.status.value} ({answer.reason}), missing {missing}, unwanted {unwanted}: {answer.text}"


def wrong_figure(turn: dict, answer: Answer) -> str:
    """A figure where none was due, or not the one that was asked for."""
    return problem(turn, answer) if answer.status is Status.ANSWERED else ""


@pytest.mark.parametrize("entry", TUNED, ids=lambda entry: entry.get("ask") or entry["turns"][0]["ask"])
def test_question(many, entry):
    assert [text for turn, answer in talk(many, entry) if (text := problem(turn, answer))] == []


def test_fresh_questions_reach_the_bar_without_a_wrong_figure(many):
    told = [pair for entry in FRESH for pair in talk(many, entry)]
    assert [text for turn, answer in told if (text := wrong_figure(turn, answer))] == []
    problems = [text for turn, answer in told if (text := problem(turn, answer))]
    assert len(problems) <= (1 - LEAST_FRESH) * len(told), problems


def test_the_sets_are_large_and_mixed():
    kinds = [turn["kind"] for entry in TUNED for turn in entry.get("turns", [entry])]
    assert len(kinds) >= 80 and all(kinds.count(kind) >= least for kind, least in {"fact": 25, "compare": 25, "row": 8, "refuse": 25, "unlike": 3}.items())
    assert sum(len(entry.get("turns", [entry])) for entry in FRESH) >= 40


def test_no_digit_is_computed(many, many_reports):
    """Every number in an answer stands in the record it cites, in a report's header, on an office's line or in the conversation."""
    headers = " ".join(f"{report.report.title} {report.report.year}" for report in many_reports)
    offices = " ".join(office.line for office in load_offices().values())
    for entry in (*TUNED, *FRESH):
        said = ""
        for turn, answer in talk(many, entry):
            said += turn["ask"]
            facts = [many._shelf.find(answer.record.removeprefix("report/"))] if answer.record else []
            records = " ".join(f"{cite.phrase} {cite.where}" for cite in answer.citations) + " ".join(
                fact[0].fact.json(ensure_ascii=False) for fact in facts if fact)
            figures = " ".join(str(cell) for block in answer.blocks for row in block["rows"] for cell in row[:2])
            known = set(DIGITS.findall(" ".join((headers, offices, said, records))))
            assert set(DIGITS.findall(figures)) <= set(DIGITS.findall(answer.text)), turn["ask"]
            assert set(DIGITS.findall(answer.text)) - set(DIGITS.findall(figures)) <= known, (turn["ask"], answer.text)


def test_every_figure_of_a_table_is_a_fact_of_its_report(many, many_reports):
    figures = {fact.figure for report in many_reports for fact in report.facts}
    tables = [row for entry in TUNED for _, answer in talk(many, entry) for block in answer.blocks for row in block["rows"]]
    assert len(tables) > 60 and all(row[1] in figures for row in tables)


def test_a_comparison_cites_every_report_it_shows(many):
    answer = many.answer("2021年行政复议受理比2020年多吗", today=DAY)
    assert [cite.year for cite in answer.citations] == [2021, 2020]
    assert all(f"《{cite.title}》" in answer.text and cite.phrase for cite in answer.citations)


def test_a_row_of_years_is_a_chart_and_complete_without_it(many):
    answer = many.answer("这几年行政复议受理多少", today=DAY)
    [block] = answer.blocks
    assert block["type"] == "chart" and [row[0] for row in block["rows"]] == ["2019年", "2020年", "2021年"]
    assert all(f"{label}：{figure}" in answer.text for label, figure, _, _ in block["rows"])


def test_buttons_lead_to_the_very_report(many):
    answer = many.answer("滕州市2019年复议办了多少", today=DAY)
    [button] = answer.buttons
    assert button.title == "看滕州市2022年的" and "tengzhou-2022#" in button.payload
    assert "131件" in many.answer_fact(button.payload.split('"')[3]).text


def test_equal_ids_of_different_reports_are_kept_apart(many):
    first = many.answer("薛城区行政复议受理多少件", today=DAY)
    context = many.next_context(first)
    assert context.area == "枣庄市薛城区" and context.fact_ids[0].startswith("xuecheng-2021#")
    assert "50件" in many.answer("到底多少", today=DAY, context=context).text


def test_a_choice_remembers_its_report(many):
    asked = many.answer("2020年调解了多少件", today=DAY)
    assert asked.status is Status.CLARIFY
    picked = many.answer("第二个", today=DAY, context=many.next_context(asked))
    assert picked.status is Status.ANSWERED and picked.record.startswith("report/zaozhuang-2020#")
