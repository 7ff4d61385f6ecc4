"""docs/dependencies.md names every package that is asked for or imported, and no other."""
import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from lint.dependencies import normal

ROOT = Path(__file__).resolve().parents[2]
SAID = ROOT / "docs" / "dependencies.md"
NOT_PACKAGES = "wechatpy"  # the name odoo-wechatpy says it has, in one list of its wheel


def named(text: str) -> set[str]:
    """The packages of a table's first column: `| uvloop, httptools | why |`, a version behind the name left out."""
    rows = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {normal(name.split()[0]) for row in rows if row != "package" for name in row.split(", ")}


def asked_for() -> set[str]:
    """The names in pyproject.toml: the project's own and the groups', without constraints."""
    lists = re.findall(r"^(?:dependencies|dev|intake) = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(lists) == 3
    return {normal(name) for found in lists for name in re.findall(r'^\s*"([\w.-]+)', found, re.MULTILINE)}


def imported() -> set[str]:
    """The packages behind every import of the project's own files, tests included."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    paths = [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    own = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in paths}
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            found.update((name or "").partition(".")[0] for name in names)
    packages = packages_distributions()
    foreign = found - own - set(sys.stdlib_module_names) - {""}
    return {normal(package) for name in foreign for package in packages.get(name, [name])}


def tables() -> list[str]:
    """What is asked for, and what is brought along."""
    python = SAID.read_text(encoding="utf-8").partition("## The widget")[0]
    asked, brought = python.split("Used here as well")
    return [asked, brought]


def test_every_dependency_has_its_reason_and_no_other_is_named():
    assert named(tables()[0]) == asked_for()


def test_every_import_is_named():
    asked, brought = map(named, tables())
    assert not asked & brought
    assert imported() - asked - {normal(NOT_PACKAGES)} == brought
