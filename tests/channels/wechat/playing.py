"""One real server, one simulated WeChat, and a phone: what the tests of what residents see are played with."""
import asyncio

import pytest

from tests.channels.wechat.simulated_assistant import Agent, serving
from tests.channels.wechat.simulated_wechat import WeChat

SCALE = 0.1
BOTH = pytest.mark.parametrize("tier", ["verified", "passive"])


def play(steps, tier="passive", agent=None, **settings):
    """Run `steps(wechat, phone, agent, channel)`."""

    async def all_of_it():
        async with WeChat(SCALE, tier) as wechat:
            ours = agent or Agent(SCALE)
            async with serving(wechat, ours, **settings) as channel:
                await steps(wechat, wechat.phone(), ours, channel)

    asyncio.run(asyncio.wait_for(all_of_it(), 60))
