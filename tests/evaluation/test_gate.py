"""The regression gate: the project's own cases, asked of the trained model, against fixed floors (evaluation/floors.yml)."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evaluation.assistant import EvaluatedAssistant
from evaluation.cases import load_cases, own_sets
from evaluation.measures import Measure
from evaluation.measuring import measure

FLOORS = yaml.safe_load((Path(__file__).resolve().parents[2] / "evaluation" / "floors.yml").read_text(encoding="utf-8"))
BARS = [(part, name, bar) for part, bars in FLOORS.items() for name, bar in bars.items()]


@pytest.fixture(scope="module")
def measured(model: Path) -> dict[str, dict[str, Measure]]:
    outcomes = EvaluatedAssistant(model).ask(load_cases(own_sets()))
    return {part: {one.name: one for one in found} for part, found in measure(outcomes).items()}


@pytest.mark.parametrize(("part", "name", "bar"), BARS, ids=[name for _, name, _ in BARS])
def test_no_measure_is_worse_than_its_floor(measured, part, name, bar):
    one = measured[part][name]
    assert one.value >= bar if one.better == "higher" else one.value <= bar, f"{name}: {one.value:.3f} over {one.cases} cases, floor {bar}"
