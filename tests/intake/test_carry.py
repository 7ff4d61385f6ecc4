"""Edits find their facts again, or are put aside; last year's words are offered, never taken as reviewed."""
from __future__ import annotations

import yaml

from intake.carry import keep_edits, overlay_yaml, propose_edits
from knowledge.extract import extract_report
from knowledge.overlay import Overlay, apply_overlay
from tests.intake.making import TEXT

REPORT = extract_report(TEXT)
HANDLED, RATE = "3.1-517件", "3.1-9.2%"


def overlay(**raw) -> Overlay:
    return Overlay.parse_obj(raw)


def test_equal_extractions_keep_everything():
    edits = overlay(reviewed_by="某人", answers_from="all", facts={HANDLED: {"say": "办了{figure}。", "reviewed": True}},
                    groups=[{"id": "g", "title": "复议", "facts": [HANDLED, RATE], "aliases": ["复议各项"]}])
    kept = keep_edits(edits, REPORT, REPORT)
    assert (kept.overlay, kept.set_aside, kept.to_review_again) == (edits, {}, ())


def test_an_edit_follows_its_fact_to_another_place():
    moved = extract_report(TEXT.replace("一、压实法治建设责任\n", "一、总的情况\n（一）概况。情况良好。\n二、压实法治建设责任\n").replace("\n二、政务", "\n三、政务")
                           .replace("\n三、化解", "\n四、化解").replace("\n四、自觉", "\n五、自觉"))
    kept = keep_edits(overlay(facts={HANDLED: {"title": "办了几件", "reviewed": True}}), REPORT, moved)
    assert list(kept.overlay.facts) == ["4.1-517件"] and kept.overlay.facts["4.1-517件"].title == "办了几件" and kept.set_aside == {}


def test_an_edit_without_a_fact_is_put_aside():
    without = extract_report(TEXT.replace("办理行政复议案件517件，", ""))
    kept = keep_edits(overlay(facts={HANDLED: {"title": "办了几件"}}, groups=[{"id": "g", "title": "复议", "facts": [HANDLED, RATE], "aliases": ["复议"]}]),
                      REPORT, without)
    assert kept.overlay.facts == {} and kept.overlay.groups == ()
    assert kept.set_aside[HANDLED] == {"title": "办了几件"} and kept.set_aside["g"]["group"]["title"] == "复议"


def test_a_sentence_that_changed_must_be_reviewed_again():
    changed = extract_report(TEXT.replace("受理431件", "受理430件"))
    kept = keep_edits(overlay(facts={HANDLED: {"reviewed": True}, "1.1-9次": {"reviewed": True}}), REPORT, changed)
    assert kept.to_review_again == (HANDLED,) and kept.overlay.facts["1.1-9次"].reviewed


def test_a_chosen_figure_that_is_gone_from_the_sentence_is_put_aside():
    changed = extract_report(TEXT.replace("受理431件，", ""))
    kept = keep_edits(overlay(facts={HANDLED: {"figure": "431件", "reviewed": True}}), REPORT, changed)
    assert kept.set_aside == {HANDLED: {"figure": "431件"}} and not kept.overlay.facts[HANDLED].reviewed


def test_last_years_words_are_offered_for_facts_of_the_same_name():
    last = extract_report(TEXT.replace("2021", "2020").replace("517件", "417件"))
    edits = overlay(facts={"3.1-417件": {"subject": "复议案子", "say": "复议办了{figure}。", "aliases": ["复议几件"], "needs": ["复议"], "reviewed": True},
                           "3.1-9.2%": {"hidden": True}, "2.1-98.4%": {"say": "有98.4%能网上办。"}})
    offered = propose_edits(last, edits, REPORT)
    edit = offered.facts[HANDLED]
    assert (edit.subject, edit.say, edit.aliases, edit.reviewed) == ("复议案子", "复议办了{figure}。", ("复议几件",), False)
    assert "3.1-9.2%" not in offered.facts, "what was dropped last year is looked at anew"
    assert offered.answers_from == "reviewed"
    apply_overlay(REPORT, offered, "x", "x")


def test_last_years_figures_and_other_matters_are_not_offered():
    last = extract_report(TEXT.replace("98.4%", "97.5%"))
    offered = propose_edits(last, overlay(facts={"2.1-97.5%": {"say": "有97.5%能网上办。", "aliases": ["网上能办多少"]}, "3.2-4项": {"subject": "非诉中心"}}), REPORT)
    assert offered.facts["2.1-98.4%"].say == "" and offered.facts["2.1-98.4%"].aliases == ("网上能办多少",)
    assert "3.2-4项" not in offered.facts, "职能 alone may be another body's this year"


def test_the_file_says_the_same_when_it_is_read_again():
    edits = overlay(facts={HANDLED: {"say": "办了{figure}。", "reviewed": True}},
                    added=[{"id": "x", "kind": "text", "subject": "水质", "measure": "类别", "figure": "好", "phrase": "水质好",
                            "locator": {"part": "三", "item": "（一）", "sentence": 1}}],
                    groups=[{"id": "g", "title": "复议", "facts": [HANDLED, RATE], "aliases": ["复议各项"]}])
    assert Overlay.parse_obj(yaml.safe_load(overlay_yaml(edits, "a-2021"))) == edits
