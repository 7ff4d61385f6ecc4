"""Answering questions about the facts of annual reports."""
from knowledge.overlay import load_reports
from knowledge.search.context import ReportContext
from knowledge.search.index import ReportIndex

__all__ = ["ReportContext", "ReportIndex", "load_reports"]
