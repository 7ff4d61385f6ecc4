"""Whether docs/dependency-review.md is about the packages that are installed. `python -m lint.dependencies` prints the list for its end."""
from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path

REVIEW = Path(__file__).resolve().parent.parent / "docs" / "dependency-review.md"
LINE = 150
SECTION = "## Versions reviewed"
_PIN = re.compile(r"\b([a-z0-9][a-z0-9-]*)==([^\s,]+)")


def normal(name: str) -> str:
    """Of a package, as PyPI compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    """{name: version} of this environment."""
    return {normal(found.metadata["Name"]): found.version for found in distributions() if found.metadata["Name"]}


def reviewed(path: Path = REVIEW) -> dict[str, str]:
    """{name: version} of the list at the end of the review."""
    return dict(_PIN.findall(path.read_text(encoding="utf-8").partition(SECTION)[2]))


def differences(now: Mapping[str, str], then: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each package whose version the review does not know, and each that is no longer there."""
    for name in sorted({*now, *then}):
        if name not in then:
            yield f"{name} {now[name]}：还没有审查过"
        elif name not in now:
            yield f"{name} {then[name]}：审查里有，已经不装了"
        elif now[name] != then[name]:
            yield f"{name} {now[name]}：审查的是 {then[name]}"


def main() -> int:
    """Prints the pins in lines of LINE characters, as docs/dependency-review.md ends."""
    line = ""
    for pin in (f"{name}=={version}" for name, version in sorted(installed().items())):
        if len(line) + len(pin) > LINE:
            sys.stdout.write(line.strip() + "\n")
            line = ""
        line += f"{pin} "
    sys.stdout.write(line.strip() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
