"""What processes say about themselves: one line of text per record on standard error, without personal data."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_to_stderr(level: str) -> None:
    """Send records of `level` and above to standard error; libraries only from warnings on.

    What no line says is not found out for each.
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("shared", "services", "gateway", "cli", "frontdesk"):
        logging.getLogger(ours).setLevel(level)
