"""The files of deploy/ that no test here can run (there is no docker and no systemd): what can be checked by reading them, and by their own checkers."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import yaml
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.io import read_config_file

from channels.website.channel import read_settings
from server.serving import SECONDS_TO_FINISH
from tests.conftest import ROOT, free_port
from tests.deploy.city import DEPLOY, Nginx

SYSTEMD = DEPLOY / "systemd"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
EXAMPLE = dict(line.split("=", 1) for line in (DEPLOY / "zaofatong.env.example").read_text().splitlines() if re.match("[A-Z_]+=", line))


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in EXAMPLE.items():
        monkeypatch.setenv(name, value)


def test_every_setting_of_the_two_files_stands_in_the_example(example: None) -> None:
    endpoints = AvailableEndpoints.read_endpoints(str(DEPLOY / "endpoints.yml"))
    credentials = read_config_file(str(DEPLOY / "credentials.yml"))
    assert endpoints.tracker_store.url == EXAMPLE["ZAOFATONG_DATABASE_URL"] and endpoints.lock_store.url == EXAMPLE["ZAOFATONG_REDIS_URL"]
    assert credentials["channels.website.WebsiteInput"]["redis_url"] == EXAMPLE["ZAOFATONG_REDIS_URL"] and endpoints.action is None
    assert not any("rest" in name.lower() for name in credentials)


def test_one_process_alone_takes_the_same_channels_without_redis(example: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAOFATONG_REDIS_URL", "")
    monkeypatch.setenv("ZAOFATONG_ORIGINS", "https://a.example.gov.cn, https://b.example.gov.cn")
    settings = read_settings(read_config_file(str(DEPLOY / "credentials.yml"))["channels.website.WebsiteInput"])
    assert settings["redis_url"] is None and settings["origins"] == ["https://a.example.gov.cn", "https://b.example.gov.cn"]
    assert settings["trusted_proxies"] == ["127.0.0.1"]


def test_no_secret_stands_in_a_file() -> None:
    for name, value in EXAMPLE.items():
        if any(word in name for word in ("KEY", "SECRET", "TOKEN", "PASSWORD")):
            assert value in ("", "CHANGE-ME")
    assert "CHANGE-ME" in EXAMPLE["ZAOFATONG_DATABASE_URL"]
    assert "${ZAOFATONG_DATABASE_PASSWORD:?" in COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]


def test_a_missing_setting_is_said_in_one_line() -> None:
    """In a process of its own: a server changes Rasa while it starts."""
    environment = {**os.environ, "ZAOFATONG_ENDPOINTS": "deploy/endpoints.yml"}
    environment.pop("ZAOFATONG_DATABASE_URL", None)
    serve = "import pathlib; from server import launcher; launcher.serve(pathlib.Path('model'), '127.0.0.1', 0, print)"
    done = subprocess.run([sys.executable, "-c", serve], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode and re.search(r"StoreProblem: .*ZAOFATONG_DATABASE_URL.*zaofatong.env.example", done.stderr)


def test_only_nginx_is_published_and_nothing_runs_as_root_or_writes() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    for name in ("assistant1", "assistant2"):
        service = services[name]
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"] and service["mem_limit"]
    assert all(re.search(r":\d|ZAOFATONG_RELEASE", service["image"]) for service in services.values())
    assert services["assistant1"]["environment"]["ZAOFATONG_TURNS"] != services["assistant2"]["environment"]["ZAOFATONG_TURNS"]
    text = (DEPLOY / "Dockerfile").read_text()
    assert text.index("USER zaofatong") < text.index("ENTRYPOINT") and "HEALTHCHECK" in text and "--no-train" in text


def test_the_containers_have_longer_to_end_than_a_process_needs() -> None:
    for given in (COMPOSE["services"]["assistant1"]["stop_grace_period"], re.search("TimeoutStopSec=(.*)", (SYSTEMD / "zaofatong@.service").read_text())[1] + "s"):
        assert float(given.removesuffix("s")) >= SECONDS_TO_FINISH + 30


def test_nginx_for_the_containers_is_the_same_but_for_the_addresses() -> None:
    alone, contained = ((DEPLOY / "nginx" / name).read_text() for name in ("zaofatong.conf", "compose/zaofatong.conf"))
    addresses = {"127.0.0.1:5005": "assistant1", "127.0.0.1:5006": "assistant2"}
    for old, name in addresses.items():
        alone = alone.replace(old, COMPOSE["services"][name]["networks"]["inside"]["ipv4_address"] + ":5005")
    assert alone == contained


def test_what_is_not_in_git_is_not_in_the_image_either() -> None:
    """Secrets, conversations and what was built for this machine. At the root, where both of Docker's builders look."""
    left_out = {line.removeprefix("**/") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()}
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
    assert ignored and ignored <= left_out, ignored - left_out


def test_compose_reads_its_file(tmp_path: Path) -> None:
    if shutil.which("docker-compose") is None:
        pytest.skip("no docker-compose on this machine: compose.yml is only read as YAML")
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    shutil.copy(DEPLOY / "zaofatong.env.example", tmp_path / "deploy" / "zaofatong.env")
    done = subprocess.run(["docker-compose", "-f", "deploy/compose.yml", "config", "--quiet"], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin:/usr/local/bin", "ZAOFATONG_DATABASE_PASSWORD": "x"}, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(file.name for file in SYSTEMD.iterdir()))
def test_systemd_understands_its_files(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    for file in SYSTEMD.iterdir():  # where the programs are is not this machine's matter
        (tmp_path / file.name).write_text(re.sub("/opt/zaofatong/current/(.venv/bin/python|deploy/backup)", "/bin/true", file.read_text()))
    unit = tmp_path / name.replace("@.", "@5005.")
    if unit.name != name:
        shutil.copy(tmp_path / name, unit)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in done.stderr.splitlines() if "zaofatong" in line]
    assert said == [] and done.returncode == 0, done.stderr


def test_systemd_finds_the_process_well_locked_in(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    unit = tmp_path / "zaofatong@5005.service"
    shutil.copy(SYSTEMD / "zaofatong@.service", unit)
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze judges no files")
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_too_many_requests_of_one_address_are_refused_and_wechat_never(tmp_path: Path) -> None:
    nginx = Nginx(tmp_path, free_port(), free_port(), turns_per_second="4r/s")  # nobody is behind it
    try:
        def statuses(path: str) -> set[int]:
            return {requests.post(nginx.address + path, verify=False, timeout=10).status_code for _ in range(40)}

        assert statuses("/text") == {503, 429} and statuses("/webhooks/wechat/") == {503}
        page = requests.get(nginx.address + "/text", verify=False, timeout=10)
        while page.status_code == 429:
            page = requests.get(nginx.address + "/text", verify=False, timeout=10)
        assert page.status_code == 503 and all(number in page.content.decode() for number in ("12348", "12345", "110"))
    finally:
        nginx.stop()


def test_a_backup_of_a_file_is_made_and_old_ones_go(tmp_path: Path) -> None:
    import os
    import sys

    from conversations import SqliteTrackerStore

    SqliteTrackerStore(None, db=tmp_path / "conversations.db").close()
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "conversations-20200101-0000.db").write_text("old")
    os.utime(copies / "conversations-20200101-0000.db", (0, 0))
    assert sys.executable.startswith(str(ROOT))
    done = subprocess.run([str(DEPLOY / "backup"), str(copies)], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "ZAOFATONG_CONVERSATIONS": str(tmp_path / "conversations.db"), "ZAOFATONG_DATABASE_URL": ""})
    assert done.returncode == 0, done.stderr
    [copy] = copies.iterdir()
    assert copy.name != "conversations-20200101-0000.db" and copy.stat().st_mode & 0o777 == 0o600
