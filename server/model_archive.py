"""Unpack the model in one go. Rasa 3.6.21 reads the whole archive once to look at the names and again to unpack it: half a second of every start."""
from __future__ import annotations

import tarfile
from pathlib import Path

from rasa.engine.storage.local_model_storage import LocalModelStorage


def extract(model_archive_path: str | Path, temporary_directory: Path) -> None:
    """Stands in for LocalModelStorage._extract_archive_to_directory. Raises tarfile.FilterError for a member that would lie outside the folder."""
    with tarfile.open(model_archive_path, mode="r|gz") as archive:
        archive.extractall(temporary_directory, filter="data")
    LocalModelStorage._assert_not_rasa2_archive(temporary_directory)


def unpack_in_one_go() -> None:
    """Call before a model is loaded. An older Python 3.10, whose tarfile cannot refuse such members, keeps Rasa's way."""
    if hasattr(tarfile, "data_filter"):
        LocalModelStorage._extract_archive_to_directory = staticmethod(extract)
