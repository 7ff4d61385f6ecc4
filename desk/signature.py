"""The signature under every message between the assistant and a desk: HMAC-SHA256 over the time and the body."""
from __future__ import annotations

import hashlib
import hmac
import re

TIMESTAMP_HEADER = "X-Zaofatong-Timestamp"
SIGNATURE_HEADER = "X-Zaofatong-Signature"
TOLERANCE_SECONDS = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body sent at `timestamp` (whole seconds since 1970, as written in the header)."""
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode("utf-8", "surrogateescape"), signed, hashlib.sha256).hexdigest()


def verify(secret: str, timestamp: str, body: bytes, signature: str, now: float, tolerance: float = TOLERANCE_SECONDS) -> bool:
    """Say whether the body is genuine and was signed within `tolerance` seconds of `now`."""
    if not secret or not signature or not _TIMESTAMP.fullmatch(timestamp) or abs(now - int(timestamp)) > tolerance:
        return False
    expected = sign(secret, timestamp, body).encode()
    return hmac.compare_digest(expected, signature.encode("utf-8", "backslashreplace"))
