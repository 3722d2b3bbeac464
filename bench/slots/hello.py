"""The floor of floors: eventlet's WSGI server, which the gateway is built on, with nothing behind it.

python -m bench.slots.hello PORT
"""

import sys
import warnings
from collections.abc import Callable
from typing import Any

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402 - its deprecation warning is known
from eventlet import wsgi  # noqa: E402


def hello(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer as /healthz does, without headers of its own."""
    body = b'{"status":"ok"}'
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


if __name__ == "__main__":
    wsgi.server(eventlet.listen(("127.0.0.1", int(sys.argv[1]))), hello, log_output=False, debug=False)
