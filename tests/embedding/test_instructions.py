"""AVX-512 is chosen where it is quick, never against an operator's word, and elsewhere nothing is chosen."""
import pytest

from embedding import instructions
from embedding.instructions import AVX512, NEEDED, VARIABLE, choose_instructions, has_quick_avx512


def cpuinfo(flags):
    return f"processor\t: 0\nmodel name\t: some\nflags\t\t: fpu {' '.join(sorted(flags))} sse\n\nprocessor\t: 1\n"


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path / "cpuinfo"


def test_all_flags_are_needed():
    assert has_quick_avx512(cpuinfo(NEEDED))
    assert [flag for flag in NEEDED if has_quick_avx512(cpuinfo(NEEDED - {flag}))] == []
    assert not has_quick_avx512("") and not has_quick_avx512("Features : fp asimd\n")


def test_chosen_where_it_is_quick(file, monkeypatch):
    monkeypatch.setattr(instructions.os, "environ", environment := {})
    file.write_text(cpuinfo(NEEDED))
    assert choose_instructions(file) == AVX512 == environment[VARIABLE]


@pytest.mark.parametrize("text", ["", cpuinfo({"avx2"}), cpuinfo({"avx512f"})])
def test_elsewhere_the_engine_chooses(file, monkeypatch, text):
    monkeypatch.setattr(instructions.os, "environ", environment := {})
    file.write_text(text)
    assert choose_instructions(file) == "" and environment == {}
    assert choose_instructions(file.with_name("missing")) == ""


def test_what_an_operator_has_set_stays(file, monkeypatch):
    monkeypatch.setattr(instructions.os, "environ", environment := {VARIABLE: "AVX2"})
    file.write_text(cpuinfo(NEEDED))
    assert choose_instructions(file) == "AVX2" == environment[VARIABLE]
