"""How many files and connections a process may have open: login shells and systemd begin with 1,024."""

import logging
import resource

from gateway.http.bounds import CONNECTIONS

FOR_GATEWAY = CONNECTIONS + 500
"""What a process with the gateway wants: its clients, and as many besides as databases, Redis and files can take."""

_log = logging.getLogger(__name__)


def allow_open_files(wanted: int = 0) -> None:
    """Let this process have open as many as its machine allows; warn where those are fewer than are `wanted`."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most < wanted:
        _log.warning("only %d files and connections may be open; raise the hard limit (nofile) to %d", most, wanted)
