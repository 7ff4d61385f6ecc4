"""The tracker stores of our own, each for every test that asks for one."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conversations import AppendingStore
from tests.conversations.making import OURS


@pytest.fixture(params=OURS)
def make(request: pytest.FixtureRequest) -> Callable[..., AppendingStore]:
    """Makes a store from a folder; the same folder, the same conversations."""
    return OURS[request.param]


@pytest.fixture
def store(make: Callable[..., AppendingStore], tmp_path: Path) -> AppendingStore:
    """A new store of each kind."""
    return make(tmp_path)
