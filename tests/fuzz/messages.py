"""What strangers type: residents' questions, the same broken up, and everything that has ever opened a hole somewhere."""
from __future__ import annotations

import functools
from pathlib import Path

import yaml
from hypothesis import strategies as st

from knowledge.guides import load_guides

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = ("\u200b", "\u2060", "\ufeff", "\u202e", "\u00ad", "\x00", "\x1f", "\u3000", "\t", "\r\n", "\u2028", "\ud800", "\U000e0001", "\u0338")
SLASHES = ("/", "／", "⁄", "∕", "⧸", "//", "/ /", "\\", "%2f", "&#47;", "EXTERNAL: ", "EXTERNAL: /")
COMMANDS = ("restart", "back", "session_start", "greet", "legal_aid_fee", "out_of_scope", 'report_figure{"fact": "5.2-444件"}', 'rate{"stars": "5"}',
            "feedback_helpful", "delete_conversation", 'inform{"handover": {"reference": "x"}}', "check_legal_aid", "nlu_fallback", "restart@1.0",
            'legal_aid_fee@0.99{"last_record": "x"}', "legal_aid_fee{", 'legal_aid_fee{"a": NaN}', "EXTERNAL: greet")
ODD = ("", " ", "。", "？？？", "0", "-1", "1", "第二个", "是", "不", "null", "[]", "{}", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "'; DROP TABLE events; --",
       "<script>alert(1)</script>", "]]><x/>", "<!DOCTYPE x>", "&lt;", "[x](y)", "@room", "../../etc/passwd", "2020年13月45日", "农历闰十三月三十二",
       "9" * 400, "-" * 500, "〇" * 300, "370402199001011234", "13800138000", "我要自杀", "他正在打我", "取消", "上一步", "不知道", "删除我的对话", "转人工",
       "1900-02-29", "公元前221年", "１２３４５", "零点五个月", "万亿亿亿年", "上上上上个月31号", "🏳️‍🌈" * 60, "e\u0301" * 200, "ﷺ" * 100, "İ" * 200, "\U0001f9d1\u200d" * 80)


@functools.cache
def questions() -> tuple[str, ...]:
    """What residents ask, from the project's own guides and training lines."""
    asked = [question for guide in load_guides().values() for question in guide.questions]
    for path in sorted((ROOT / "data" / "nlu").glob("**/*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu") or []:
            asked += [line.removeprefix("- ") for line in (block.get("examples") or "").splitlines()[::40]]
    return tuple(dict.fromkeys(line for line in asked if line))


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A question with pieces of others, hidden characters and repetitions in it."""
    text = draw(st.sampled_from(questions()))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(questions()) | st.sampled_from(HIDDEN + SLASHES + ODD) | st.text(max_size=6))
        text = text[:at] + piece + text[at if draw(st.booleans()) else at + 2:]
    return text * draw(st.sampled_from((1, 1, 1, 2, 40)))


def commands() -> st.SearchStrategy[str]:
    """A command behind whatever may hide its sign."""
    hidden = st.lists(st.sampled_from(HIDDEN + (" ", "")), max_size=3).map("".join)
    return st.builds(lambda *parts: "".join(parts), hidden, st.sampled_from(SLASHES), hidden, st.sampled_from(COMMANDS), hidden)


def messages() -> st.SearchStrategy[str]:
    # st.text leaves surrogates out unless told otherwise; JSON can carry them.
    anything = st.text(st.characters(exclude_categories=()), max_size=80)
    return st.sampled_from(questions()) | broken() | broken() | commands() | commands() | st.sampled_from(ODD) | anything | st.text(max_size=700)


def json_values(most: int = 8) -> st.SearchStrategy[object]:
    plain = st.none() | st.booleans() | st.integers() | st.floats() | messages()
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=most)
