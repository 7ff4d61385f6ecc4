"""Node and the packages a folder's lock file names."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

INSTALL_SECONDS = 300


def packages(folder: Path) -> str:
    """Install the locked packages when they are missing or older than the lock, and return Node's path. Skips where Node is not installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("node and npm are not installed")
    installed, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run_npm(folder, "ci", "--no-audit", "--no-fund")
    return node


def run_npm(folder: Path, *arguments: str) -> None:
    """Run npm; fails the test with its output."""
    result = subprocess.run(["npm", *arguments], cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if result.returncode:
        pytest.fail(f"npm {' '.join(arguments)} in {folder.name}:\n{result.stdout[-4000:]}{result.stderr[-4000:]}", pytrace=False)
