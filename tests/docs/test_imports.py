"""Imports go one way, as docs/architecture.md says; imports inside functions count."""
import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {"intake", "insights", "evaluation", "lint", "benchmarks"}
ABOVE = {"server", "channels", "actions", "nlu", "embedding", "conversations", "rasa", "rasa_sdk", "sanic", *TOOLS, "tests"}
# Package → what it must not import.
FORBIDDEN = {
    "knowledge": ABOVE | {"desk", "feedback", "keys", "notices", "telemetry", "privacy", "aiohttp", "requests", "redis"},
    "privacy": ABOVE, "telemetry": ABOVE, "notices": ABOVE, "keys": ABOVE, "feedback": ABOVE, "desk": ABOVE,
    "embedding": ABOVE - {"embedding"}, "nlu": {"server", "channels", "actions", "conversations", "sanic", *TOOLS, "tests"},
    "conversations": {"channels", "actions", "nlu", "embedding", "knowledge", "sanic", *TOOLS, "tests"},
    "actions": {"channels", "server", "conversations", "rasa", "sanic", *TOOLS, "tests"},
    "channels": {"actions", "server", "nlu", "embedding", *TOOLS, "tests"},
    "server": {*TOOLS, "tests"},
}


def imports(path: Path) -> set[str]:
    """The first parts of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_go_one_way(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    assert {f"{path.relative_to(ROOT)} → {name}" for path in files for name in imports(path) & FORBIDDEN[package]} == set()
