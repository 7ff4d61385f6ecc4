"""The two projects that are compared, as copies in a folder of their own, and their training from cold.

Ours is this project; stock is the same data, domain, rules, actions and knowledge with benchmarks/stock's config.yml, endpoints.yml and
credentials.yml. A copy has no model, no Rasa cache, no embedding cache and no jieba cache.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STOCK_FILES = ROOT / "benchmarks" / "stock"
OURS, STOCK = "ours", "stock"
LEFT_OUT = shutil.ignore_patterns(".*", "models", "results", "widget", "node_modules", "__pycache__", "*.db", "*.db-*", "*.log", "deploy", "docs")
CARRIED = (".cache", "models")  # what training makes, for runs that do not measure it
EPOCHS = re.compile(r"^(\s*epochs:\s*)\d+\s*$", re.MULTILINE)
FULL_EPOCHS = 100
TRAINING_SECONDS = 24 * 3600
# Epochs done and the time since the start in the progress line of DIET: "Epochs:  50%|…| 1/2 [01:23<01:23, 83.0s/it, …]".
_ACCURACY = re.compile(r"i_acc=([\d.]+)")
_PROGRESS = re.compile(r"Epochs:[^\r\n]*?(\d+)/\d+ \[([\d:]+)<")


class TrainingFailed(RuntimeError):
    """A side could not be trained; the message holds the end of what it said."""


@dataclass(frozen=True)
class Trained:
    """`seconds`: of the whole command, process start included; `facts`: what else is known about it."""

    model: Path
    seconds: float
    facts: dict[str, Any] = field(default_factory=dict)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What the processes of a side run with: files of their own; no thread setting but the side's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ZAOFATONG_", "OMP_", "PYTHONPATH"))}
    temporary = folder / ".tmp"
    temporary.mkdir(exist_ok=True)
    own = {"TMPDIR": str(temporary), "ZAOFATONG_FEEDBACK": str(folder / "feedback.db"), "ZAOFATONG_TURNS": str(folder / "turns.log"),
           "PYTHONDONTWRITEBYTECODE": ""}
    return {**inherited, **own, **more}


def stock_threads() -> dict[str, str]:
    """As without our environment file: as many threads as cores."""
    return {"OMP_NUM_THREADS": str(os.cpu_count() or 1)}


def copy_project(kind: str, folder: Path, root: Path = ROOT, carry: bool = False) -> Path:
    """Copy the project into `folder`/`kind` and return that; `carry`: with the model and the caches of training."""
    target = folder / kind
    shutil.copytree(root, target, ignore=LEFT_OUT)
    if kind == STOCK:
        for path in STOCK_FILES.glob("*.yml"):
            shutil.copy(path, target / path.name)
    for name in CARRIED if carry else ():
        if (root / name).exists():
            shutil.copytree(root / name, target / name, dirs_exist_ok=True)
    return target


def with_epochs(config: str, epochs: int) -> str:
    """The stock config.yml with another number of epochs. Raises ValueError when it names none."""
    changed, count = EPOCHS.subn(rf"\g<1>{epochs}", config)
    if not count:
        raise ValueError("the config names no epochs")
    return changed


def seconds_of(clock: str) -> int:
    """"1:02:03" or "02:03" in seconds."""
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def epoch_seconds(log: str) -> list[float]:
    """Seconds of each epoch of DIET, from its progress lines: the first count to the end (a second one would be TED's)."""
    ended: dict[int, int] = {}
    for done, clock in _PROGRESS.findall(log):
        if int(done) < max(ended, default=0):
            break
        ended.setdefault(int(done), seconds_of(clock))
    return [ended[epoch] - ended.get(epoch - 1, 0) for epoch in sorted(ended) if epoch]


def training_accuracy(log: str) -> float | None:
    """Share of training lines whose intent DIET had right in its last epoch, as it prints it: near 1, more epochs teach it little."""
    found = _ACCURACY.findall(log)
    return float(found[-1]) if found else None


def estimate(seconds: float, each: Sequence[float], epochs: int = FULL_EPOCHS) -> float | None:
    """Seconds a training of that many epochs would take at least: DIET's batches grow over the epochs, so its last epoch is its fastest."""
    return seconds + (epochs - len(each)) * each[-1] if each else None


def _train(command: list[str], project: Path, env: dict[str, str]) -> tuple[float, str]:
    """Run a training; return its seconds and what it said. Raises TrainingFailed."""
    log = project / "training.log"
    started = time.monotonic()
    with log.open("w") as file:
        code = subprocess.run(command, cwd=project, env=env, stdout=file, stderr=file, timeout=TRAINING_SECONDS, check=False).returncode
    seconds = time.monotonic() - started
    said = log.read_text(encoding="utf-8", errors="replace")
    if code or not list((project / "models").glob("*.tar.gz")):
        raise TrainingFailed(f"{' '.join(command)} in {project}:\n{said[-2000:]}")
    return seconds, said


def train_ours(project: Path) -> Trained:
    """`python -m server --train-only`: converting the weights, embedding all lines and checking the knowledge included."""
    seconds, _ = _train([sys.executable, "-m", "server", "--train-only"], project, environment(project))
    return Trained(next((project / "models").glob("*.tar.gz")), seconds)


def train_stock(project: Path, epochs: int) -> Trained:
    """`rasa train` with that many epochs for DIET and TED."""
    config = project / "config.yml"
    config.write_text(with_epochs(config.read_text(encoding="utf-8"), epochs), encoding="utf-8")
    seconds, said = _train([sys.executable, "-m", "rasa", "train"], project, environment(project, **stock_threads()))
    each = epoch_seconds(said)
    least = estimate(seconds, each)
    return Trained(next((project / "models").glob("*.tar.gz")), seconds,
                   {"epochs": epochs, "seconds of each epoch": each, "accuracy on its own training lines": training_accuracy(said),
                    f"seconds {FULL_EPOCHS} epochs would take at least": least and round(least),
                    "TED had nothing to learn from": "Skipping training of `TEDPolicy`" in said})
