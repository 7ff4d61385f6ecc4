"""A whole installation for the tests: nginx with the configuration of deploy/, two real server processes, PostgreSQL and Redis, all of this run's own."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import yaml
from redis import Redis as RedisClient
from redis.exceptions import RedisError

from tests.conftest import ROOT, START_SECONDS, free_port
from tests.postgres import Postgres, programs

DEPLOY = ROOT / "deploy"
KEY = "k" * 64
SECONDS = 30.0


def program(name: str) -> str:
    """Where a program is. Skips where it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"no {name} on this machine")
    return found


class Redis:
    """redis-server on a port of its own, that can go and come back."""

    def __init__(self, folder: Path) -> None:
        self._program = program("redis-server")
        self._folder = folder
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen([self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)],
                                        stdout=subprocess.DEVNULL)
        end = time.monotonic() + SECONDS
        while True:
            try:
                RedisClient.from_url(self.url).ping()
                return
            except RedisError:
                if time.monotonic() > end or self.process.poll() is not None:
                    pytest.fail("redis-server did not start")
                time.sleep(0.05)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(timeout=SECONDS)


class Process:
    """One server process, started again when it ends, as systemd does (Restart=always stands for `systemctl restart` here)."""

    def __init__(self, folder: Path, number: int, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{number}.log"
        self._environment = {**environment, "ZAOFATONG_TURNS": str(folder / f"turns-{number}.log")}
        self._is_wanted = False
        self._process: subprocess.Popen | None = None
        self._keeping: threading.Thread | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        self._is_wanted = True
        self._spawn()
        self._keeping = threading.Thread(target=self._keep, daemon=True)
        self._keeping.start()

    def stop(self) -> None:
        self._is_wanted = False
        self._process.kill()
        self._keeping.join(SECONDS)

    def wait_until_ready(self, other_than: int | None = None) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with suppress(requests.RequestException, ValueError):
                found = requests.get(f"{self.address}/ready", timeout=5)
                if found.status_code == 200 and found.json()["pid"] != other_than:
                    return
            time.sleep(0.1)
        pytest.fail(f"not ready:\n{self.log.read_text()[-3000:]}")

    def wait_until_gone(self, pid: int) -> None:
        end = time.monotonic() + SECONDS
        while self._process.pid == pid and self._process.poll() is None:
            assert time.monotonic() < end, "the process did not end"
            time.sleep(0.02)

    def signal(self, sign: int) -> int:
        """Send it and return the pid it went to."""
        pid = self._process.pid
        os.kill(pid, sign)
        return pid

    def _spawn(self) -> None:
        with self.log.open("a") as log:
            self._process = subprocess.Popen([sys.executable, "-m", "server", "--no-train", "--port", str(self.port)], cwd=ROOT, stdout=log, stderr=log,
                                             env={**os.environ, **self._environment})

    def _keep(self) -> None:
        while self._is_wanted:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.2)
                if self._is_wanted:
                    self._spawn()


def nginx_files(folder: Path, ports: dict[str, int], turns_per_second: str = "4r/s") -> Path:
    """The configuration of deploy/nginx, with the addresses of this run and a certificate made for it; returns the main file."""
    replaced = {"listen 80;": f"listen 127.0.0.1:{ports['http']};", "listen 443 ssl http2;": f"listen 127.0.0.1:{ports['https']} ssl http2;",
                "listen [::]:80;": "", "listen [::]:443 ssl http2;": "", "assistant.example.gov.cn": "localhost",
                "127.0.0.1:5005": f"127.0.0.1:{ports['one']}", "127.0.0.1:5006": f"127.0.0.1:{ports['two']}",
                "/etc/zaofatong/tls/": f"{folder}/", "/etc/nginx/zaofatong-locations.conf": f"{folder}/zaofatong-locations.conf",
                "/var/log/nginx/": f"{folder}/", "rate=4r/s": f"rate={turns_per_second}", "rate=20r/s": f"rate={'20r/s' if turns_per_second == '4r/s' else turns_per_second}"}
    for name in ("zaofatong.conf", "zaofatong-locations.conf"):
        text = (DEPLOY / "nginx" / name).read_text()
        for old, new in replaced.items():
            text = text.replace(old, new)
        (folder / name).write_text(text)
    subprocess.run([program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout",
                    str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")], check=True, capture_output=True, timeout=60)
    main = folder / "nginx.conf"
    temporary = "\n".join(f"  {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main.write_text(f"""worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 2048; }}
http {{
{temporary}
  include {folder}/zaofatong.conf;
}}
""")
    return main


class Nginx:
    def __init__(self, folder: Path, one: int, two: int, turns_per_second: str) -> None:
        self.folder = folder
        folder.chmod(0o755)
        for parent in folder.parents[:2]:  # the worker is not root and keeps long requests and answers in files
            parent.chmod(parent.stat().st_mode | 0o055)
        ports = {"http": free_port(), "https": free_port(), "one": one, "two": two}
        self.address = f"https://127.0.0.1:{ports['https']}"
        self.plain_address = f"http://127.0.0.1:{ports['http']}"
        main = nginx_files(folder, ports, turns_per_second)
        self._process = subprocess.Popen([program("nginx"), "-c", str(main), "-e", str(folder / "nginx-error.log")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + SECONDS
        while True:
            try:
                requests.get(self.plain_address, timeout=2, allow_redirects=False)
                return
            except requests.RequestException:
                if time.monotonic() > end or self._process.poll() is not None:
                    pytest.fail("nginx did not start:\n" + (folder / "nginx-error.log").read_text()[-2000:])
                time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=SECONDS)


class City:
    """`processes`: two of them; `address`: nginx."""

    def __init__(self) -> None:
        program("nginx")
        program("openssl")
        if programs() is None:
            pytest.skip("no PostgreSQL (initdb, postgres) on this machine")
        self.folder = Path(tempfile.mkdtemp(prefix="zaofatong-city-"))
        for name in ("postgres", "redis", "nginx"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        self.redis = Redis(self.folder / "redis")
        self.postgres = Postgres(programs(), self.folder / "postgres")
        self.postgres.execute("CREATE DATABASE city")
        environment = {
            "ZAOFATONG_ENDPOINTS": "deploy/endpoints.yml", "ZAOFATONG_CREDENTIALS": str(self._credentials()),
            "ZAOFATONG_DATABASE_URL": self.postgres.url("city"), "ZAOFATONG_REDIS_URL": self.redis.url, "ZAOFATONG_SESSION_KEY": KEY,
            "ZAOFATONG_ORIGINS": "https://www.example.gov.cn", "ZAOFATONG_TRUSTED_PROXIES": "127.0.0.1",
            "ZAOFATONG_FEEDBACK": str(self.folder / "feedback.db"), "ZAOFATONG_DRAIN_NOTICE": "0.5"}
        self.processes = [Process(self.folder, number, environment) for number in (1, 2)]
        for process in self.processes:
            process.start()
        self.nginx = Nginx(self.folder / "nginx", *(process.port for process in self.processes), turns_per_second="1000r/s")
        self.address = self.nginx.address
        self.wait_until_ready()

    def _credentials(self) -> Path:
        """Those of deploy/, but for the limit on the text page: one address plays many visitors here."""
        credentials = yaml.safe_load((DEPLOY / "credentials.yml").read_text(encoding="utf-8"))
        credentials["channels.text_page.TextPageInput"] = {"messages_per_minute": 10_000, "address_messages_per_minute": 10_000}
        path = self.folder / "credentials.yml"
        path.write_text(yaml.safe_dump(credentials), encoding="utf-8")
        return path

    def wait_until_ready(self) -> None:
        for process in self.processes:
            process.wait_until_ready()

    def stored(self) -> str:
        """Everything the database holds, as one text."""
        return "\n".join(data for (data,) in self.postgres.execute("SELECT data FROM conversation_turns ORDER BY number, place", "city"))

    def end(self) -> None:
        for process in self.processes:
            process.stop()
        self.nginx.stop()
        self.redis.stop()
        self.postgres.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
