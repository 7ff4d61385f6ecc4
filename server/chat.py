"""`python -m server.chat`: talk to the assistant in the terminal. A number chooses a button, Ctrl-D ends."""
from __future__ import annotations

import asyncio
import os
import sys
import uuid

from knowledge.errors import KnowledgeError
from server import zaofatong_environment as environment
from server.build import ROOT, BuildError, check_knowledge, train
from server.without_tensorflow import leave_out_tensorflow

PROMPT = "您："


def say(line: str) -> None:
    """Flushed at once, before input is waited for."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def converse(model: str) -> None:
    """Hold one conversation with the model until the input ends."""
    leave_out_tensorflow()
    from rasa.core.agent import load_agent
    from rasa.core.utils import AvailableEndpoints

    from channels.incoming import IssuedPayloads
    from channels.turn import collect_turn
    from server.in_process_actions import InProcessActions
    from server.quiet import quiet_logs

    quiet_logs()
    endpoints = AvailableEndpoints(action=InProcessActions())
    agent = await load_agent(model_path=model, endpoints=endpoints)
    conversation, issued = uuid.uuid4().hex, IssuedPayloads()
    say("枣法通。请用平常话问，比如：申请法律援助要钱吗（Ctrl-D 结束）")
    while True:
        try:
            text = await asyncio.to_thread(input, PROMPT)
        except (EOFError, KeyboardInterrupt):
            say("")
            return
        replies = await collect_turn(agent.handle_message, text.strip(), conversation, "terminal", issued, agent)
        buttons = [button for reply in replies for button in reply.get("buttons") or []]
        for reply in replies:
            say(reply.get("text", ""))
        for number, button in enumerate(buttons, start=1):
            say(f"  {number}. {button['title']}")
        say("")


def main() -> int:
    """Exit code 1 when knowledge or training fails; ends with Ctrl-D."""
    environment.apply()
    os.chdir(ROOT)
    try:
        check_knowledge()
        model = train(say)
    except (KnowledgeError, BuildError) as error:
        say(str(error))
        return 1
    asyncio.run(converse(str(model)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
