"""From ranked intents to a channel."""
from knowledge.triage.matters import load_matters
from knowledge.triage.reading import NAMED, combine, matter_told, read, triage_weight


def ranking(**weights):
    return [{"name": name, "confidence": weight} for name, weight in sorted(weights.items(), key=lambda entry: -entry[1])]


def test_matters_of_one_channel_are_weighed_together():
    ranked = ranking(triage_neighbour=0.3, triage_dismissed=0.25, triage_no_contract=0.25)
    reading = read(ranked, "")
    assert reading.matter.primary == "劳动仲裁" and reading.sure


def test_guides_of_the_same_channel_count_for_it():
    ranked = ranking(triage_neighbour=0.24, triage_wages=0.22, legal_services_labour_wages=0.3)
    assert read(ranked, "").matter.key == "wages"


def test_little_weight_is_a_question_back():
    reading = read(ranking(triage_neighbour=0.2, triage_fine=0.15, triage_goods=0.1, triage_rent=0.08), "")
    assert not reading.sure
    assert len(reading.others) == NAMED - 1


def test_no_matter_is_no_reading():
    assert read(ranking(legal_aid_fee=0.9), "") is None
    assert triage_weight(ranking(legal_aid_fee=0.5, triage_rent=0.25, triage_fine=0.25)) == 0.5


def test_words_in_the_message_can_send_a_matter_elsewhere():
    matter = load_matters()["triage_demolition"]
    assert matter.routing("房子被强拆了").primary == "行政复议"
    assert matter.routing("强拆了好几年了 想打官司").primary == "诉讼"


def test_two_unclear_messages_are_clear_together():
    first = ranking(triage_hired_pay=0.2, triage_site_wages=0.18, triage_loan=0.2, triage_wages=0.2)
    second = ranking(triage_site_wages=0.28, triage_neighbour=0.25, triage_house_trade=0.2)
    reading = read(combine(first, second), "")
    assert reading.matter.key == "site_wages" and reading.sure


def test_combined_likelihoods_are_likelihoods_best_first():
    joint = combine(ranking(triage_rent=0.6, triage_loan=0.4), ranking(triage_loan=0.9))
    assert abs(sum(entry["confidence"] for entry in joint) - 1) < 1e-9
    assert [entry["name"] for entry in joint] == ["triage_loan", "triage_rent"]


def test_a_story_is_a_problem_although_the_guide_about_it_is_likelier():
    ranked = ranking(legal_services_labour_wages=0.6, triage_wages=0.3)
    assert matter_told(ranked, "饭店老板拖着我四个月工资不发", "legal_services_labour_wages").key == "wages"
    assert matter_told(ranked, "欠薪怎么申请劳动仲裁", "legal_services_labour_wages") is None
    assert matter_told(ranking(legal_services_labour_wages=0.9, triage_wages=0.05), "老板不发我工资", "legal_services_labour_wages") is None
    assert matter_told([], "我", "legal_services_labour_wages") is None
