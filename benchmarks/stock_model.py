"""A trained stock model kept for the next run: DIET takes most of an hour. Used only when asked for (--reuse-stock), and the result then says so."""
from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.projects import ROOT, STOCK_FILES, Trained, train_stock

FOLDER = ROOT / ".cache" / "benchmarks"
SUFFIXES = {".yml", ".lock"}


def fingerprint(project: Path) -> str:
    """Changes with anything the stock model depends on."""
    digest = hashlib.sha256((STOCK_FILES / "config.yml").read_bytes())
    for path in [project / "domain.yml", ROOT / "uv.lock", *sorted((project / "data").rglob("*.yml"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def kept_or_trained(project: Path, epochs: int, reuse: bool) -> Trained:
    """Train the stock model in its project and keep a copy; with `reuse`, take one kept for the same data and epochs. Raises TrainingFailed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    model = FOLDER / f"stock-{fingerprint(project)}-{epochs}.tar.gz"
    about = model.with_suffix(".json")
    if reuse and model.exists() and about.exists():
        told = json.loads(about.read_text(encoding="utf-8"))
        (project / "models").mkdir(exist_ok=True)
        return Trained(Path(shutil.copy(model, project / "models" / "stock.tar.gz")), told["seconds"], told["facts"])
    trained = train_stock(project, epochs)
    shutil.copy(trained.model, model)
    facts = {**trained.facts, "trained at": datetime.now(timezone.utc).isoformat(timespec="seconds")}
    about.write_text(json.dumps({"seconds": trained.seconds, "facts": {**facts, "trained in an earlier run": True}}), encoding="utf-8")
    return replace(trained, facts=facts)
