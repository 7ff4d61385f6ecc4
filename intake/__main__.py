"""`python -m intake report|publish|withdraw`: what `make report`, `make publish` and `make withdraw` run."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from intake.drafts import Project
from intake.header import Said
from knowledge.errors import KnowledgeError
from knowledge.today import today

EXIT_OK, EXIT_PROBLEM = 0, 1


def say(line: str) -> None:
    """Flushed at once, for steps take minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def year(written: str) -> int:
    """Raises KnowledgeError for what is no year."""
    digits = written.strip().removesuffix("年度").removesuffix("年")
    if not (digits.isascii() and digits.isdigit() and 1990 <= int(digits) <= 2100):
        raise KnowledgeError("YEAR", written, "不像一个年份", "请写四位数，例如 YEAR=2021")
    return int(digits)


def parser() -> argparse.ArgumentParser:
    """AREA and YEAR come empty from make when they were not given, so they are text here."""
    root = argparse.ArgumentParser(prog="python -m intake", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)
    for name, told in (("report", "read a report, write the spreadsheet and the page to review"), ("publish", "answer from the reviewed facts"),
                       ("withdraw", "take a published report back")):
        command = commands.add_parser(name, help=told)
        command.add_argument("--area", default="")
        command.add_argument("--year", default="")
        command.add_argument("--without-model", action="store_true", help="do not train and evaluate; the next start trains")
        if name == "report":
            command.add_argument("file", nargs="?", type=Path, help="txt, docx, html or pdf with text; without it the text read last time is used")
            command.add_argument("--title", default="")
            command.add_argument("--issuer", default="")
        if name == "publish":
            command.add_argument("--unreviewed", action="store_true", help="answer from facts that nobody has reviewed as well")
            command.add_argument("--anyway", action="store_true", help="publish although a measure is below its floor")
    return root


def main(argv: Sequence[str] | None = None, project: Project | None = None) -> int:
    """Exit code EXIT_PROBLEM with what is wrong and how to mend it; `project` is for tests and rehearsals."""
    arguments = parser().parse_args(argv)
    project = project or Project()
    try:
        said = Said(arguments.area.strip(), year(arguments.year) if arguments.year.strip() else 0, getattr(arguments, "title", "").strip(),
                    getattr(arguments, "issuer", "").strip())
        if arguments.command != "report" and not (said.area and said.year):
            raise KnowledgeError(f"make {arguments.command}", "", "没有说是哪份报告", f"请写全，例如 make {arguments.command} AREA=枣庄市 YEAR=2021")
        if arguments.command == "report":
            from intake.pipeline import prepare_report

            prepare_report(project, said, arguments.file, say, today(), not arguments.without_model)
        elif arguments.command == "publish":
            from intake.publishing import publish_report

            publish_report(project, said, say, today(), with_model=not arguments.without_model, unreviewed=arguments.unreviewed, anyway=arguments.anyway)
        else:
            from intake.publishing import withdraw_report

            withdraw_report(project, said, say)
    except (KnowledgeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_PROBLEM
    return EXIT_OK


if __name__ == "__main__":
    from server import zaofatong_environment

    zaofatong_environment.apply()
    sys.exit(main())
