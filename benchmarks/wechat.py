"""Turns through the WeChat channel under bad conditions: `python -m benchmarks.wechat [--tier verified|passive] [--residents 100] [--turns 10] [--seed 11]`.

Plays a simulated WeChat against the real channel on a real server: delays of the assistant from 0 to 20 s (scaled), a tenth of the replies lost, a tenth of the
requests posted twice, a platform in trouble. Prints what became of the turns; anything lost, doubled, run twice, out of order or refused is a defect.
"""
from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time

from sanic import Sanic

from tests.channels.wechat.many_turns import many_turns

SCALE = 0.1  # of WeChat's seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tier", choices=["verified", "passive"], default="verified")
    parser.add_argument("--residents", type=int, default=100)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    os.environ.setdefault("ZAOFATONG_SESSION_KEY", "b" * 32)
    Sanic.test_mode = True
    started = time.perf_counter()
    outcome = asyncio.run(many_turns(arguments.tier, arguments.residents, arguments.turns, SCALE, arguments.seed))
    for name, value in vars(outcome).items():
        sys.stdout.write(f"{name:12} {len(value) if isinstance(value, list) else value}\n")
    sys.stdout.write(f"seconds      {time.perf_counter() - started:.0f}\n")
    return 1 if any(isinstance(value, list) and value for value in vars(outcome).values()) or outcome.errors else 0


if __name__ == "__main__":
    sys.exit(main())
