"""Every matter: schema, citations, numbers, words; and what happens to a broken one."""
import re
from collections import Counter

import pytest
import yaml

from knowledge.answer import Status
from knowledge.check import matter_problems
from knowledge.conversation import clarify_answer, reply_answer
from knowledge.errors import KnowledgeError
from knowledge.guides import load_guides
from knowledge.triage.channels import CHANNELS, channel_of, load_channels, with_channel
from knowledge.triage.matters import load_matter_file, load_matters
from knowledge.triage.reading import Reading
from knowledge.triage.wording import SPOKEN, matter_answer, unsure_answer
from knowledge.wording import guide_answer

MATTERS = load_matters()
GOOD = {"title": "样例", "primary": "诉讼", "alternatives": ["人民调解"], "cues": ["样", "例", "子"], "why": "这是一个样例，先去法院。",
        "first_step": "去法院问问。", "bring": ["身份证"], "second": "也可以调解。", "contacts": ["12348"]}


def written(tmp_path, **changes):
    path = tmp_path / "sample.yml"
    path.write_text(yaml.safe_dump({"checked_on": "2026-11-25", "matters": {"sample": {**GOOD, **changes}}}, allow_unicode=True), encoding="utf-8")
    return path


def test_every_channel_but_one_is_the_first_choice_of_a_matter():
    assert set(CHANNELS) - {routing.primary for matter in MATTERS.values() for routing in (matter, *matter.variants)} <= {"超出范围", "行政调解"}


def test_no_matter_has_a_number_without_a_record():
    assert matter_problems(MATTERS.values()) == []


def test_every_deadline_stands_in_the_article_it_cites(shared):
    assert matter_problems(MATTERS.values(), shared / "law") == []


@pytest.mark.parametrize("intent", sorted(MATTERS))
def test_an_answer_says_why_what_first_what_to_bring_and_what_else(intent):
    matter = MATTERS[intent]
    answer = matter_answer(matter, "")
    assert answer.status is Status.ROUTED and answer.record == matter.id
    assert answer.route["primary"] == matter.primary and answer.route["alternatives"] == matter.alternatives
    for said in (matter.why, matter.first_step, matter.second, *matter.bring, *(f"{one.value}{one.unit}" for one in matter.deadlines)):
        assert said in answer.text
    assert re.search(r"\b\d{3,5}\b", answer.text), "a phone number is the least a resident can do next"
    assert len(answer.text) <= 700


@pytest.mark.parametrize(("key", "text", "not_channel"), [
    ("traffic_finding", "交通事故认定书责任不公能申请复议吗", "行政复议"),
    ("police_no_case", "公安不立案 我要复议", "行政复议"),
    ("labour_capacity", "劳动能力鉴定去哪做", "司法鉴定"),
    ("contracted_land", "承包地被邻居占了找政府裁决吗", "行政裁决"),
    ("court_review", "法院判决不公我要复议", "行政复议"),
])
def test_traps_are_not_sent_the_wrong_way(key, text, not_channel):
    assert MATTERS[f"triage_{key}"].routing(text).primary != not_channel


@pytest.mark.parametrize(("key", "text"), [
    ("traffic_finding", "对事故认定不服怎么复议"), ("police_no_case", "不立案可以复议吗"), ("court_review", "判决书下来了想申请复议")])
def test_a_wrong_frame_is_corrected_before_anything_else(key, text):
    matter = MATTERS[f"triage_{key}"]
    assert matter.corrections_for(text), "no correction for 复议"
    assert matter_answer(matter, text).text.startswith(matter.corrections_for(text)[0].say)


def test_building_site_wages_go_to_the_labour_inspection_with_legal_aid_without_a_hardship_check():
    matter = MATTERS["triage_site_wages"]
    assert matter.primary == "12345/主管部门投诉" and "法律援助" in matter.alternatives
    assert "法律援助法 第四十二条第（三）项" in matter.citations("")


def test_the_residents_own_words_are_said_back():
    answer = matter_answer(MATTERS["triage_site_wages"], "在滕州工地干了仨月，包工头欠工钱不给")
    assert "您说“包工头欠工钱不给”" in answer.text


def test_unsure_asks_one_question_with_a_button_each():
    matters = [MATTERS["triage_wages"], MATTERS["triage_site_wages"]]
    answer = unsure_answer(Reading(matters[0], False, (matters[1],)), "欠我钱")
    assert answer.status is Status.CLARIFY
    assert [button.payload for button in answer.buttons] == ["/triage_wages", "/triage_site_wages"]
    assert answer.text.count("？") == 1


def test_titles_are_unlike_and_every_channel_can_be_said():
    assert max(Counter(matter.title for matter in MATTERS.values()).values()) == 1
    assert set(SPOKEN) == set(CHANNELS)


@pytest.mark.parametrize(("changes", "where"), [
    ({"primary": "找熟人"}, "sample → primary"), ({"alternatives": ["诉讼"]}, "sample → alternatives"), ({"colour": "red"}, "sample → colour"),
    ({"guides": ["no_such_guide"]}, "sample → guides"), ({"contacts": ["999"]}, "sample → contacts"), ({"cite": ["民法典 第一条"]}, "sample → cite"),
])
def test_a_broken_matter_is_named_with_the_place(tmp_path, changes, where):
    with pytest.raises(KnowledgeError, match=where):
        load_matter_file(written(tmp_path, **changes))


def test_a_good_matter_loads(tmp_path):
    [matter] = load_matter_file(written(tmp_path))
    assert matter.intent == "triage_sample"


def test_a_number_without_a_record_is_found(tmp_path):
    [matter] = load_matter_file(written(tmp_path, first_step="要在60日内去法院。"))
    assert len(matter_problems([matter])) == 1


@pytest.mark.parametrize(("intent", "channel"), [
    ("legal_aid_fee", "法律援助"), ("legal_services_labour_deadline", "劳动仲裁"), ("legal_services_notary_fee", "公证"),
    ("legal_services_appraisal_labour_capacity", "12345/主管部门投诉"), ("near_service", "12345/主管部门投诉"),
    ("emergency_violence", "报警110"), ("greet", ""),
])
def test_guides_and_other_intents_have_the_channel_of_their_longest_beginning(intent, channel):
    assert channel_of(intent) == channel


def test_an_unknown_channel_in_the_file_is_named(tmp_path):
    path = tmp_path / "channels.yml"
    path.write_text("channels:\n  legal_aid: 找熟人\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="legal_aid"):
        load_channels.__wrapped__(path)


def test_an_answer_with_a_route_keeps_it():
    answer = matter_answer(MATTERS["triage_wages"], "")
    assert with_channel(answer) is answer


def test_a_guide_and_a_choice_of_guides_get_their_channel():
    assert with_channel(guide_answer(load_guides()["legal_aid_fee"])).route["primary"] == "法律援助"
    assert with_channel(clarify_answer(["legal_services_notary_fee", "legal_aid_fee"])).route["primary"] == "公证"
    assert with_channel(reply_answer("greet")).route is None
