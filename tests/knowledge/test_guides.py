"""Every guide file: schema, citations, numbers, words; and what happens to a broken one."""
from collections import Counter

import pytest
import yaml

from knowledge.check import problems
from knowledge.errors import KnowledgeError
from knowledge.guides import TOPICS, load_guide_file, load_guides
from knowledge.offices import load_offices

GOOD = {
    "checked_on": "2026-11-23",
    "guides": {"sample": {
        "title": "多久有结果", "questions": ["多久有结果", "几天能批"],
        "points": [{"text": "7日内告诉您批不批。", "cite": ["法律援助法 第四十三条第一款"]}],
        "figures": [{"value": "7", "unit": "日", "kind": "duration", "what": "审查",
                     "cite": ["法律援助法 第四十三条第一款"]}],
    }},
}


def written(tmp_path, change=lambda guide: None):
    raw = yaml.safe_load(yaml.safe_dump(GOOD, allow_unicode=True))
    change(raw["guides"]["sample"])
    path = tmp_path / "sample.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return path


def test_there_are_at_least_ninety_guides_over_all_topics():
    count = Counter(guide.topic for guide in load_guides().values())
    assert sum(count.values()) >= 90
    assert set(count) == set(TOPICS)


def test_no_guide_has_a_number_without_a_record():
    assert problems(load_guides().values()) == []


def test_every_figure_stands_in_the_article_it_cites(shared):
    assert problems(load_guides().values(), shared / "law") == []


def test_every_contact_is_an_office():
    offices = load_offices()
    assert [guide.id for guide in load_guides().values() if not guide.contacts or set(guide.contacts) - set(offices)] == []


def test_titles_are_short_and_unlike():
    titles = Counter(guide.title for guide in load_guides().values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert [title for title in titles if len(title) > 16] == []


def test_a_good_file_loads(tmp_path):
    [guide] = load_guide_file(written(tmp_path), "legal_aid")
    assert guide.intent == "legal_aid_sample"
    assert problems([guide]) == []


def test_an_unknown_contact_is_a_problem(tmp_path):
    [guide] = load_guide_file(written(tmp_path), "legal_aid")
    [problem] = problems([guide.copy(update={"contacts": ["12348", "nobody"]})])
    assert "nobody" in problem and "offices.yml" in problem


@pytest.mark.parametrize(("change", "says"), [
    (lambda guide: guide.pop("points"), "points"),
    (lambda guide: guide["points"][0].update(cite=["法律援助法 第四百条"]), "只有71条"),
    (lambda guide: guide.update(colour="red"), "colour"),
    (lambda guide: guide.update(questions=["一个"]), "questions"),
])
def test_a_broken_guide_is_named_in_one_line(tmp_path, change, says):
    with pytest.raises(KnowledgeError) as caught:
        load_guide_file(written(tmp_path, change), "legal_aid")
    message = str(caught.value)
    assert "sample" in message and says in message and "\n" not in message


def test_a_number_nobody_recorded_is_found(tmp_path):
    [guide] = load_guide_file(written(tmp_path, lambda guide: guide.update(title="9日内有结果")), "legal_aid")
    assert ["9" in problem for problem in problems([guide])] == [True]


def test_a_figure_the_article_does_not_state_is_found(tmp_path, shared):
    path = written(tmp_path, lambda guide: (guide["figures"][0].update(value="8"),
                                            guide["points"][0].update(text="8日内告诉您批不批。")))
    assert len(problems(load_guide_file(path, "legal_aid"), shared / "law")) == 1


@pytest.mark.parametrize("text", ["guides: [", "just text", "guides: {a: {title: 1}}", "\x00"])
def test_what_is_not_a_guide_file_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="broken.yml"):
        load_guide_file(path, "legal_aid")
