"""The command line of the knowledge core: extract, verify, diff, ask, check, law-structure."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knowledge.errors import KnowledgeError

EXIT_OK, EXIT_PROBLEM, EXIT_USAGE, EXIT_NOT_COVERED = 0, 1, 2, 3


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def check(arguments: argparse.Namespace) -> int:
    from knowledge.check import problems
    from knowledge.guides import load_guide_file, load_guides

    if arguments.files:
        guides = [guide for path in arguments.files for guide in load_guide_file(path, path.resolve().parent.name)]
    else:
        guides = list(load_guides().values())
    found = problems(guides, arguments.statutes)
    for line in found:
        say(line)
    say(f"{len(guides)} 条指南，{len(found)} 个问题")
    return EXIT_PROBLEM if found else EXIT_OK


def law_structure(arguments: argparse.Namespace) -> int:
    from knowledge.law_structure import structure

    paragraphs, items = structure(arguments.file.read_text(encoding="utf-8"))
    say(f"  paragraphs: {paragraphs}")
    say("  items: {" + ", ".join(f'"{place}": {count}' for place, count in items.items()) + "}")
    return EXIT_OK


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="check the guides: schema, citations, numbers")
    command.add_argument("files", nargs="*", type=Path, help="guide files (default: all)")
    command.add_argument("--statutes", type=Path, help="folder with statute texts to check the figures against")
    command.set_defaults(run=check)
    command = commands.add_parser("law-structure", help="print the structure of a statute text for laws.yml")
    command.add_argument("file", type=Path)
    command.set_defaults(run=law_structure)
    return root


def main(argv: list[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except KnowledgeError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_PROBLEM
