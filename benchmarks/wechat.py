"""Turns through the WeChat channel on bad lines: `python -m benchmarks.wechat [--turns 2000] [--seed 1] [--tier verified|passive|both]`.

Plays a simulated WeChat (tests/channels/wechat) against the real channel on a real server, on a clock that jumps, so that ten minutes of residents take
seconds and a busy machine changes nothing: the assistant takes 0 to 20 s, a tenth of the replies is lost, a tenth of the requests comes twice, one
call in seven to the platform goes wrong. Prints what became of the turns (tests/channels/wechat/bar.py defines the faults strictly) and ends with 1 when
there is any.
"""
from __future__ import annotations

import argparse
import logging
import os
import sys

from sanic import Sanic

from tests.channels.wechat.bar import TIERS, Verdict, play_turns

SHOWN = 5  # of each kind of fault


def report(tier: str, verdict: Verdict) -> str:
    """The figures and the faults of one account, a line each."""
    lines = [f"{tier} account"]
    lines += [f"  {name:28}{value:>8}" for name, value in verdict.figures.items()]
    for name, faults in vars(verdict).items():
        if isinstance(faults, list):
            lines.append(f"  {name.replace('_', ' '):28}{len(faults):>8}" + (f"  {'; '.join(faults[:SHOWN])}" if faults else ""))
    return "\n".join(lines) + "\n"


def main() -> int:
    """Exit code 1 when any turn broke a promise of the channel."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=2000, help="questions in all, halved between both tiers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tier", choices=[*TIERS, "both"], default="both")
    arguments = parser.parse_args()
    os.environ.setdefault("ZAOFATONG_SESSION_KEY", "b" * 32)
    Sanic.test_mode = True
    logging.disable(logging.CRITICAL)  # faults of the platform are wanted here
    tiers = TIERS if arguments.tier == "both" else (arguments.tier,)
    verdicts = {tier: play_turns(arguments.turns // len(tiers), arguments.seed, tier) for tier in tiers}
    sys.stdout.write("\n".join(report(tier, verdict) for tier, verdict in verdicts.items()))
    return 1 if any(verdict.faults for verdict in verdicts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
