"""The model's archive is packed without compressing and unpacked in one go: a third of a second of every start and some seconds of every training.

Rasa 3.6.21 compresses as hard as it can what hardly becomes smaller (weights), and reads the whole archive once to look at the names and again to
unpack it. What is packed here is the same .tar.gz to everybody, and whatever Rasa packed is unpacked as before.
"""
from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

from rasa.engine.storage import local_model_storage
from rasa.engine.storage.local_model_storage import LocalModelStorage

STORED = 0  # zlib's level without compression


class StoredArchive(local_model_storage.TarSafe):
    """Stands in for TarSafe where Rasa makes and reads archives."""

    @classmethod
    def gzopen(cls, name: Any, mode: str = "r", fileobj: Any = None, compresslevel: int = STORED, **kwargs: Any) -> tarfile.TarFile:
        """As tarfile's; writing compresses nothing unless told to."""
        return super().gzopen(name, mode, fileobj, compresslevel, **kwargs)


def extract(model_archive_path: str | Path, temporary_directory: Path) -> None:
    """Stands in for LocalModelStorage._extract_archive_to_directory. Raises tarfile.FilterError for a member that would lie outside the folder."""
    with tarfile.open(model_archive_path, mode="r|gz") as archive:
        archive.extractall(temporary_directory, filter="data")
    LocalModelStorage._assert_not_rasa2_archive(temporary_directory)


def unpack_in_one_go() -> None:
    """Call before a model is loaded. An older Python 3.10, whose tarfile cannot refuse such members, keeps Rasa's way."""
    if hasattr(tarfile, "data_filter"):
        LocalModelStorage._extract_archive_to_directory = staticmethod(extract)


def pack_without_compressing() -> None:
    """Call before a model is trained."""
    local_model_storage.TarSafe = StoredArchive
