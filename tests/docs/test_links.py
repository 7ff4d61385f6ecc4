"""What the documents name exists: files behind links, targets of make, modules to run; and every document can be reached."""
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS = ("README.md", "README.zh-CN.md", "docs/architecture.md")
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for place in ("*.md", "docs/*.md", "docs/decisions/*.md", "widget/*.md") for path in ROOT.glob(place))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
LIBRARIES = ("pytest", "venv")


def links(document: str) -> list[str]:
    """Targets of links to files, from the project's root, anchors left out."""
    found = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", (ROOT / document).read_text(encoding="utf-8"))
    return [os.path.normpath(os.path.join(os.path.dirname(document), target)) for target in found if "://" not in target]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    assert [target for target in links(document) if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = re.findall(r"(?:`|^|，|, )make ([a-z]+)\b(?=[`\s])", text, re.MULTILINE) if not document.startswith("widget") else []
    modules = {name for name in re.findall(r"python -m ([a-z_][\w.]*\w)", text) if name.partition(".")[0] not in LIBRARIES}
    assert [target for target in targets if target not in TARGETS] == []
    paths = {name: ROOT / name.replace(".", "/") for name in modules}
    assert [name for name, path in paths.items() if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists()] == []


def test_every_document_is_linked_from_where_readers_start():
    reached = {target for start in STARTS for target in links(start)}
    documents = {document for document in DOCUMENTS if document.startswith("docs/") and not document.startswith("docs/decisions/")}
    assert documents - reached - {"docs/architecture.md"} == set()
    assert "docs/architecture.md" in reached
