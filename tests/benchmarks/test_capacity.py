"""The arithmetic of machines and cost."""
import pytest

from benchmarks.capacity import Assumptions, main, rows

GIVEN = {"cpu_ms": 10.0, "calls": 1_000_000, "turns": 3.6, "busiest": 0.001, "peak": 2.0, "load": 0.5, "cores": 2, "price": 100.0, "beside": 0.25}


def test_a_worked_example():
    """3.6 million turns a year, 3,600 in the busiest hour, 2 a second at its peak; a core at half load does 1000 × 0.5 / 12.5 = 40 a second."""
    given = Assumptions(**GIVEN)
    assert given.turns_a_second_at_the_peak == pytest.approx(2.0) and given.turns_a_second_of_a_core == pytest.approx(40.0)
    assert given.cores_needed == 1 and given.machines == 1
    assert given.core_hours_for_a_million == pytest.approx(1e6 * 0.0125 / 3600 / 0.5)
    assert given.cost_for_a_million(2) == pytest.approx(2 * 1200 / 3.6)


def test_more_turns_need_more_machines():
    busy = Assumptions(**{**GIVEN, "calls": 100_000_000})
    assert busy.turns_a_second_at_the_peak == pytest.approx(200) and busy.cores_needed == 5 and busy.machines == 3
    assert dict(rows(busy))["machines of 2 cores, without / with one to spare"] == "3 / 4"


def test_the_command_prints_what_it_assumed(capsys):
    assert main(["--cpu-ms", "11.8", "--cores", "4"]) == 0
    said = capsys.readouterr().out
    assert "| cpu-ms | 11.8 |" in said and "| cores | 4 |" in said and "cost of a million turns" in said


@pytest.mark.parametrize("words", [[], ["--cpu-ms", "0"], ["--cpu-ms", "nan"], ["--cpu-ms", "5", "--load", "1.5"], ["--cpu-ms", "5", "--cores", "0"]])
def test_what_makes_no_sense_is_refused(words):
    with pytest.raises(SystemExit):
        main(words)
