"""The command line of the knowledge core: extract, verify, diff, ask, check, cites, law-structure."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.today import today

EXIT_OK, EXIT_PROBLEM, EXIT_USAGE, EXIT_NOT_COVERED = 0, 1, 2, 3


def say(text: str) -> None:
    """One line on standard output; only what ends a command goes to standard error."""
    sys.stdout.write(text + "\n")


def read_text(path: Path) -> str:
    """Return the text of a report or statute. Raises KnowledgeError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise KnowledgeError(path, "", "找不到这个文件", "请检查文件名和路径") from error
    except IsADirectoryError as error:
        raise KnowledgeError(path, "", "这是一个文件夹", "请给出文件名") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, f"第{error.start}字节", "不是 UTF-8 文本", "请用 UTF-8 编码另存为 txt 后再试") from error


def extract(arguments: argparse.Namespace) -> int:
    """Writes the knowledge file at `output`. Raises KnowledgeError for a report that cannot be read."""

    from knowledge.extract import extract_report, write_report

    report = extract_report(read_text(arguments.report), title=arguments.title, issuer=arguments.issuer, year=arguments.year,
                            area=arguments.area)
    write_report(report, arguments.output)
    say(f"{arguments.output}：{len(report.facts)} 条事实，{len(report.ignored)} 处数字有理由地忽略")
    return EXIT_OK


def verify(arguments: argparse.Namespace) -> int:
    """Exit code 1 when anything differs from the report or one of its figures is in no fact and not ignored with a reason."""

    from knowledge.facts import load_report
    from knowledge.verify import verify as verify_report

    verification = verify_report(load_report(arguments.file), read_text(arguments.report))
    for line in verification.lines():
        say(line)
    return EXIT_OK if verification.ok else EXIT_PROBLEM


def diff(arguments: argparse.Namespace) -> int:
    """Exit code 0, whatever has changed. Raises KnowledgeError when a file breaks the schema."""

    from knowledge.diff import diff as diff_reports
    from knowledge.facts import load_report

    for line in diff_reports(load_report(arguments.old), load_report(arguments.new)).lines():
        say(line)
    return EXIT_OK


def ask(arguments: argparse.Namespace) -> int:
    """Exit code 3 when the reports do not cover the question or it is ambiguous."""

    from knowledge.answer import Status
    from knowledge.reports import load_index
    from knowledge.search import ReportIndex, load_reports

    index = ReportIndex(load_reports(arguments.files)) if arguments.files else load_index()
    answer = index.answer(arguments.question, today=today())
    say(answer.text)
    for button in answer.buttons:
        say(f"- {button.title}")
    return EXIT_OK if answer.status == Status.ANSWERED else EXIT_NOT_COVERED


def check(arguments: argparse.Namespace) -> int:
    """With FILES only those, matters recognised by their folder; else every guide, matter, channel and check. Exit code 1 for any problem."""

    from knowledge.check import check_problems, matter_problems, problems
    from knowledge.checks.questions import CHECKS, load_check
    from knowledge.guides import load_guide_file, load_guides
    from knowledge.triage.channels import load_channels
    from knowledge.triage.matters import load_matter_file, load_matters

    checks = []
    if arguments.files:
        of_triage = [path for path in arguments.files if path.resolve().parent.name == "matters"]
        guides = [guide for path in arguments.files if path not in of_triage
                  for guide in load_guide_file(path, path.resolve().parent.name)]
        matters = [matter for path in of_triage for matter in load_matter_file(path)]
    else:
        load_channels()
        guides, matters = list(load_guides().values()), list(load_matters().values())
        checks = [load_check(name) for name in CHECKS]
    found = problems(guides, arguments.statutes) + matter_problems(matters, arguments.statutes) + check_problems(checks, arguments.statutes)
    for line in found:
        say(line)
    say(f"{len(guides)} 条指南，{len(matters)} 类个人事情，{len(checks)} 个自测，{len(found)} 个问题")
    return EXIT_PROBLEM if found else EXIT_OK


def cites(arguments: argparse.Namespace) -> int:
    """One line for each citation of the article (Chinese or Arabic numerals), tab-separated; exit code 2 for a law that is not in laws.yml."""

    from knowledge.cited import citing
    from knowledge.laws import load_laws
    from knowledge.numerals import chinese_to_int

    digits = arguments.article.strip().removeprefix("第").removesuffix("条")
    article = int(digits) if digits.isdecimal() else chinese_to_int(digits) if digits else 0
    if arguments.law not in load_laws():
        say(f"laws.yml 里没有《{arguments.law}》。有的是：{'、'.join(load_laws())}")
        return EXIT_USAGE
    found = citing(arguments.law, article)
    for cited in found:
        say(f"{cited.where}\t{cited.record}\t{cited.title}\t{cited.checked_on} 核对")
    say(f"《{arguments.law}》{arguments.article}：{len({cited.record for cited in found})} 条记录引用")
    return EXIT_OK


def law_structure(arguments: argparse.Namespace) -> int:
    """The lines to paste into laws.yml, counted from the text of the statute."""

    from knowledge.law_structure import structure

    paragraphs, items = structure(read_text(arguments.file))
    say(f"  paragraphs: {paragraphs}")
    say("  items: {" + ", ".join(f'"{place}": {count}' for place, count in items.items()) + "}")
    return EXIT_OK


def parser() -> argparse.ArgumentParser:
    """Every command sets `run`, a function from the parsed arguments to an exit code."""
    root = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True)

    command = commands.add_parser("extract", help="make a report-derived knowledge file from the text of a report")
    command.add_argument("report", type=Path, help="text of the report (UTF-8)")
    command.add_argument("-o", "--output", type=Path, required=True, help="knowledge file to write")
    command.add_argument("--title")
    command.add_argument("--issuer")
    command.add_argument("--year", type=int)
    command.add_argument("--area")
    command.set_defaults(run=extract)

    command = commands.add_parser("verify", help="re-derive a knowledge file from its report, compare, print coverage")
    command.add_argument("file", type=Path)
    command.add_argument("report", type=Path)
    command.set_defaults(run=verify)

    command = commands.add_parser("diff", help="what changed between two report-derived knowledge files")
    command.add_argument("old", type=Path)
    command.add_argument("new", type=Path)
    command.set_defaults(run=diff)

    command = commands.add_parser("ask", help="answer a question from report-derived knowledge files alone "
                                              "(exit code 0 answered, 3 not covered or ambiguous)")
    command.add_argument("question")
    command.add_argument("--file", dest="files", action="extend", nargs="+", type=Path, default=[],
                         help="knowledge files to use (default: all in knowledge/report)")
    command.set_defaults(run=ask)

    command = commands.add_parser("check", help="check guides and triage matters: schema, citations, numbers")
    command.add_argument("files", nargs="*", type=Path, help="guide or matter files (default: all)")
    command.add_argument("--statutes", type=Path, help="folder with statute texts to check the figures against")
    command.set_defaults(run=check)

    command = commands.add_parser("cites", help="list every guide, matter, check and reply that cites a law, or one of its articles")
    command.add_argument("law", help="short title as in laws.yml, for example 法律援助法")
    command.add_argument("article", nargs="?", default="", help="第四十三条, 四十三 or 43")
    command.set_defaults(run=cites)

    command = commands.add_parser("law-structure", help="print the structure of a statute text for laws.yml")
    command.add_argument("file", type=Path)
    command.set_defaults(run=law_structure)
    return root


def main(argv: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 a problem in a file (KnowledgeError), 2 wrong usage, 3 not covered. `argv` is for tests."""
    arguments = parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except KnowledgeError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_PROBLEM
