"""The committed widget is what its sources build, small, and asks nobody else for anything."""
from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.widget.npm import packages, run_npm

WIDGET = ROOT / "widget"
BUILT = ROOT / "channels" / "static"
MAX_GZIP_BYTES = 32 * 1024
# Namespaces, and a page that an error message of socket.io-client names; none of them is ever asked for.
NAMED_ONLY = {"www.w3.org", "socket.io"}


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    packages(WIDGET)


def test_the_committed_files_are_what_the_sources_build(tmp_path: Path) -> None:
    run_npm(WIDGET, "run", "build", "--", "--outDir", str(tmp_path), "--logLevel", "error")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["widget.LICENSES.txt", "widget.js"]
    for built in tmp_path.iterdir():
        assert built.read_bytes() == (BUILT / built.name).read_bytes(), f"{built.name} differs: run `npm run build` in widget/ and commit it"


def test_it_is_small_and_names_no_foreign_host() -> None:
    script = (BUILT / "widget.js").read_bytes()
    assert len(gzip.compress(script, mtime=0)) <= MAX_GZIP_BYTES
    hosts = set(re.findall(r"""(?:https?:|wss?:|["'`(])//([a-zA-Z0-9.-]+\.[a-z]{2,})""", script.decode()))
    assert hosts <= NAMED_ONLY


@pytest.mark.parametrize("source", sorted((WIDGET / "src").rglob("*.js*")), ids=lambda path: path.name)
def test_the_sources_make_no_markup_from_text(source: Path) -> None:
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\bstyle=", source.read_text(encoding="utf-8"), re.IGNORECASE)


def test_the_styles_use_no_unit_of_the_host_page() -> None:
    assert not [path.name for path in (WIDGET / "src" / "styles").glob("*.css") if re.search(r"\d(rem|rlh)\b", path.read_text(encoding="utf-8"))]


def test_every_bundled_package_has_its_licence() -> None:
    licences = (BUILT / "widget.LICENSES.txt").read_text(encoding="utf-8")
    for name in ("preact", "socket.io-client", "socket.io-parser", "engine.io-client", "engine.io-parser", "@socket.io/component-emitter"):
        assert re.search(rf"^{re.escape(name)} \d+\.\d+\.\d+\nLicence: MIT$", licences, re.MULTILINE), name


def test_its_own_tests_pass() -> None:
    run_npm(WIDGET, "test")
