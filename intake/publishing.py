"""Publishing: the one step that changes what residents are told. It can be taken back."""
from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from intake import trial
from intake.carry import overlay_yaml
from intake.drafts import Draft, Project, draft_of, write_whole
from intake.header import Said
from intake.pipeline import Say, prepare_report, read_state
from knowledge.errors import KnowledgeError
from knowledge.extract.structure import read_outline
from knowledge.overlay import Overlay, load_overlay, load_report_with_overlay

BEFORE = "before-publishing"
ABSENT = ".absent"  # beside a file's place in the copy: it was not there before


def publish_report(project: Project, said: Said, say: Say, today: datetime.date, *, with_model: bool = True, unreviewed: bool = False,
                   anyway: bool = False) -> Draft:
    """Put the draft among the reports that are answered from; residents see it after the next start. Raises KnowledgeError when nothing
    has been reviewed (`unreviewed`: answer from all facts that are not dropped) or a floor was missed or most of a report would fall silent (`anyway`: publish all the same)."""
    draft = prepare_report(project, said, None, say, today, with_model)
    overlay = load_overlay(draft.overlay)
    wanted = overlay.copy(update={"answers_from": "all" if unreviewed else "reviewed"})
    if wanted != overlay:
        write_whole(draft.overlay, overlay_yaml(wanted, draft.name))
    count = _answerable(draft, wanted)
    if not count:
        raise KnowledgeError(draft.workbook, "", "还没有一条写了“已核对”", "请对着报告核对，在“已核对”那一格选“是”，存好再发布")
    if not anyway:
        _check_not_fewer(project, draft, wanted, count)
    check_added(draft, wanted)
    tried = read_state(draft).trial
    if with_model and tried and not tried.passed and not anyway:
        raise KnowledgeError(draft.page, "试了一遍", "；".join(tried.below), "请看网页里会变的回答；一定要发布，在命令后面加 ANYWAY=1")
    trial.prepare(project, draft)  # the overlay may have changed since the rehearsal
    changes = trial.publish_files(project, draft)
    _keep_before(project, draft, [target for _, target in changes])
    if with_model:
        _take_model(project, draft)
    for source, target in changes:
        write_whole(target, source.read_bytes())
    say(f"发布好了：{count} 条可以回答。" + ("注意：没有核对过的也会回答。" if unreviewed else "没有核对过的不会回答。"))
    say("请重新启动助手（在运行 make run 的窗口按 Ctrl-C，再运行 make run），居民就能问到了。")
    say(f"要退回去：make withdraw AREA={said.area} YEAR={said.year}")
    return draft


def _answerable(draft: Draft, overlay: Overlay) -> int:
    report, _ = load_report_with_overlay(draft.facts)
    if overlay.answers_from == "all":
        return len(report.facts)
    return sum(fact.id in overlay.facts and overlay.facts[fact.id].reviewed for fact in report.facts)


def _check_not_fewer(project: Project, draft: Draft, overlay: Overlay, count: int) -> None:
    """A report that is answered from as a whole is not cut down to the few facts marked so far without a word. Raises KnowledgeError."""
    published = project.published / draft.facts.name
    if overlay.answers_from == "all" or not published.exists():
        return
    report, now = load_report_with_overlay(published)
    if now.answers_from == "all" and count < len(report.facts):
        raise KnowledgeError(published, "", f"现在这份报告有 {len(report.facts)} 条在回答，发布以后只剩核对过的 {count} 条",
                             "先核对完再发布；没核对的照旧回答，加 UNREVIEWED=1；只留核对过的，加 ANYWAY=1")


def check_added(draft: Draft, overlay: Overlay) -> None:
    """Facts added by hand must stand in the report, word for word, where they say. Raises KnowledgeError."""
    sentences = {one.locator: one.text for one in read_outline(draft.text.read_text(encoding="utf-8")).sentences()}
    for entry in overlay.added:
        if entry.phrase not in sentences.get(entry.locator, ""):
            raise KnowledgeError(draft.overlay, entry.id, f"报告{entry.locator.where}第{entry.locator.sentence}句里没有“{entry.phrase}”", "请照报告原文改 phrase 和 locator")


def _take_model(project: Project, draft: Draft) -> None:
    model = trial.model_path(draft)
    target = project.root / "models" / model.name
    target.parent.mkdir(exist_ok=True)
    if model.exists() and not target.exists():
        shutil.copy2(model, target.with_suffix(".new"))
        target.with_suffix(".new").replace(target)


def _keep_before(project: Project, draft: Draft, targets: list[Path]) -> None:
    """Copy what is about to be replaced. A second publishing of the same draft keeps the first copy: withdrawing goes back to the time
    before the report was there."""
    for target in targets:
        place = draft.folder / BEFORE / target.relative_to(project.root)
        absent = place.with_name(place.name + ABSENT)
        if place.exists() or absent.exists():
            continue
        if target.exists():
            write_whole(place, target.read_bytes())
        else:
            write_whole(absent, b"")


def withdraw_report(project: Project, said: Said, say: Say) -> None:
    """Put back what was answered from before the report was published; the draft and its edits stay. Raises KnowledgeError."""
    draft = draft_of(project, said.area, said.year)
    published = project.published / draft.facts.name
    kept = draft.folder / BEFORE
    if not kept.exists():
        raise KnowledgeError(published, "", f"{said.area}{said.year}年的报告没有用 make publish 发布过", "没有什么要退回的")
    for name in (draft.facts.name, draft.overlay.name):
        _put_back(kept / "knowledge" / "report" / name, project.published / name)
    trial.run_in(project.root, project, "nlu.project_files")
    shutil.rmtree(kept)
    say("退回好了，您的修改还在草稿里。请重新启动助手（make run）。")


def _put_back(place: Path, target: Path) -> None:
    if place.exists():
        write_whole(target, place.read_bytes())
    elif place.with_name(place.name + ABSENT).exists():
        target.unlink(missing_ok=True)


