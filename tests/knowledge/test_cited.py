"""Before a revision is worked through, one command says what rests on the law."""
import pytest

from knowledge.cited import citing
from knowledge.cli import main
from knowledge.guides import load_guides
from knowledge.laws import load_laws, parse_citation


def test_every_guide_that_cites_the_article_is_listed():
    expected = {guide.id for guide in load_guides().values() for point in (*guide.points, *guide.figures)
                for cite in point.cite if parse_citation(cite).law == "法律援助法" and parse_citation(cite).article == 43}
    found = citing("法律援助法", 43)
    assert expected and expected <= {cited.record for cited in found} and {cited.article for cited in found} == {43}


def test_every_law_can_be_asked_for_and_most_are_cited():
    cited = [law for law in load_laws() if citing(law)]
    assert len(cited) > len(load_laws()) / 2
    kinds = {found.record.split("/")[0].split("#")[0] for law in cited for found in citing(law)}
    assert {"law", "triage", "checks"} <= kinds


@pytest.mark.parametrize("article", ["第四十三条", "四十三", "43"])
def test_the_command_takes_an_article_in_any_writing(article, capsys):
    assert main(["cites", "法律援助法", article]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1 and all(line.startswith("第四十三条") for line in lines[:-1]) and "条记录引用" in lines[-1]


def test_an_unknown_law_is_answered_with_those_there_are(capsys):
    assert main(["cites", "不存在的法"]) == 2
    assert "法律援助法" in capsys.readouterr().out
