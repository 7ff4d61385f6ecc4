"""Which instructions of the processor the engine uses: CTranslate2 takes AVX2 where AVX-512 would be a tenth to a seventh quicker.

It does so because the first processors with AVX-512 slow down when it is used. Those that also have VBMI2 (Intel since Ice Lake, AMD since Zen 4) do not.
"""
from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "CT2_FORCE_CPU_ISA"  # CTranslate2's own; what an operator sets there stays
AVX512 = "AVX512"
NEEDED = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_vbmi2"})
CPUINFO = Path("/proc/cpuinfo")


def has_quick_avx512(cpuinfo: str) -> bool:
    """cpuinfo: text of /proc/cpuinfo; anything else has not."""
    flags = next((line.partition(":")[2].split() for line in cpuinfo.splitlines() if line.startswith("flags")), [])
    return frozenset(flags) >= NEEDED


def choose_instructions(cpuinfo: Path = CPUINFO) -> str:
    """Set CTranslate2's variable where that helps, and return it, or "" for its own choice. Call before the first engine is made."""
    try:
        text = cpuinfo.read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux
        text = ""
    if VARIABLE not in os.environ and has_quick_avx512(text):
        os.environ[VARIABLE] = AVX512
    return os.environ.get(VARIABLE, "")
