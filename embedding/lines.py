"""Vectors of training lines, kept between trainings: an edit of a few lines should not cost embedding all of them again."""
from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embedding.engine import DIMENSION, load


def lines_file(model_folder: Path) -> Path:
    """The file beside a model's folder; another model has another: their vectors must not be mixed."""
    return model_folder.parent / f"lines-{model_folder.name}.npz"


def _keys(texts: Sequence[str]) -> np.ndarray:
    return np.array([hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest() for text in texts], dtype="U32")


def _read(path: Path) -> dict[str, np.ndarray]:
    """The stored vectors by key; nothing when the file is missing or damaged, since it can be made again."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    return dict(zip(keys.tolist(), vectors, strict=True)) if vectors.shape == (len(keys), DIMENSION) else {}


def embed_lines(texts: Sequence[str], threads: int = 1) -> np.ndarray:
    """Unit vectors float32 (len(texts), 384) like `Engine.embed`; the file beside the model then holds exactly these lines."""
    engine = load(threads=threads)
    path = lines_file(engine.folder)
    keys, known = _keys(texts), _read(path)
    missing = [row for row, key in enumerate(keys) if key not in known]
    vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
    if missing:
        vectors[missing] = engine.embed([texts[row] for row in missing])
    for row, key in enumerate(keys):
        if key in known:
            vectors[row] = known[key]
    if missing:
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, keys=keys, vectors=vectors)
        os.replace(file.name, path)
    return vectors
