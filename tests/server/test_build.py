import socket

from server.build import ROOT, fingerprint
from server.launcher import check_port


def test_the_fingerprint_follows_the_sources(tmp_path):
    for name in ("config.yml", "domain.yml", "uv.lock"):
        (tmp_path / name).write_text("a")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text("one")
    before = fingerprint(tmp_path)
    assert before == fingerprint(tmp_path)
    (tmp_path / "data" / "nlu.yml").write_text("two")
    assert fingerprint(tmp_path) != before
    (tmp_path / "data" / "nlu.yml").write_text("one")
    (tmp_path / "README.md").write_text("not a source of the model")
    assert fingerprint(tmp_path) == before


def test_the_project_has_a_fingerprint():
    assert len(fingerprint(ROOT)) == 16


def test_a_port_in_use_is_one_line_that_says_how_to_mend_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        problem = check_port("127.0.0.1", port)
    assert str(port) in problem and f"PORT={port + 1}" in problem and "\n" not in problem


def test_a_free_port_is_no_problem():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert check_port("127.0.0.1", port) == ""
