import pytest

from knowledge.law_structure import structure
from knowledge.laws import check_citation, load_laws, parse_citation

STATUTE = """《试验法》

# 试验法

## 第一章　总则

**第一条**　为了试验。

**第二条**　下列情形适用本法：

（一）甲；

（二）乙。

前款规定不适用于丙。

## 第二章　附则

**第三条**　施行。
"""


def test_structure_counts_articles_paragraphs_and_items():
    paragraphs, items = structure(STATUTE)
    assert paragraphs == [1, 2, 1]
    assert items == {"2.1": 2}


def test_a_decision_numbered_with_points_has_a_structure_too():
    paragraphs, items = structure("标题\n一、甲：\n（一）子；\n（二）丑。\n二、乙\n补充一段\n")
    assert paragraphs == [1, 2]
    assert items == {"1.1": 2}


def test_the_laws_have_the_articles_their_texts_have(shared):
    laws = load_laws()
    for path in sorted((shared / "law").glob("*-20*.md")):
        paragraphs, items = structure(path.read_text(encoding="utf-8"))
        matching = [law for law in laws.values() if list(law.paragraphs) == paragraphs and dict(law.items) == items]
        assert matching, f"laws.yml does not match {path.name}"


@pytest.mark.parametrize(("text", "article", "paragraph", "item"), [
    ("行政复议法 第二十条第一款", 20, 1, 0),
    ("行政复议法 第二十三条第一款第（三）项", 23, 1, 3),
    ("法律援助法 第三十一条第（五）项", 31, 0, 5),
    ("司法鉴定管理决定 第七项", 7, 0, 0),
])
def test_citations_that_exist(text, article, paragraph, item):
    citation = check_citation(text)
    assert (citation.article, citation.paragraph, citation.item) == (article, paragraph, item)


@pytest.mark.parametrize(("text", "says"), [
    ("行政复议法 第九十一条", "只有90条"),
    ("行政复议法 第二十条第四款", "只有3款"),
    ("法律援助法 第三十一条第（二十）项", "项"),
    ("不存在法 第一条", "没有《不存在法》"),
    ("行政复议法第二十条", "写法不对"),
])
def test_citations_that_do_not_exist(text, says):
    with pytest.raises(ValueError, match=says):
        check_citation(text)


def test_new_versions_are_the_ones_in_force():
    laws = load_laws()
    assert laws["行政复议法实施条例"].in_force_from.isoformat() == "2026-07-01"
    assert laws["仲裁法"].in_force_from.isoformat() == "2026-03-01"
    assert parse_citation("仲裁法 第七十二条").law in laws
