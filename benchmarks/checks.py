"""The guided checks: messages to the result and time of a turn: `python -m benchmarks.checks`.

Walks each script below as a new user would (words, numbers, a vague day), several times in conversations of their own, through the real agent and
actions without their network. Prints messages to the result, p50/p95 milliseconds of tapped and of typed turns, and their ratio.
"""
from __future__ import annotations

import asyncio
import statistics
import sys
import time

from channels.incoming import IssuedPayloads
from channels.turn import collect_turn
from evaluation.assistant import EvaluatedAssistant
from server.build import train

ROUNDS = 20
SCRIPTS = {
    "legal aid, words": ["帮我测一下我能不能申请法律援助", "老板拖欠我工资", "给我自己", "我是出来打工的农民工"],
    "legal aid, numbers": ["帮我测一下我能不能申请法律援助", "1", "1", "6", "1"],
    "reconsideration, words": ["帮我算算复议还剩几天", "交警罚款", "上个月15号", "交警大队", "写了"],
    "reconsideration, numbers and a vague day": ["帮我算算复议还剩几天", "1", "大概半个月前", "1", "2"],
    "reconsideration, told at the start": ["我上个月15号收到罚款决定书，帮我算算复议最晚哪天", "1", "1"],
    "petition": ["帮我算算信访复查还剩几天", "10天前"],
}


async def walk(assistant: EvaluatedAssistant) -> tuple[dict[str, int], list[float], list[float]]:
    """Messages to the result by check, and milliseconds of tapped and of typed turns."""
    messages, tapped, typed = {}, [], []
    for number in range(ROUNDS):
        for name, script in SCRIPTS.items():
            issued, conversation = IssuedPayloads(), f"benchmark-{number}-{name}"
            for count, said in enumerate(script, start=1):
                started = time.perf_counter()
                [reply] = await collect_turn(assistant.agent.handle_message, said, conversation, "rest", issued, assistant.agent)
                (tapped if said.isdecimal() else typed).append((time.perf_counter() - started) * 1000)
                if reply["custom"]["answer"]["reason"] == "check_result":
                    messages[name] = count
    return messages, tapped, typed


def main() -> int:
    """Trains when there is no current model; exit code 0."""
    messages, tapped, typed = asyncio.run(walk(EvaluatedAssistant(train(lambda line: None))))
    for name in SCRIPTS:
        sys.stdout.write(f"{name}: result after {messages.get(name, 'no')} messages\n")
    for name, spent in (("tapped", tapped), ("typed", typed)):
        sys.stdout.write(f"{name} turn: p50 {statistics.median(spent):.0f} ms, p95 {statistics.quantiles(spent, n=20)[18]:.0f} ms ({len(spent)} turns)\n")
    sys.stdout.write(f"typed / tapped p50: {statistics.median(typed) / statistics.median(tapped):.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
