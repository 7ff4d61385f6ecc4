"""One answer for several questions."""
from knowledge.answer import Status
from knowledge.guides import load_guides
from knowledge.several import guides_asked, several_answer, with_guides_asked
from knowledge.triage.matters import load_matters
from knowledge.triage.wording import matter_answer


def part(text, name, confidence=0.9):
    return {"text": text, "ranking": [{"name": name, "confidence": confidence}]}


def intents(guides):
    return [guide.intent for guide in guides]


def test_each_part_is_named_in_order_and_takes_the_subject_of_the_one_before():
    parts = [part("申请法律援助要带啥", "legal_aid_materials"), part("去哪办", "follow_up_where"), part("要钱吗", "follow_up_fee")]
    assert intents(guides_asked(parts, "")) == ["legal_aid_materials", "legal_aid_where", "legal_aid_fee"]


def test_a_part_without_a_subject_follows_the_message_not_another_subjects_guide():
    parts = [part("法律援助要钱吗", "legal_aid_fee"), part("多久有结果", "reconsideration_how_long", 0.6)]
    assert intents(guides_asked(parts, "")) == ["legal_aid_fee", "legal_aid_how_long"]


def test_a_part_with_its_own_subject_keeps_it():
    parts = [part("公证要钱吗", "legal_services_notary_fee"), part("法律援助要钱吗", "legal_aid_fee")]
    assert intents(guides_asked(parts, "")) == ["legal_services_notary_fee", "legal_aid_fee"]


def test_the_answer_before_gives_the_subject():
    parts = [part("要带什么", "follow_up_materials"), part("要多久", "follow_up_how_long")]
    assert intents(guides_asked(parts, "law/reconsideration#fee")) == ["reconsideration_materials", "reconsideration_how_long"]


def test_an_unsure_part_is_left_out():
    parts = [part("法律援助要钱吗", "legal_aid_fee"), part("那个呢怎么", "legal_aid_where", 0.2)]
    assert intents(guides_asked(parts, "")) == ["legal_aid_fee"]


def test_the_answer_says_everything_of_each_and_every_source_once():
    guides = [load_guides()[intent] for intent in ("legal_aid_fee", "legal_aid_materials", "legal_aid_where")]
    answer = several_answer(guides)
    assert answer.status is Status.ANSWERED
    positions = [answer.text.index(guide.title) for guide in guides]
    assert positions == sorted(positions)
    assert all(point.text in answer.text for guide in guides for point in guide.points)
    assert answer.text.count("依据：") == 1
    assert {citation.where for citation in answer.citations} >= {"第二条"}
    assert len(answer.buttons) <= 3


def test_a_problem_keeps_its_answer_and_offers_the_guides_asked_beside_it():
    problem = matter_answer(load_matters()["triage_wages"], "老板欠我工资")
    parts = [part("老板欠我工资怎么办", "triage_wages"), part("法律援助要钱吗", "legal_aid_fee")]
    answer = with_guides_asked(problem, parts)
    assert answer.text.startswith(problem.text) and load_guides()["legal_aid_fee"].title in answer.text
    assert answer.buttons[0].payload == "/legal_aid_fee" and len(answer.buttons) <= 4
    assert answer.route == problem.route
    assert with_guides_asked(problem, []) is problem
