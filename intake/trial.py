"""The rehearsal: a copy of the project in which the report is already published, to train and to ask before anything is changed."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from intake.drafts import Draft, Project
from knowledge.errors import KnowledgeError
from server.build import fingerprint

COPIED = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "uv.lock", "data", "nlu", "embedding", "knowledge", "actions", "channels",
          "server", "evaluation", "desk", "feedback", "keys", "privacy", "conversations", "telemetry", "notices")
GENERATED = ("domain.yml", "data/rules", "data/nlu/report_from_facts.yml", "knowledge/search/report_words.txt")
REPORT_SET = "report.jsonl"  # asks for last year's figures by their records; what changes there is on the page, question by question
LONGEST = 1800  # seconds that a step may take


@dataclass(frozen=True)
class Trial:
    """How the evaluation ended. `figures`: measures by name; `below`: lines that say which floor was missed."""

    model: str
    figures: dict[str, float] = field(default_factory=dict)
    below: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every measure reached its floor."""
        return not self.below


def prepare(project: Project, draft: Draft) -> None:
    """Copy the project and put the draft into the copy, with the training lines and words that follow. Raises KnowledgeError."""
    target = draft.rehearsal
    for name in COPIED:
        source, place = project.root / name, target / name
        if place.is_dir():
            shutil.rmtree(place)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)
    models = target / "models"
    models.mkdir(exist_ok=True)
    for path in (project.root / "models").glob("zaofatong-*.tar.gz"):
        if not (models / path.name).exists():
            _link(path, models / path.name)
    reports = target / "knowledge" / "report"
    for path in (draft.facts, draft.overlay):
        shutil.copy2(path, reports / path.name)
    _run(project, draft, "nlu.project_files")


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def model_path(draft: Draft) -> Path:
    """Where the model is that fits the rehearsal's sources; the project's own after publishing."""
    return draft.rehearsal / "models" / f"zaofatong-{fingerprint(draft.rehearsal)}.tar.gz"


def train(project: Project, draft: Draft) -> Path:
    """Train in the rehearsal; a model that fits already is kept. Raises KnowledgeError."""
    path = model_path(draft)
    if not path.exists():
        _run(project, draft, "server", "--train-only")
    if not path.exists():
        raise KnowledgeError(path, "", "训练做完了，却没有模型", "请再运行一次")
    return path


def evaluate(project: Project, draft: Draft) -> Trial:
    """Ask the project's own cases in the rehearsal, last year's figures aside, and compare with the floors. Raises KnowledgeError."""
    folder = draft.rehearsal / "evaluation"
    sets = sorted(str(path.relative_to(draft.rehearsal)) for path in (folder / "sets").glob("*.jsonl") if path.name != REPORT_SET)
    _run(project, draft, "evaluation", *sets, "--output", "results")
    measured = json.loads((draft.rehearsal / "results" / "figures.json").read_text(encoding="utf-8"))
    floors = yaml.safe_load((folder / "floors.yml").read_text(encoding="utf-8"))
    return judged(model_path(draft).name, measured, floors)


def judged(model: str, measured: dict[str, list[dict]], floors: dict[str, dict[str, float]]) -> Trial:
    """Compare measures with their floors: a measure that is better when lower must stay under its bar."""
    found = {part: {one["name"]: one for one in measures} for part, measures in measured.items()}
    figures, below = {}, []
    for part, bars in floors.items():
        for name, bar in bars.items():
            one = found.get(part, {}).get(name)
            if one is None:
                below.append(f"{name}：没有量出来")
                continue
            figures[name] = one["value"]
            if one["value"] < bar if one["better"] == "higher" else one["value"] > bar:
                below.append(f"{name}：{one['value']:.3f}，{'至少' if one['better'] == 'higher' else '最多'} {bar}")
    return Trial(model, figures, tuple(below))


def _run(project: Project, draft: Draft, module: str, *arguments: str) -> None:
    run_in(draft.rehearsal, project, module, *arguments)


def run_in(folder: Path, project: Project, module: str, *arguments: str) -> None:
    """Run a part of the project in a folder (the rehearsal, or the project itself). Raises KnowledgeError with its last lines."""
    surroundings = {**os.environ, "ZAOFATONG_CACHE": os.environ.get("ZAOFATONG_CACHE") or str(project.root / ".cache"),
                    "ZAOFATONG_CONVERSATIONS": str(folder / "trial.db"), "ZAOFATONG_FEEDBACK": str(folder / "trial-feedback.db")}
    command: Sequence[str] = (sys.executable, "-m", module, *arguments)
    try:
        done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise KnowledgeError(folder, module, f"{LONGEST // 60}分钟还没做完", "请看看机器是不是很忙，再运行一次") from error
    if done.returncode:
        last = " ".join((done.stderr or done.stdout).strip().splitlines()[-4:])
        raise KnowledgeError(folder, module, f"试运行没有成功（{last}）", "请把这一行发给维护程序的人；正在用的助手没有动")


def publish_files(project: Project, draft: Draft) -> list[tuple[Path, Path]]:
    """(from, to) of every file that publishing changes, in the order in which to copy: what is used last comes last."""
    pairs = []
    for name in GENERATED:
        source = draft.rehearsal / name
        files = sorted(source.rglob("*.yml")) if source.is_dir() else [source]
        pairs.extend((file, project.root / file.relative_to(draft.rehearsal)) for file in files)
    pairs.extend((path, project.published / path.name) for path in (draft.overlay, draft.facts))
    return [(source, target) for source, target in pairs if not target.exists() or source.read_bytes() != target.read_bytes()]
