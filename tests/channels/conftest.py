"""Settings every channel test may rely on."""
import shutil
import subprocess
import time

import pytest
from redis import Redis
from redis.exceptions import RedisError
from sanic import Sanic

from tests.conftest import free_port


@pytest.fixture
def own_key(monkeypatch):
    """A session key of the test's own, and several servers in one process."""
    monkeypatch.setattr(Sanic, "test_mode", True)  # else Sanic allows only one server for each process
    monkeypatch.setenv("ZAOFATONG_SESSION_KEY", "k" * 32)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    """A Redis of this test run, on a port of its own. Skips where no redis-server binary is."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("no redis-server binary on this machine")
    port = free_port()
    process = subprocess.Popen([server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path_factory.mktemp("redis"))],
                               stdout=subprocess.DEVNULL)
    url, deadline = f"redis://127.0.0.1:{port}/0", time.monotonic() + 20
    try:
        while True:
            try:
                Redis.from_url(url).ping()
                break
            except RedisError:
                if time.monotonic() > deadline or process.poll() is not None:
                    pytest.fail("redis-server did not start")
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)
