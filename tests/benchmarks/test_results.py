"""Results are kept by part, quick ones apart, and shown as a table that tells whether a bar is met."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import results as results_module
from benchmarks.__main__ import USUAL, chosen, main
from benchmarks.compare import times_better
from benchmarks.growth import grows
from benchmarks.memory import trend
from benchmarks.offered import verdict
from benchmarks.report import markdown
from benchmarks.results import Results, newest
from benchmarks.saturation import stops_growing

CLIENT = "client's share of the machine"


def level(speed: float, milliseconds: float, cpu: float) -> dict[str, object]:
    return {"turns per second": speed, "milliseconds": {"p50": milliseconds, "p95": milliseconds * 2, "p99": milliseconds * 3}, "CPU milliseconds per turn": cpu,
            CLIENT: 0.05, "errors": {}, "share by status": {"answered": 0.5, "routed": 0.25, "clarify": 0.25}}


def side(speed: float, milliseconds: float, cpu: float, memory: int, right: float, seconds: float, start: float) -> dict[str, object]:
    return {"train": {"seconds": seconds, "epochs": 5, "seconds 100 epochs would take at least": 20000}, "start to first answer, s": [start, start * 9, start],
            "processes": 2, "after the load": {"RSS MB": memory, "PSS MB": memory}, "accuracy": {"right": right, "plus or minus": 0.02, "among three": right},
            "levels": {senders: level(speed, milliseconds, cpu) for senders in ("1", "8", "32")}}


STOCK, OURS = side(20, 50, 60, 1400, 0.5, 1000, 50), side(150, 10, 8, 400, 0.8, 100, 4)


def test_times_better_points_the_right_way():
    better = times_better(STOCK, OURS)
    assert better["turns/s, 8 sender(s)"] == 7.5
    assert better["turn p50, 1 sender"] == 5
    assert better["RSS after the load"] == 3.5
    assert better["train time"] == 10
    assert better["start to first answer"] == 12.5
    assert better["wrong first intents"] == 2.5
    assert better["CPU per turn, 1 sender(s)"] == 7.5


def test_the_table_tells_whether_a_bar_is_met():
    text = markdown({"compare": {"stock": STOCK, "ours": OURS, "times better": times_better(STOCK, OURS)}})
    assert "| turn p50, ms, one sender | 50 | 10 | 5× | ≥ 4: yes |" in text
    assert "| turns/s, 32 sender(s) | 20 | 150 | 7.5× | ≥ 8: **no** |" in text
    assert "| answered, routed, guided, small talk, 8 sender(s) | 75% | 75% |" in text
    assert "| training, s (stock: 5 epochs) | 1000 | 100 | 10× | ≥ 5: yes |" in text


def test_the_table_tells_that_the_stock_model_is_older():
    older = {**STOCK, "train": {**STOCK["train"], "trained in an earlier run": True, "trained at": "2020-01-01"}}
    assert "stock: 5 epochs, trained earlier, 2020-01-01" in markdown({"compare": {"stock": older, "ours": OURS, "times better": times_better(older, OURS)}})


def test_only_parts_that_were_run_are_shown():
    assert markdown({}) == ""
    assert "### Saturation" not in markdown({"compare": {"stock": STOCK, "ours": OURS, "times better": {}}})


def test_growth_over_sizes():
    found = {"1": {"mix": {"CPU milliseconds per turn": 10.0}}, "100": {"mix": {"CPU milliseconds per turn": 16.0}}}
    assert grows(found, "mix") == 1.6
    assert grows({size: told["mix"] for size, told in found.items()}) == 1.6


def test_the_growth_bar():
    def told(cpu: float) -> dict[str, object]:
        return {"mix": {"CPU milliseconds per turn": cpu}, "figures": {"CPU milliseconds per turn": 10.0}}

    text = markdown({"growth": {"reports": {"1": told(10.0), "100": told(16.0)}}})
    assert "| reports mix | 100 | 16.0 | 1.6× | < 1.5: **no** |" in text
    assert "| reports figures | 100 | 10.0 | 1× | < 1.5: yes |" in text


@pytest.mark.parametrize(("speeds", "expected"), [([10], False), ([10, 20, 30], False), ([10, 20, 20, 20], True), ([10, 20, 20, 21], False), ([20, 19, 18], True)])
def test_saturation_ends_when_nothing_more_comes_out(speeds: list[float], expected: bool):
    assert stops_growing(speeds) is expected


@pytest.mark.parametrize(("speed", "p99", "errors", "kept", "fast"), [(170, 200, {}, True, True), (150, 200, {}, False, True), (170, 301, {}, True, False), (170, 200, {"timeout": 1}, False, True)])
def test_whether_it_kept_up(speed: float, p99: float, errors: dict[str, int], kept: bool, fast: bool):
    told = verdict({"turns per second": speed, "offered per second": 170.0, "milliseconds": {"p99": p99}, "errors": errors})
    assert (told["kept up"], told["p99 under 300 ms"]) == (kept, fast)


def test_a_trend_leaves_the_beginning_out():
    seconds = [float(10 * number) for number in range(11)]
    megabytes = [100.0 + 50 * number for number in range(6)] + [400.0] * 5
    assert trend(seconds, megabytes, 0.6) == 0
    assert trend(seconds, megabytes, 0.0) > 0
    assert trend([], [], 0.5) is None and trend([1.0], [2.0], 0.5) is None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results_module, "FOLDER", tmp_path)
    return tmp_path


def test_a_part_takes_the_place_of_its_earlier_figures(folder: Path):
    kept = Results()
    kept.keep("a", {"x": 1}, {"rate": 5}, ["old problem"])
    kept.keep("b", {"y": 2}, problems=["other"])
    kept.keep("a", {"x": 3}, problems=["new problem"])
    assert kept.read() == {"a": {"x": 3}, "b": {"y": 2}}
    about = json.loads((kept.folder / "config.json").read_text(encoding="utf-8"))
    assert set(about) == {"a", "b"} and "machine" in about["a"] and "rate" not in about["a"]
    assert (kept.folder / "problems.txt").read_text(encoding="utf-8").splitlines() == ["b: other", "a: new problem"]


def test_a_part_that_broke_leaves_no_old_figures(folder: Path):
    kept = Results()
    kept.keep("a", {"x": 1})
    kept.problem("a", OSError("first line\nsecond"))
    assert kept.read() == {}
    assert (kept.folder / "problems.txt").read_text(encoding="utf-8").splitlines() == ["a: broke: OSError: first line", "a: broke: OSError: second"]


def test_quick_results_are_never_the_newest(folder: Path):
    with pytest.raises(FileNotFoundError):
        newest()
    Results(folder / "2020-01-01").keep("a", 1)
    Results(folder / "2020-01-02-quick").keep("a", 1)
    assert newest() == folder / "2020-01-01"
    assert Results(quick=True).folder.name.endswith("-quick")


@pytest.fixture
def parts_of():
    """The parts a command line chooses."""
    def read(*line: str) -> list[str]:
        import argparse

        made = argparse.ArgumentParser()
        made.add_argument("--parts", default="")
        made.add_argument("--soak", action="store_true")
        made.add_argument("--year", action="store_true")
        return chosen(made.parse_args(line))

    return read


def test_parts(parts_of):
    assert parts_of() == list(USUAL) and "soak" not in USUAL
    assert parts_of("--parts", "growth compare") == ["growth", "compare"]
    assert parts_of("--soak", "--year") == [*USUAL, "soak", "year"]
    with pytest.raises(ValueError, match="no such part: speed"):
        parts_of("--parts", "speed")


def test_help_names_the_parts(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "growth" in capsys.readouterr().out
