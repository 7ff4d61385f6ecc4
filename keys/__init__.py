"""The private key of this installation: signs session tokens, hides conversation ids from a desk."""
from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_VARIABLE = "ZAOFATONG_SESSION_KEY"
KEY_FILE = Path(__file__).resolve().parent.parent / ".cache" / "session.key"


def load_key(path: Path = KEY_FILE) -> str:
    """Return the key: from the environment, else from a private file that is made on first use."""
    if os.environ.get(KEY_VARIABLE):
        return os.environ[KEY_VARIABLE]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass  # another process was first; its key is as good
    return path.read_text()
