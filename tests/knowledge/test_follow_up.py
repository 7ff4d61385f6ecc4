import pytest

from knowledge.errors import KnowledgeError
from knowledge.follow_up import (
    aspect_of,
    corrected_intent,
    intent_asked,
    intent_for,
    intents_for_any,
    load_aspects,
    load_subject_names,
    subject_named,
    subject_of,
)
from knowledge.guides import load_guides

ASPECTS = ["fee", "materials", "where", "how", "how_long", "deadline", "refused"]


@pytest.mark.parametrize("record, subject", [
    ("law/legal_aid#materials", "legal_aid"),
    ("law/reconsideration#how_to_apply", "reconsideration"),
    ("law/legal_services#notary_where", "legal_services_notary"),
    ("law/legal_services#site_wages", "legal_services_site_wages"),
    ("law/legal_services#centre", "legal_services"),
    ("law/services#info_apply", "services_info"),
    ("law/services#online", "services"),
    ("law/legal_services#appraisal_labour_capacity", "legal_services_appraisal_labour_capacity"),
    ("report/zaozhuang-2020#x", ""),
    ("conversation#near_service", ""),
    ("", ""),
])
def test_the_longest_beginning_is_the_subject(record, subject):
    assert subject_of(record) == subject


@pytest.mark.parametrize("aspect, record, intent", [
    ("fee", "law/reconsideration#deadline", "reconsideration_fee"),
    ("materials", "law/legal_aid#where", "legal_aid_materials"),
    ("where", "law/legal_services#notary_fee", "legal_services_notary_where"),
    ("deadline", "law/legal_services#labour_wages", "legal_services_labour_deadline"),
    ("refused", "law/services#permit_how_long", "services_permit_refused"),
])
def test_the_aspect_is_answered_for_the_subject_of_the_last_guide(aspect, record, intent):
    assert intent_for(aspect, record) == intent


@pytest.mark.parametrize("text, intent", [
    ("公正费多少", "legal_services_notary_fee"), ("那公证要钱吗", "legal_services_notary_fee"), ("要钱吗", "reconsideration_fee"), ("", "reconsideration_fee"),
])
def test_a_subject_that_is_named_comes_before_that_of_the_last_guide(text, intent):
    assert intent_asked("fee", text, "law/reconsideration#deadline") == intent


def test_the_committee_for_labour_capacity_takes_nothing_from_judicial_appraisal():
    assert [intent_for(aspect, "law/legal_services#appraisal_labour_capacity") for aspect in ASPECTS] == [""] * len(ASPECTS)


def test_nothing_is_guessed_without_a_record_or_for_an_unknown_aspect():
    assert intent_for("fee", "") == ""
    assert intent_for("colour", "law/legal_aid#fee") == ""


@pytest.mark.parametrize("aspect", ASPECTS)
def test_three_guides_are_offered_when_no_subject_is_known(aspect):
    offered = intents_for_any(aspect)
    assert len(set(offered)) == 3
    assert set(offered) <= set(load_guides())
    assert offered[0].startswith("legal_aid_") and offered[1].startswith("reconsideration_")
    assert offered[2].startswith("legal_services_labour_")


def test_every_aspect_named_is_one_that_is_asked(request):
    assert {aspect for aspects in load_aspects().values() for aspect in aspects} == set(ASPECTS)
    domain = (request.config.rootpath / "domain.yml").read_text(encoding="utf-8")
    assert all(f"- follow_up_{aspect}\n" in domain for aspect in ASPECTS)


@pytest.mark.parametrize("text, problem", [
    ("topics: {}", "缺少 subjects"),
    ("subjects: {legal_aid: {fee: legal_aid_no_such_guide}}", "没有名为 legal_aid_no_such_guide 的指南"),
])
def test_a_broken_file_says_what_to_mend(tmp_path, text, problem):
    path = tmp_path / "aspects.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=problem):
        load_aspects.__wrapped__(path)


def test_a_matter_of_triage_has_the_subject_of_its_first_guide():
    assert subject_of("triage#wages") == "legal_services_labour"
    assert intent_for("fee", "triage#wages") == "legal_services_labour_fee"
    assert subject_of("triage#no_such_matter") == ""


@pytest.mark.parametrize(("text", "record", "intent"), [
    ("不是复议是援助", "law/reconsideration#fee", "legal_aid_fee"),
    ("我问的是公证不是援助", "law/legal_aid#where", "legal_services_notary_where"),
    ("是法律援助不是复议", "law/reconsideration#materials", "legal_aid_materials"),
    ("错了，是劳动仲裁", "", "legal_services_labour_how"),
    ("不是这个", "law/reconsideration#fee", ""),
])
def test_a_corrected_subject_takes_the_aspect_of_the_answer_before(text, record, intent):
    assert corrected_intent(text, record) == intent


def test_names_lead_to_subjects_and_aspects_back():
    assert subject_named("申请行政复议要多久") == "reconsideration"
    assert subject_named("要多久") == ""
    assert aspect_of("legal_aid_fee") == "fee"
    assert aspect_of("legal_aid_soldiers") == ""


def test_a_name_for_an_unknown_subject_is_an_error(tmp_path):
    path = tmp_path / "aspects.yml"
    path.write_text("subjects: {legal_aid: {fee: legal_aid_fee}}\nnames: {weather: [天气]}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="weather"):
        load_subject_names.__wrapped__(path)
