"""What reads reports stays out of the serving process: it may be left out of an installation that only serves."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVING = "import server.launcher, actions.report, channels.rest, channels.website, knowledge.reports; knowledge.reports.load_index().warm()"
READERS = ("docx", "lxml", "pdfplumber", "pdfminer", "openpyxl", "intake", "spacy")


def test_serving_imports_no_reader_of_documents():
    code = f"import sys; {SERVING}; sys.stdout.write(','.join(name for name in {READERS} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == ""
