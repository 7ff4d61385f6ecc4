"""The dashboard, the alerts and the scrape settings ask for figures that the server has, and the runbook says what each alert means."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from telemetry.metrics import exposition
from tests.conftest import ROOT
from tests.fuzz.assistant import assistant

DASHBOARD = ROOT / "deploy" / "grafana" / "zaofatong.json"
PROMETHEUS = ROOT / "deploy" / "prometheus"
ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
NAME = re.compile(r"\b(?:zaofatong|process)_[a-z0-9_]+\b")
SELECTED = re.compile(r"\b([a-z0-9_]+)\{([^}]*)\}")
OF_PROMETHEUS = {"job"}


def expressions() -> dict[str, str]:
    """Every expression by where it stands."""
    panels = {f"panel {panel['title']} {target['refId']}": target["expr"] for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
              for target in panel["targets"]}
    return {**panels, **{f"alert {rule['alert']}": rule["expr"] for rule in rules()}}


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module")
def known() -> Iterator[set[str]]:
    """The names of all samples of the whole server, WeChat included."""
    with assistant():
        families = list(text_string_to_metric_families(exposition().decode()))
    # Each counter and histogram also has the time it began, which nobody asks for.
    families = [family for family in families if not family.name.endswith("_created")]
    yield {family.name + ending for family in families for ending in ENDINGS.get(family.type, ("",))}


def test_every_figure_asked_for_is_one_the_server_has(known: set[str]) -> None:
    asked = {name: place for place, expression in expressions().items() for name in NAME.findall(expression)}
    assert len(asked) >= 12
    assert not {name: place for name, place in asked.items() if name not in known}


def test_no_figure_of_ours_is_left_without_a_place_on_the_dashboard(known: set[str]) -> None:
    shown = {name for place, expression in expressions().items() if place.startswith("panel") for name in NAME.findall(expression)}
    # Others' tests add figures to the same registry.
    ours = {name for name in known if name.startswith("zaofatong_") and not name.startswith("zaofatong_test_")}
    assert ours <= shown


def test_every_label_asked_for_is_one_of_the_figure() -> None:
    labels = {"zaofatong_turns_total": {"channel", "status"}, "zaofatong_turn_seconds_bucket": {"channel", "le"}, "zaofatong_fallbacks_total": {"channel"},
              "zaofatong_http_problems_total": {"status"}, "zaofatong_purges_total": {"what", "result"}, "zaofatong_wechat_calls_total": {"call"},
              "zaofatong_wechat_messages_total": {"what"}, "zaofatong_wechat_refused_total": {"reason"}}
    for place, expression in expressions().items():
        for name, chosen in SELECTED.findall(expression):
            used = set(re.findall(r"(\w+)\s*[=!]", chosen)) - OF_PROMETHEUS
            assert used <= labels.get(name, set()), place


def test_every_alert_says_what_it_is_and_stands_in_the_runbook() -> None:
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for rule in rules():
        assert rule["annotations"]["summary"] and rule["annotations"]["action"] and rule["labels"]["severity"] in ("page", "ticket")
        assert f"`{rule['alert']}`" in runbook


def test_panels_do_not_lie_over_each_other_and_have_a_number_of_their_own() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [(x, y) for panel in panels for place in [panel["gridPos"]] for x in range(place["x"], place["x"] + place["w"])
             for y in range(place["y"], place["y"] + place["h"])]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24


@pytest.mark.parametrize("command", [("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml"), ("test", "rules", str(ROOT / "tests" / "deploy" / "alert_cases.yml"))])
def test_prometheus_takes_them(command: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("no promtool on this machine (Debian: the package prometheus)")
    done = subprocess.run([promtool, *command], cwd=PROMETHEUS, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
