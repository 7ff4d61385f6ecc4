"""The overlay of human edits: what it may change, and what it must refuse."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import knowledge
from knowledge.errors import KnowledgeError
from knowledge.facts import load_report
from knowledge.overlay import Overlay, apply_overlay, load_overlay, load_reports, overlay_path, unknown_ids

FOLDER = Path(knowledge.__file__).parent / "report"
REPORTS = sorted(path for path in FOLDER.glob("*.yml") if not path.name.endswith(".overlay.yml"))
LEAST_ALIASES = 2
SHA = "a" * 64


def report_file(tmp_path: Path, overlay: dict | None = None) -> Path:
    locator = {"part": "五", "item": "（二）", "sentence": 3}
    common = {"period": "2020年", "area": "某市", "locator": locator, "source_sha256": SHA}
    facts = [
        {"id": "5.2-12件", "kind": "count", "subject": "行政复议", "measure": "受理", "value": "12", "unit": "件", "figure": "12件",
         "phrase": "受理12件", **common},
        {"id": "5.2-74元", "kind": "money", "subject": "补助", "measure": "标准", "value": "74", "unit": "元", "figure": "74元",
         "previous": "69元", "phrase": "由69元提高到74元", **common},
    ]
    header = {"title": "某市2020年报告", "issuer": "某市政府", "year": 2020, "area": "某市", "source_sha256": SHA, "extractor": "test"}
    path = tmp_path / "some-2020.yml"
    ignored = [{"figure": "3次", "locator": locator, "reason": "次序"}]
    path.write_text(yaml.safe_dump({"report": header, "facts": facts, "ignored": ignored}, allow_unicode=True), encoding="utf-8")
    if overlay is not None:
        overlay_path(path).write_text(yaml.safe_dump(overlay, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_edited_id_exists(path):
    if overlay_path(path).exists():
        assert unknown_ids(load_report(path), load_overlay(overlay_path(path))) == []


def test_every_fact_of_the_home_report_has_names_in_plain_words():
    (report,) = load_reports([FOLDER / "zaozhuang-2020.yml"])
    poor = [fact.id for fact in report.facts if len(fact.aliases) < LEAST_ALIASES]
    assert not poor
    assert all(fact.say for fact in report.facts)


def test_edits_change_words_but_never_figures(tmp_path):
    path = report_file(tmp_path, {"facts": {"5.2-12件": {"measure": "收下", "aliases": ["复议收了几件"], "say": "复议收下{figure}。"}}})
    plain = load_report(path).facts[0]
    (report,) = load_reports([path])
    edited = report.facts[0]
    assert (edited.measure, edited.aliases) == ("收下", ("复议收了几件",))
    assert (edited.figure, edited.value, edited.phrase, edited.source_sha256) == (plain.figure, plain.value, plain.phrase, plain.source_sha256)
    assert report.slug == "some-2020"


def test_a_report_without_overlay_loads(tmp_path):
    (report,) = load_reports([report_file(tmp_path)])
    assert len(report.facts) == 2 and not report.edits


@pytest.mark.parametrize(("overlay", "left"), [
    (None, []), ({}, []), ({"facts": {"5.2-12件": {"measure": "收下"}}}, []), ({"facts": {"5.2-12件": {"reviewed": True}}}, ["5.2-12件"]),
    ({"facts": {"5.2-12件": {"reviewed": True, "hidden": True}}}, []), ({"answers_from": "all"}, ["5.2-12件", "5.2-74元"]),
    ({"answers_from": "all", "facts": {"5.2-12件": {"hidden": True}}}, ["5.2-74元"])])
def test_residents_are_told_only_what_somebody_has_reviewed(tmp_path, overlay, left):
    reports = load_reports([report_file(tmp_path, overlay)], only_reviewed=True)
    assert [fact.id for report in reports for fact in report.facts] == left
    assert len(reports) == bool(left), "a report of which nothing may be told is not there at all"


def test_the_home_report_is_answered_from_though_nobody_has_signed_it():
    overlay = load_overlay(FOLDER / "zaozhuang-2020.overlay.yml")
    assert overlay.answers_from == "all" and not overlay.reviewed_by and not any(edit.reviewed for edit in overlay.facts.values())
    (report,) = load_reports([FOLDER / "zaozhuang-2020.yml"], only_reviewed=True)
    assert len(report.facts) > 200


def test_another_figure_of_the_same_sentence_takes_its_place(tmp_path):
    for figure, value, unit in (("74元", "74", "元"), ("3次", "3次", "")):
        (report,) = load_reports([report_file(tmp_path, {"facts": {"5.2-12件": {"figure": figure}}})])
        fact = report.facts[0]
        assert (fact.id, fact.figure, fact.value, fact.unit, fact.subject) == ("5.2-12件", figure, value, unit, "行政复议")
        assert figure in fact.phrase


def test_hidden_facts_are_left_out(tmp_path):
    (report,) = load_reports([report_file(tmp_path, {"facts": {"5.2-12件": {"hidden": True}}})])
    assert [fact.id for fact in report.facts] == ["5.2-74元"]


@pytest.mark.parametrize(("overlay", "message"), [
    ({"facts": {"5.2-13件": {"measure": "受理"}}}, "没有这个编号"),
    ({"facts": {"5.2-12件": {"say": "受理了13件。"}}}, "手写了数字 13"),
    ({"facts": {"5.2-12件": {"say": "受理了{number}。"}}}, "不认识"),
    ({"facts": {"5.2-12件": {"say": "由{previous}到{figure}。"}}}, "没有原先的数字"),
    ({"facts": {"5.2-12件": {"say": "有{items}。"}}}, "不是清单"),
    ({"facts": {"5.2-12件": {"say": "受理了十三件。"}}}, "手写了数字 十三"),
    ({"facts": {"5.2-12件": {"say": "受理了３件。"}}}, "手写了数字"),
    ({"facts": {"5.2-12件": {"say": "一半都受理了。"}}}, "手写了数字 一半"),
    ({"facts": {"5.2-12件": {"title": "①受理"}}}, "手写了数字 ①"),
    ({"facts": {"5.2-12件": {"say": "受理{figure!r}。"}}}, "不认识"),
    ({"facts": {"5.2-12件": {"say": "受理{figure。"}}}, "花括号"),
    ({"facts": {"5.2-12件": {"figure": "13件"}}}, "报告的这一句里没有“13件”。这一句里还有：74元、3次"),
    ({"facts": {"5.2-12件": {"colour": "red"}}}, "内容不合要求"),
    ({"answers_from": "some"}, "内容不合要求"),
    ({"groups": [{"id": "g", "title": "前3名", "facts": ["5.2-12件", "5.2-74元"], "aliases": ["各多少"]}]}, "手写了数字 3"),
    ({"groups": [{"id": "g", "title": "t", "facts": ["5.2-12件", "5.2-74元"], "labels": ["一", "九成"], "aliases": ["各多少"]}]}, "手写了数字 九成"),
    ({"facts": {"5.2-12件": {"title": "这个按钮上的字实在是太长太长太长了"}}}, "内容不合要求"),
    ({"groups": [{"id": "g", "title": "t", "facts": ["5.2-12件"], "aliases": ["各多少"]}]}, "少于两条"),
    ({"groups": [{"id": "g", "title": "t", "facts": ["5.2-12件", "5.2-74元"], "labels": ["一"], "aliases": ["各多少"]}]}, "条数不一样"),
    ({"added": [{"id": "x", "kind": "text", "subject": "s", "measure": "m", "figure": "9件", "phrase": "共办8件",
                 "locator": {"part": "五", "item": "（二）", "sentence": 3}}]}, "phrase 里没有数字 9"),
    ({"added": [{"id": "x", "kind": "text", "subject": "s", "measure": "m", "figure": "全部胜诉", "phrase": "全部胜诉",
                 "locator": {"part": "九", "item": "", "sentence": 1}}]}, "没有 九 这个位置"),
])
def test_a_bad_overlay_is_refused_with_its_place(tmp_path, overlay, message):
    with pytest.raises(KnowledgeError) as error:
        load_reports([report_file(tmp_path, overlay)])
    assert message in str(error.value) and "some-2020.overlay.yml" in str(error.value)


def test_a_renamed_fact_is_suggested(tmp_path):
    path = report_file(tmp_path)
    with pytest.raises(KnowledgeError, match="5.2-12件"):
        apply_overlay(load_report(path), Overlay.parse_obj({"facts": {"5.2-12": {"measure": "受理"}}}), path, "some-2020")


def test_added_facts_stand_in_the_report(shared):
    """Every curated fact quotes characters that are really in the source text."""
    from knowledge.extract.normalise import clean_lines

    text = "".join(clean_lines((shared / "report" / "zaozhuang-2020.txt").read_text(encoding="utf-8")))
    overlay = load_overlay(FOLDER / "zaozhuang-2020.overlay.yml")
    assert all(fact.phrase in text for fact in overlay.added)
    aliases = {alias for edit in overlay.facts.values() for alias in edit.aliases}
    assert len(aliases) > 600
