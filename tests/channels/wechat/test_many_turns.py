"""Two thousand turns of residents on bad lines, with a slow assistant and a platform in trouble: nothing lost, nothing run twice."""
import asyncio

import pytest

from tests.channels.wechat.many_turns import many_turns

pytestmark = pytest.mark.usefixtures("own_key")


@pytest.mark.parametrize(("tier", "seed"), [("verified", 11), ("passive", 12)])
def test_a_thousand_turns(tier, seed):
    outcome = asyncio.run(asyncio.wait_for(many_turns(tier, residents=100, turns=10, scale=0.1, seed=seed), 170))
    assert (outcome.lost, outcome.run_twice, outcome.errors, outcome.disordered, outcome.doubled) == ([], [], 0, [], [])
    assert outcome.turns == 1000 and outcome.late > 200 and outcome.requests > 1300
    assert outcome.pushed > 200 if tier == "verified" else outcome.pushed == 0
