"""The widget in Chromium against the real assistant: one test for each *.test.mjs, run by Node (docs: widget/README.md)."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT, START_SECONDS, free_port
from tests.widget.npm import packages

pytestmark = pytest.mark.e2e

FOLDER = Path(__file__).resolve().parent
SHOTS = ROOT / "results" / "browser"
CHROMIUM = shutil.which("chromium") or ""
SECONDS = 240


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the packages of the tests in place."""
    found = packages(FOLDER)
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    return found


@pytest.fixture(scope="session")
def other_site(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The real assistant once more, which lets pages of another origin in: its address, and the port of that origin."""
    folder = tmp_path_factory.mktemp("other_site")
    port, site = free_port(), free_port()
    files = {"ZAOFATONG_CONVERSATIONS": str(folder / "conversations.db"), "ZAOFATONG_FEEDBACK": str(folder / "feedback.db")}
    address = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("w+") as log:
        process = subprocess.Popen([sys.executable, "-m", "tests.browser.other_site", str(port), f"http://127.0.0.1:{site}"], cwd=ROOT,
                                   stdout=log, stderr=log, env={**os.environ, **files})
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(f"{address}/webhooks/rest/"):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    pytest.fail("the assistant for the other site did not start:\n" + log.read()[-3000:])
                time.sleep(0.2)
            yield {"SITE_ADDRESS": address, "SITE_PORT": str(site)}
        finally:
            process.terminate()
            process.wait(timeout=20)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("*.test.mjs")))
def test_in_the_browser(file: str, node: str, address: str, request: pytest.FixtureRequest) -> None:
    environment = {**os.environ, "ADDRESS": address, "SHOTS": str(SHOTS), "CHROMIUM": CHROMIUM}
    if "SITE_ADDRESS" in (FOLDER / file).read_text(encoding="utf-8"):
        environment.update(request.getfixturevalue("other_site"))
    result = subprocess.run([node, "--test", "--test-reporter=spec", file], cwd=FOLDER, env=environment, capture_output=True, text=True,
                            timeout=SECONDS, check=False)
    if result.returncode:
        pytest.fail(f"{file}:\n{result.stdout[-6000:]}{result.stderr[-2000:]}", pytrace=False)
