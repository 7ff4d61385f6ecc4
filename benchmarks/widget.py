"""The widget: its size, and how soon the opened panel is painted: `python -m benchmarks.widget`.

Serves the built file and an empty page, opens it in Chromium (node and widget/node_modules needed) ROUNDS times, taps the launcher as soon as the script
has run, and prints bytes (plain, gzip) and the median and worst milliseconds from the script having been loaded to the panel's first painted frame.
"""
from __future__ import annotations

import gzip
import json
import shutil
import statistics
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "channels" / "static" / "widget.js"
SCRIPT = Path(__file__).with_name("widget.mjs")
ROUNDS = 10
PAGE = b"""<!doctype html><meta charset="utf-8"><title>benchmark</title><body><p>host page</p>
<script src="/widget.js" defer></script></body>"""


class Site(BaseHTTPRequestHandler):
    """The page, the built file, and nothing else."""

    def do_GET(self) -> None:  # noqa: N802 - the name http.server wants
        """Called by http.server: the page, the built widget, 404 for anything else."""
        body, kind = {"/": (PAGE, "text/html"), "/widget.js": (BUILT.read_bytes(), "text/javascript")}.get(self.path, (b"", "text/plain"))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> int:
    """Exit code 1 without node, Chromium or the widget's packages."""
    node, chromium = shutil.which("node"), shutil.which("chromium")
    if not node or not chromium or not (ROOT / "widget" / "node_modules").exists():
        sys.stderr.write("node, chromium and widget/node_modules (cd widget && npm ci) are needed\n")
        return 1
    plain = BUILT.read_bytes()
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{site.server_address[1]}/"
        result = subprocess.run([node, str(SCRIPT), address, chromium, str(ROUNDS)], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT / "widget")
        site.shutdown()
    if result.returncode:
        sys.stderr.write(result.stderr)
        return 1
    spent = json.loads(result.stdout)
    sys.stdout.write(f"widget.js {len(plain)} bytes, gzip {len(gzip.compress(plain, mtime=0))} bytes\n"
                     f"script loaded → opened panel painted: median {statistics.median(spent):.0f} ms, worst {max(spent):.0f} ms of {len(spent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
