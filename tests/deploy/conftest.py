"""One installation for all tests of this folder: starting the real server takes seconds."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.city import City


@pytest.fixture(scope="session")
def whole_city(model: Path) -> Iterator[City]:
    city = City()
    try:
        yield city
    finally:
        city.end()


@pytest.fixture
def city(whole_city: City) -> City:
    """The installation with everything running and ready, whatever the test before has done to it."""
    whole_city.wait_until_ready()
    return whole_city
