"""Make what serving needs: checked knowledge, the embedding engine's files, and a model that matches the sources."""
from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.guides import load_guides
from server import zaofatong_environment as environment

ROOT = Path(__file__).resolve().parent.parent
TRAINING_THREADS = "2"
MODELS = ROOT / "models"
SOURCES = ("config.yml", "domain.yml", "data", "nlu", "embedding", "uv.lock")
SUFFIXES = {".yml", ".yaml", ".py", ".txt", ".lock"}
Say = Callable[[str], None]


class BuildError(Exception):
    """Building failed; the message says what to do, in one line."""


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """The files a model depends on."""
    for name in SOURCES:
        path = root / name
        if path.is_file():
            yield path
        else:
            yield from sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and "__pycache__" not in file.parts)


def fingerprint(root: Path = ROOT) -> str:
    """Sixteen hexadecimal digits that change when anything the model depends on changes."""
    digest = hashlib.sha256()
    for path in source_files(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Where the model of the present sources is or will be: its name holds their fingerprint."""
    return MODELS / f"zaofatong-{fingerprint()}.tar.gz"


def check_knowledge() -> None:
    """Load every knowledge file. Raises KnowledgeError (one clear line) for the first that is broken."""
    from knowledge.conversation import load_replies
    from knowledge.danger import load_danger_words
    from knowledge.follow_up import load_aspects, load_subject_names
    from knowledge.reports import load_index
    from knowledge.triage.channels import load_channels
    from knowledge.triage.matters import load_matters

    load_guides()
    load_aspects()
    load_subject_names()
    load_channels()
    load_matters()
    load_replies()
    load_danger_words()
    load_index()


def existing_model() -> Path:
    """The model for the sources as they are. Raises BuildError when it has not been trained."""
    path = model_path()
    if not path.exists():
        raise BuildError(f"没有和这些文件相配的模型（{path.name}）。请先运行 make train，再启动。")
    return path


def train(say: Say) -> Path:
    """Train a model for the sources as they are and return it; an existing one is kept. Raises BuildError."""
    path = model_path()
    if path.exists():
        return path
    import embedding

    say("正在准备语言模型（只有第一次需要）……")
    embedding.load()
    say("正在训练（第一次要一两分钟）……")
    started = time.monotonic()
    command = [sys.executable, "-m", "server.training", str(MODELS), path.name.removesuffix(".tar.gz")]
    environment.apply()
    result = subprocess.run(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": TRAINING_THREADS}, capture_output=True, text=True, timeout=1800, check=False)
    if result.returncode or not path.exists():
        last = (result.stderr or result.stdout).strip().splitlines()[-8:]
        raise BuildError("训练没有成功。请改好下面提到的文件再试：\n" + "\n".join(last))
    for old in MODELS.glob("zaofatong-*.tar.gz"):
        if old != path:
            old.unlink()
    say(f"训练好了，用时 {time.monotonic() - started:.0f} 秒。")
    return path
