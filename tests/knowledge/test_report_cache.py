"""Prepared reports on disk: the same answers, made anew whenever anything changed or broke."""
from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from knowledge import report_cache
from knowledge.errors import KnowledgeError
from knowledge.report_cache import CACHE_VARIABLE, open_report
from knowledge.reports import REPORT_FOLDER, is_live, load_index
from knowledge.search import ReportIndex
from knowledge.search.searched import Searched

DAY = datetime.date(2026, 11, 23)
QUESTION = "行政复议受理了多少件"


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the real report, and a cache of its own."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    for path in REPORT_FOLDER.glob("zaozhuang-2020*.yml"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path / "zaozhuang-2020.yml"


def stored() -> list[Path]:
    return sorted(report_cache.cache_folder().iterdir())


def told(searched: Searched) -> str:
    return ReportIndex([searched]).answer(QUESTION, today=DAY).text


def test_the_second_opening_reads_what_the_first_kept(report, monkeypatch):
    first = told(open_report(report, is_live))
    monkeypatch.setattr(report_cache, "_make", lambda path: pytest.fail("made again"))
    again = open_report(report, is_live)
    assert told(again) == first and "362件" in first
    assert again.reviewed and again.title("5.2-362件")


def test_another_user_may_serve_what_one_user_built(report):
    open_report(report, is_live)
    [kept] = stored()
    assert kept.stat().st_mode & 0o777 == 0o644


def test_a_changed_overlay_is_seen_and_the_old_file_goes(report):
    open_report(report, is_live)
    [before] = stored()
    overlay = report.with_name("zaozhuang-2020.overlay.yml")
    overlay.write_text(overlay.read_text(encoding="utf-8").replace("行政复议案件受理{figure}", "复议收下来办的有{figure}"), encoding="utf-8")
    assert "复议收下来办的有362件" in told(open_report(report, is_live))
    assert stored() != [before] and len(stored()) == 1


@pytest.mark.parametrize("rest", [b"", b"nonsense", None])
def test_a_damaged_file_is_made_again(report, rest):
    open_report(report, is_live)
    [path] = stored()
    path.write_bytes(path.read_bytes()[:2000] if rest is None else rest)
    assert "362件" in told(open_report(report, is_live))


def test_a_file_that_goes_away_after_opening_costs_only_time(report):
    open_report(report, is_live)
    searched = open_report(report, is_live)
    stored()[0].unlink()
    assert "362件" in told(searched)


def test_a_folder_that_cannot_be_written_costs_only_time(report, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file"))
    assert "362件" in told(open_report(report, is_live))


def test_a_broken_report_is_told_at_once(report):
    report.write_text("report: [", encoding="utf-8")
    with pytest.raises(KnowledgeError):
        open_report(report, is_live)


def test_a_fact_that_is_not_live_is_never_told(report):
    hidden = "5.2-362件"

    def live(fact, header) -> bool:
        assert header.year == 2020
        return fact.id != hidden

    for _ in range(2):  # freshly made, and read from disk
        index = ReportIndex([open_report(report, live)])
        assert "362件" not in index.answer(QUESTION, today=DAY).text
        assert "362件" not in index.answer_fact(hidden).text


def test_a_group_with_a_fact_that_is_not_live_is_not_shown(report):
    ask = "非诉服务都有哪些，各多少"
    assert ReportIndex([open_report(report, is_live)]).answer(ask, today=DAY).blocks
    assert not ReportIndex([open_report(report, lambda fact, header: fact.id != "5.1-394件")]).answer(ask, today=DAY).blocks


def test_facts_without_any_confidence_are_kept_back(report):
    fact = next(iter(open_report(report, is_live).by_id.values())).fact
    header = open_report(report, is_live).header
    assert is_live(fact, header) and not is_live(fact.copy(update={"confidence": 0.0}), header)


def test_of_a_report_nobody_has_reviewed_nothing_is_told_until_somebody_has(report, tmp_path):
    path = tmp_path / "a.yml"
    shutil.copy(report, path)
    assert open_report(path, is_live) is None and open_report(path, is_live) is None, "made, and read from the disk"
    (tmp_path / "a.overlay.yml").write_text("facts:\n  5.2-362件: {reviewed: true}\n", encoding="utf-8")
    assert [document.fact.id for document in open_report(path, is_live).by_id.values()] == ["5.2-362件"]


def test_the_home_area_leads_whatever_the_files_are_called(report, tmp_path):
    folder = tmp_path / "report"
    folder.mkdir()
    shutil.copy(report, folder / "zaozhuang-2020.yml")
    overlay = report.with_name("zaozhuang-2020.overlay.yml")
    for slug in ("zaozhuang-2020", "a-tengzhou"):  # only reviewed facts are answered from
        shutil.copy(overlay, folder / f"{slug}.overlay.yml")
    text = report.read_text(encoding="utf-8").replace("area: 枣庄市", "area: 滕州市").replace("title: 枣庄市", "title: 滕州市").replace("issuer: 枣庄市", "issuer: 滕州市")
    (folder / "a-tengzhou.yml").write_text(text, encoding="utf-8")
    load_index.cache_clear()
    try:
        assert load_index(folder).answer("行政复议受理案件多少件", today=DAY).record.startswith("report/zaozhuang-2020#")
    finally:
        load_index.cache_clear()
