"""What the masking covers where nothing personal should be, and how long it takes: `python -m benchmarks.masking`.

1. Every line and question of this project (data/nlu, tests/nlu/held_out, tests/e2e/questions, evaluation/sets): prints each that is changed.
2. Posts of real citizens (../shared/eval/*.jsonl, where present): prints the counts by kind, and each place with `--show`.
3. Milliseconds for a usual message, and for 100,000 characters of every kind that could be slow.
"""
from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import yaml

from privacy import mask
from tests.nlu.lines import ROOT, lines_by_intent

POSTS = ROOT.parent / "shared" / "eval"
LONG = 100_000
TIMES = 200
USUAL = "我在工地干了三个月，老板张伟拖着15000块工资不给，电话13800001234也打不通，去哪里要"
SLOW = ("1", "12 ", "1 3 8 ", "一三八", "370402", "37040219 ", "138-", "（2023）", "鲁", "鲁D", "路1号", "小区1", "村1组", "单元1", "1-1-", "a", "a@", "a.", "微信", "微信a", "我叫", "我叫王", "张", "被告",
        "字〔2024〕", "(", "第", "号", "〔姓名〕", "长", " ", "零", "6222 ", "0632", "X", "*", "A1")


def own_lines() -> list[str]:
    """Training lines, held-out lines, e2e questions and evaluation sets: nothing personal stands in them on purpose."""
    lines = [line for pattern in ("data/nlu/**/*.yml", "tests/nlu/held_out/*.yml") for found in lines_by_intent(pattern).values() for line in found]
    for path in sorted((ROOT / "tests/e2e/questions").glob("*.yml")):
        lines += strings(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "evaluation/sets").glob("*.jsonl")):
        lines += texts(path)
    return lines


def strings(value: object) -> list[str]:
    """Every string inside lists and mappings."""
    if isinstance(value, str):
        return [value]
    inside: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inside for text in strings(part)]


def texts(path: Path) -> list[str]:
    """The "text" of each line of a JSONL file."""
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def seconds(text: str) -> float:
    """Processor time of covering one text."""
    started = time.process_time()
    mask(text)
    return time.process_time() - started


def main() -> int:
    """Skips posts that are not there; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print every post that is changed")
    show = parser.parse_args().show
    say = sys.stdout.write
    lines = own_lines()
    changed = [(line, masked.text) for line in lines if (masked := mask(line)).kinds]
    say(f"{len(lines)} own lines, {len(changed)} changed\n" + "".join(f"  {line}\n  → {text}\n" for line, text in changed))
    for path in sorted(POSTS.glob("*.jsonl")):
        posts = texts(path)
        counts: Counter[str] = Counter()
        hit = 0
        for post in posts:
            masked = mask(post)
            counts.update(masked.kinds)
            hit += bool(masked.kinds)
            if show and masked.kinds:
                say(f"  {post}\n  → {masked.text}\n")
        say(f"{path.name}: {len(posts)} posts, {hit} changed {dict(counts)}\n")
    usual = min(sum(seconds(USUAL) for _ in range(TIMES)) / TIMES for _ in range(3))
    say(f"a usual message ({len(USUAL)} characters): {usual * 1000:.3f} ms of CPU\n")
    slowest = sorted(((seconds(part * (LONG // len(part))), part) for part in SLOW), reverse=True)
    say(f"{LONG} characters: " + ", ".join(f"{part!r} {took:.2f} s" for took, part in slowest[:6]) + f", the other {len(slowest) - 6} at most {slowest[6][0]:.2f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
