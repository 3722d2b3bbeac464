"""`python -m tests.faults.ahead SECONDS …` is `frontdesk …` on a machine whose clock is so far ahead."""

import sys
import time
from datetime import UTC, datetime, timedelta

from cli.main import main
from shared.clock import SystemClock


def set_clock(seconds: float) -> None:
    """Let this process's wall clock be so many seconds ahead; what measures spans of time is not touched."""
    true_time = time.time
    time.time = lambda: true_time() + seconds
    SystemClock.now = lambda self: datetime.now(UTC) + timedelta(seconds=seconds)  # type: ignore[method-assign]


if __name__ == "__main__":
    set_clock(float(sys.argv.pop(1)))
    main()
