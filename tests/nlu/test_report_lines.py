"""Training lines and dictionary words that follow from the facts of a report."""
from __future__ import annotations

from knowledge.extract import extract_report
from knowledge.search.vocabulary import cut
from nlu.report_lines import LONGEST_NAME, MOST_LINES, lines_file, report_lines
from nlu.report_words import report_words, words_file
from tests.intake.making import TEXT

REPORT = extract_report(TEXT)


def test_each_fact_with_a_sayable_name_gets_one_line():
    lines = report_lines([REPORT], [])
    assert any("行政诉讼案件败诉率" in line for line in lines)
    assert len(lines) == len(set(lines)) and 5 < len(lines) <= MOST_LINES
    assert not any(character.isdigit() for line in lines for character in line)
    assert max(map(len, lines)) <= LONGEST_NAME + 12


def test_another_year_trains_nothing_new():
    next_year = extract_report(TEXT.replace("2021", "2022").replace("517件", "617件"))
    assert report_lines([REPORT, next_year], []) == report_lines([REPORT], [])


def test_lines_there_already_or_nearly_another_intents_are_left_out():
    lines = report_lines([REPORT], [])
    chosen = next(line for line in lines if "败诉率" in line)
    assert chosen not in report_lines([REPORT], [("report_figure", f"{chosen}？")])
    assert chosen not in report_lines([REPORT], [("reconsideration_result", f"{chosen}呀")])
    assert chosen in report_lines([REPORT], [("reconsideration_result", "申请复议要什么材料"), ("report_figure", f"{chosen}呀")])


def test_a_file_that_rasa_reads():
    import yaml

    read = yaml.safe_load(lines_file(["败诉率是多少"]))
    assert read["nlu"] == [{"intent": "report_figure", "examples": "- 败诉率是多少\n"}]
    assert yaml.safe_load(lines_file([]))["nlu"] == []


def test_names_that_the_dictionary_would_cut_are_words():
    coined = extract_report(TEXT + "五、特色\n（一）特色。打造“鲁通码”品牌3个，推行“阳光复议”行动2次，建成“畅办驿”站点5处。\n")
    assert report_words([coined]) == ["鲁通码", "畅办驿"]
    assert words_file(["鲁通码"]).splitlines()[1:] == ["鲁通码"]


def test_the_words_of_the_project_reach_the_tokenizer():
    assert cut("两述两考是什么")[0] == "两述两考"
