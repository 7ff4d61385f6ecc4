"""A model is unpacked to the same files in one go, and nothing is written outside its folder."""
import io
import tarfile

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage, TarSafe
from rasa.exceptions import UnsupportedModelVersionError

from server.model_archive import StoredArchive, extract

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


def test_what_is_packed_without_compressing_is_what_rasa_packs(tmp_path):
    (tmp_path / "from" / "components").mkdir(parents=True)
    (tmp_path / "from" / "components" / "x.npz").write_bytes(b"\0" * 100_000)
    for name, packed_by in (("rasa", TarSafe), ("ours", StoredArchive)):
        with packed_by.open(tmp_path / f"{name}.tar.gz", "w:gz") as made:
            made.add(tmp_path / "from", arcname="")
        (tmp_path / name).mkdir()
        PLAIN(tmp_path / f"{name}.tar.gz", tmp_path / name)
    assert files(tmp_path / "ours") == files(tmp_path / "rasa") == files(tmp_path / "from")
    assert (tmp_path / "ours.tar.gz").stat().st_size > 100_000 > (tmp_path / "rasa.tar.gz").stat().st_size


def test_training_packs_without_compressing(model):
    """Unpacked, a model is hardly larger than its archive."""
    with tarfile.open(model) as archive:
        unpacked = sum(member.size for member in archive)
    assert model.stat().st_size >= unpacked
