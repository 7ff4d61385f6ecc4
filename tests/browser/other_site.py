"""The real assistant with one setting more: pages of another origin may use it. `python -m tests.browser.other_site PORT ORIGIN`."""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from server import __main__ as assistant
from server import launcher

WEBSITE = "channels.website.WebsiteInput"


def main(port: str, origin: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "endpoints.yml").write_bytes((launcher.ROOT / "endpoints.yml").read_bytes())
        credentials = yaml.safe_load((launcher.ROOT / "credentials.yml").read_text(encoding="utf-8"))
        credentials[WEBSITE]["origins"] = [origin]
        (folder / "credentials.yml").write_text(yaml.safe_dump(credentials), encoding="utf-8")
        launcher.ROOT = folder  # where the settings are read
        return assistant.main(["--port", port])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
