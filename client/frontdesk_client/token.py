"""The token by which a tool proves itself: `tool-NAME.CLAIMS.MAC`.

CLAIMS is JSON in URL-safe base64: that a tool acts, which one, and until when. MAC is the HMAC-SHA256, in hexadecimal,
of all that stands before its dot, by the tool's key.
"""

from __future__ import annotations

import base64
import hmac
import json
import time

SECONDS = 60.0
"""How long a token holds where nothing else is said: making one costs microseconds, so each call has its own."""
MOST_SECONDS = 3600.0
"""What holds for longer is refused."""


def make_token(name: str, key: str, seconds: float = SECONDS, now: float | None = None) -> str:
    """Return a token of the tool `name` that holds for `seconds` from `now`, a Unix time: this moment if left out."""
    if not 0 < seconds <= MOST_SECONDS:
        raise ValueError("A token holds for an hour at most.")
    until = (time.time() if now is None else now) + seconds
    claims = json.dumps({"kind": "tool", "id": name, "until": until}).encode()
    signed = f"tool-{name}.{base64.urlsafe_b64encode(claims).decode()}"
    return f"{signed}.{hmac.new(key.encode(), signed.encode(), 'sha256').hexdigest()}"
