"""`python -m tests.server.whole_conversations plain|quick MODEL`: what Rasa stores and answers in 40 conversations, as JSON; without
our steps one after another, with them all at the same time."""
from __future__ import annotations

import asyncio
import json
import sys
from itertools import islice
from pathlib import Path

import yaml

QUESTIONS = Path(__file__).resolve().parents[1] / "e2e" / "questions"
CONVERSATIONS, MESSAGES = 40, 6
# Some that lead into forms, out of them and back; taps; several questions; danger; nothing to read.
WITH_FORMS = [
    ["帮我测一下能不能申请法律援助", "/inform_check{\"option\": \"yes\"}", "要带什么材料", "不知道", "取消", "谢谢"],
    ["帮我算算复议还剩几天", "上个月15号", "复议要钱吗", "上一步", "他要打死我", "再见"],
    ["算算期限", "？？？", "去年国庆", "转人工", "老板欠我工资不给，我该找谁，要准备啥，去哪里办", "没听懂"],
    ["/restart", "你好", "/legal_aid_fee", "要多久", "今年受理了多少件行政复议", "那前年呢"],
]
NOT_THE_SAME_TWICE = frozenset({"timestamp", "message_id", "model_id"})


def conversations() -> list[list[str]]:
    messages = (turn["question"] for path in sorted(QUESTIONS.glob("*.yml")) for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
                if number % 7 == 0 for turn in entry.get("turns", [entry]))
    many = [list(islice(messages, MESSAGES)) for _ in range(CONVERSATIONS - len(WITH_FORMS))]
    return [*WITH_FORMS, *(some for some in many if some)]


def without_times(value: object) -> object:
    """The value without what differs from one run to the next."""
    if isinstance(value, dict):
        return {name: without_times(inner) for name, inner in value.items() if name not in NOT_THE_SAME_TWICE}
    return [without_times(inner) for inner in value] if isinstance(value, list) else value


async def hold(model: str, at_once: bool) -> list[dict[str, object]]:
    """Hold all conversations, one after another or all at the same time, and return what was said and stored."""
    from rasa.core.agent import load_agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.core.utils import AvailableEndpoints

    from server.in_process_actions import InProcessActions
    from server.quiet import quiet_logs

    quiet_logs()
    agent = await load_agent(model_path=model, endpoints=AvailableEndpoints(action=InProcessActions()))

    async def one(number: int, messages: list[str]) -> dict[str, object]:
        collector = CollectingOutputChannel()
        for message in messages:
            await agent.handle_message(UserMessage(message, collector, str(number), input_channel="rest"))
        tracker = await agent.tracker_store.retrieve_full_tracker(str(number))
        return {"said": collector.messages, "events": [event.as_dict() for event in tracker.events], "slots": tracker.current_slot_values(),
                "messages": len(messages)}

    turns = [one(number, messages) for number, messages in enumerate(conversations())]
    return list(await asyncio.gather(*turns)) if at_once else [await turn for turn in turns]


def main(mode: str, model: str) -> int:
    from server import zaofatong_environment as environment
    from server.build import ROOT
    from server.without_tensorflow import leave_out, leave_out_tensorflow, unused

    environment.apply()
    leave_out_tensorflow()
    if mode == "quick":
        leave_out(unused(ROOT / "endpoints.yml"))
        from server.speed import speed_up

        speed_up()
    sys.stdout.write(json.dumps(without_times(asyncio.run(hold(model, at_once=mode == "quick"))), ensure_ascii=False, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
