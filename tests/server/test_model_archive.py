"""A model is unpacked to the same files in one go, and nothing is written outside its folder."""
import io
import tarfile

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.exceptions import UnsupportedModelVersionError

from server.model_archive import extract

PLAIN = LocalModelStorage._extract_archive_to_directory


def archive(path, members):
    with tarfile.open(path, "w:gz") as made:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return path


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_files(tmp_path):
    made = archive(tmp_path / "model.tar.gz", {"metadata.json": b"{}", "components/a/x.npz": b"\0" * 5000, "components/b/y": "字".encode()})
    for name, unpack in (("rasa", PLAIN), ("ours", extract)):
        (tmp_path / name).mkdir()
        unpack(made, tmp_path / name)
    assert files(tmp_path / "ours") == files(tmp_path / "rasa") and len(files(tmp_path / "ours")) == 3


def test_the_trained_model_as_well(model, tmp_path):
    for name, unpack in (("rasa", PLAIN), ("ours", extract)):
        (tmp_path / name).mkdir()
        unpack(model, tmp_path / name)
    assert files(tmp_path / "ours") == files(tmp_path / "rasa")


def test_nothing_is_written_outside(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(tarfile.FilterError):
        extract(archive(tmp_path / "model.tar.gz", {"../outside": b"x"}), inside)
    assert not (tmp_path / "outside").exists()


def test_a_model_of_rasa_2_is_refused_as_before(tmp_path):
    made = archive(tmp_path / "model.tar.gz", {"fingerprint.json": b'{"version": "2.8.0"}'})
    for name, unpack in (("rasa", PLAIN), ("ours", extract)):
        (tmp_path / name).mkdir()
        with pytest.raises(UnsupportedModelVersionError):
            unpack(made, tmp_path / name)
