"""A booking process that is killed in the middle of a call; what runs in it is `stuck`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def kill_in_the_middle(address: str, client: dict[str, Any]) -> None:
    """Let another process make the client's call, and kill it when it has written everything but its event."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.booking.stuck", address, json.dumps(client)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert "about to publish" in process.stdout.readline()
    process.kill()
    process.wait(timeout=30)
    process.stdin.close()
    process.stdout.close()
