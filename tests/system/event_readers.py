"""Programs outside that the deployed installation of tests lets read persons in events (ADR 57)."""

import base64
import os

OLD, NEW, OTHER = (base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=") for _ in range(3))
"""The keys of `letters`, which is about to change them, and that of `lists`."""

_LETTERS = "frenda:BookingCreated:first_name+last_name+mobile"
READER_KEYS = f"letters:{OLD}:{_LETTERS},letters:{NEW}:{_LETTERS},lists:{OTHER}:norsk:*:*"
