"""The whole way of a report: `prepare_report` up to the page, `publish_report` into what is answered from."""
from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import yaml

from intake import trial
from intake.carry import keep_edits, overlay_yaml, propose_edits
from intake.changes import compare
from intake.documents import read_document
from intake.drafts import Draft, Project, draft_of, write_whole
from intake.header import Said, check_said
from intake.page import Reviewed, Row, page
from intake.review import findings, least_sure_first
from intake.trial import Trial
from intake.workbook import edited_overlay, write_workbook
from knowledge.errors import KnowledgeError
from knowledge.extract import confidence, extract_report
from knowledge.extract.structure import read_outline
from knowledge.extract.writer import report_yaml
from knowledge.facts import Locator, ReportFile, load_report, read_yaml
from knowledge.overlay import (
    Overlay,
    ReviewedReport,
    apply_overlay,
    load_overlay,
    load_report_with_overlay,
    overlay_path,
    reviewed_only,
)
from knowledge.reports import report_files
from knowledge.search.wording import sentence
from knowledge.verify import measure_coverage

Say = Callable[[str], None]
STATE = "state.json"


@dataclass(frozen=True)
class State:
    """What is kept about a draft between runs besides its files. `again`: ids to be reviewed once more; `proposed`: ids whose words come
    from last year's report."""

    source: str
    notes: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    trial: Trial | None = None


class Steps:
    """Says which step is being done; a step that fails says so too and leaves what was done before."""

    def __init__(self, say: Say, count: int) -> None:
        self._say, self._count, self._number = say, count, 0

    @contextmanager
    def step(self, name: str):
        """Says which step begins; when it breaks with KnowledgeError, says that what was done is kept, and raises it again."""
        self._number += 1
        self._say(f"第{self._number}步（共{self._count}步）：{name}……")
        try:
            yield
        except KnowledgeError:
            self._say(f"“{name}”这一步没有做完。前面做好的和您改过的都还在，照下面说的改好，再运行同一条命令。")
            raise


def prepare_report(project: Project, said: Said, source: Path | None, say: Say, today: datetime.date, with_model: bool = True) -> Draft:
    """Read a report (again), bring the operator's edits along, rehearse, and write the spreadsheet and the page. Nothing that is answered
    from changes. Without `source` the text of an earlier run is used. Raises KnowledgeError."""
    steps = Steps(say, 7 if with_model else 5)
    with steps.step("读报告"):
        draft, text, state = _text(project, said, source)
    with steps.step("找出事实"):
        report = _extracted(said, text)
        say(f"　{len(report.facts)} 条事实，{len(report.ignored)} 处数字有理由地不收")
    with steps.step("带上您改过的"):
        first = not (draft.overlay.exists() and draft.facts.exists())
        overlay, aside, again = _first_overlay(project, draft, report, say) if first else _edits(draft, report, say)
        reviewed = apply_overlay(report, overlay, draft.overlay, draft.name)
        _save(draft, report, overlay, aside)
        proposed = tuple(overlay.facts) if first and not aside and not (project.published / draft.facts.name).exists() else state.proposed
        still = (fact_id for fact_id in (*state.again, *again) if not _is_reviewed(overlay, fact_id))
        state = replace(state, again=tuple(dict.fromkeys(still)), proposed=tuple(one for one in proposed if not _is_reviewed(overlay, one)))
    with steps.step("和上一份报告比"):
        published = _published(project, report)
        last = max((one for one in published if one.report.area == report.report.area and one.report.year < report.report.year),
                   key=lambda one: one.report.year, default=None)
        changes = compare(last, reviewed, published, today)
    if with_model:
        with steps.step("准备例句，训练（要一两分钟）"):
            trial.prepare(project, draft)
            model = trial.train(project, draft)
        with steps.step("把以前的问题都问一遍（要一两分钟）"):
            tried = state.trial if state.trial and state.trial.model == model.name else trial.evaluate(project, draft)
            state = replace(state, trial=tried)
    with steps.step("写核对用的表格和网页"):
        _write_state(draft, state)
        _write_for_people(draft, report, reviewed, overlay, text, changes, state, today)
    counted = sum(edit.reviewed and not edit.hidden for edit in overlay.facts.values())
    say(f"做好了。核对过的 {counted} 条。请打开看：{draft.page}")
    say(f"要改的写在：{draft.workbook}")
    say(f"改完再运行：make report AREA={report.report.area} YEAR={report.report.year}　看好了再发布：make publish AREA={report.report.area} YEAR={report.report.year}")
    return draft


def _text(project: Project, said: Said, source: Path | None) -> tuple[Draft, str, State]:
    """The text, and the draft it belongs to."""
    if source is None:
        if not (said.area and said.year):
            raise KnowledgeError("make report", "", "没有说是哪份报告", "请写全，例如 make report FILE=报告.docx AREA=枣庄市 YEAR=2021")
        draft = draft_of(project, said.area, said.year)
        if not draft.text.exists():
            raise KnowledgeError("FILE", "", f"还没有读过{said.area}{said.year}年的报告", "第一次请写上 FILE=，例如 FILE=报告.docx")
        return draft, draft.text.read_text(encoding="utf-8"), read_state(draft)
    document = read_document(source)
    check_said(said, document.text)
    header = _extracted(said, document.text).report
    draft = draft_of(project, header.area, header.year)
    earlier = read_state(draft) if (draft.folder / STATE).exists() else State("")
    write_whole(draft.text, document.text)
    state = replace(earlier, source=source.name, notes=document.notes)
    _write_state(draft, state)
    return draft, document.text, state


def _extracted(said: Said, text: str) -> ReportFile:
    try:
        return extract_report(text, title=said.title or None, issuer=said.issuer or None, year=said.year or None, area=said.area or None)
    except KnowledgeError as error:  # the extractor names its own options
        remedy = error.remedy
        for option in ("title", "issuer", "year", "area"):
            remedy = remedy.replace(f"--{option}", f"{option.upper()}=")
        raise KnowledgeError(error.path, error.where, error.problem, remedy) from error


def _edits(draft: Draft, report: ReportFile, say: Say) -> tuple[Overlay, dict[str, dict], tuple[str, ...]]:
    """The draft's own edits with what the spreadsheet changed, brought to the facts as they are read now; what has no fact any more; ids
    to be reviewed again."""
    before = load_report(draft.facts)
    overlay = load_overlay(draft.overlay)
    if draft.workbook.exists():
        overlay, count = edited_overlay(draft.workbook, before, overlay)
        if count:
            say(f"　表格里改了 {count} 条")
            apply_overlay(before, overlay, draft.workbook, draft.name)  # a typed figure is refused before anything is written
            write_whole(draft.overlay, overlay_yaml(overlay, draft.name))
            _refresh_workbook(draft, before, overlay, read_state(draft))
    kept = keep_edits(overlay, before, report)
    return kept.overlay, kept.set_aside, kept.to_review_again


def _first_overlay(project: Project, draft: Draft, report: ReportFile, say: Say) -> tuple[Overlay, dict[str, dict], tuple[str, ...]]:
    own = project.published / draft.facts.name
    if own.exists():  # this very report is answered from already: its edits are the ones to go on with
        kept = keep_edits(load_overlay(overlay_path(own)) if overlay_path(own).exists() else Overlay(), load_report(own), report)
        return kept.overlay, kept.set_aside, kept.to_review_again
    earlier = [path for path in report_files(project.published) if _is_earlier(load_report(path), report)]
    if not earlier:
        return Overlay(), {}, ()
    last = max(earlier, key=lambda path: load_report(path).report.year)
    proposed = propose_edits(load_report(last), load_overlay(overlay_path(last)) if overlay_path(last).exists() else Overlay(), report)
    say(f"　{len(proposed.facts)} 条用上了上一份报告里写好的说法和问法（数字是新的，也要核对）")
    return proposed, {}, ()


def _is_earlier(other: ReportFile, report: ReportFile) -> bool:
    return other.report.area == report.report.area and other.report.year < report.report.year


def _is_reviewed(overlay: Overlay, fact_id: str) -> bool:
    return fact_id in overlay.facts and overlay.facts[fact_id].reviewed


def _save(draft: Draft, report: ReportFile, overlay: Overlay, aside: Mapping[str, dict]) -> None:
    """Write facts and edits; an overlay that says the same is left alone, with its comments."""
    write_whole(draft.facts, report_yaml(report))
    if not draft.overlay.exists() or load_overlay(draft.overlay) != overlay:
        write_whole(draft.overlay, overlay_yaml(overlay, draft.name))
    if aside:
        already = read_yaml(draft.set_aside) if draft.set_aside.exists() else {}
        write_whole(draft.set_aside, yaml.safe_dump({**already, **aside}, allow_unicode=True, sort_keys=False))


def _published(project: Project, report: ReportFile) -> list[ReviewedReport]:
    """What is answered from now, but for this very report."""
    found = []
    for path in report_files(project.published):
        loaded, overlay = load_report_with_overlay(path)
        kept = reviewed_only(loaded, overlay)
        if kept.facts and (kept.report.area, kept.report.year) != (report.report.area, report.report.year):
            found.append(kept)
    return found


def _refresh_workbook(draft: Draft, report: ReportFile, overlay: Overlay, state: State) -> None:
    """Write the spreadsheet anew, so that what was read from it does not count as new a second time. The one read is kept beside it."""
    reviewed = apply_overlay(report, overlay, draft.overlay, draft.name)
    shutil.copy2(draft.workbook, draft.workbook.with_name("facts-before.xlsx"))
    write_whole(draft.workbook, _workbook(report, reviewed, overlay, state))


def _remarks(reviewed: ReviewedReport, state: State) -> dict[str, str]:
    """What to say beside a fact, by its id."""
    told = {fact_id: [remark] for fact_id, remark in findings(reviewed).remarks().items()}
    for ids, remark in ((state.proposed, "说法和问法是上一份报告的，请看还对不对"), (state.again, "核对之后变过，请再核对一次")):
        for fact_id in ids:
            told.setdefault(fact_id, []).append(remark)
    return {fact_id: "；".join(remarks) for fact_id, remarks in told.items()}


def _workbook(report: ReportFile, reviewed: ReviewedReport, overlay: Overlay, state: State) -> bytes:
    return write_workbook(report, overlay, least_sure_first(report.facts), _remarks(reviewed, state), {fact.id: confidence(fact) for fact in report.facts})


def _write_for_people(draft: Draft, report: ReportFile, reviewed: ReviewedReport, overlay: Overlay, text: str, changes, state: State,
                      today: datetime.date) -> None:
    write_whole(draft.workbook, _workbook(report, reviewed, overlay, state))
    found = findings(reviewed)
    remarks = _remarks(reviewed, state)
    shown = {fact.id: fact for fact in reviewed.facts}
    rows = []
    for fact in least_sure_first([*report.facts, *(fact for fact in reviewed.facts if fact.id in {entry.id for entry in overlay.added})]):
        edit = overlay.facts.get(fact.id)
        seen = shown.get(fact.id, fact)
        rows.append(Row(seen, confidence(fact), sentence(seen, report.report), remarks.get(fact.id, ""), bool(edit and edit.reviewed), bool(edit and edit.hidden)))
    aside = list(read_yaml(draft.set_aside) or {}) if draft.set_aside.exists() else []
    told = Reviewed(report.report, state.source, rows, report.ignored, measure_coverage(report, _sentences(text)), found, changes, state.notes, aside,
                    state.again, state.trial)
    write_whole(draft.page, page(told, today))


def _sentences(text: str) -> dict[Locator, str]:
    outline = read_outline(text)
    sentences = {one.locator: one.text for one in outline.sentences()}
    if outline.title:
        sentences.setdefault(Locator(part="", sentence=0), outline.title)
    return sentences


def read_state(draft: Draft) -> State:
    """Raises KnowledgeError when the draft's notes have been damaged."""
    path = draft.folder / STATE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        tried = raw["trial"] and Trial(raw["trial"]["model"], raw["trial"]["figures"], tuple(raw["trial"]["below"]))
        return State(raw["source"], tuple(raw["notes"]), tuple(raw["again"]), tuple(raw["proposed"]), tried)
    except FileNotFoundError:
        return State("")
    except (ValueError, KeyError, TypeError) as error:
        raise KnowledgeError(path, "", "这个文件坏了", "请删掉它，带上 FILE= 再运行一次 make report（您改过的不会丢）") from error


def _write_state(draft: Draft, state: State) -> None:
    write_whole(draft.folder / STATE, json.dumps(asdict(state), ensure_ascii=False, indent=1))
