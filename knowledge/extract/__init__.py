"""Derive the facts of an annual report on law-based government from its text."""
from __future__ import annotations

from knowledge.extract.certainty import confidence
from knowledge.extract.report import EXTRACTOR, extract_report
from knowledge.extract.writer import write_report

__all__ = ["EXTRACTOR", "confidence", "extract_report", "write_report"]
