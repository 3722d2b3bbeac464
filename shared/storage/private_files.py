"""Files that the installation's owner alone reads: databases, keys, dead letters hold what patients typed."""

import os
import secrets
from pathlib import Path

_OWNER_ONLY = 0o600


def keep_private(path: Path) -> None:
    """Make the file at `path` where it is missing, its folder too, and let nobody but its owner read it.

    What stands in a folder that others may enter is private all the same; SQLite gives its logs beside a database the
    database's own mode.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY))
    path.chmod(_OWNER_ONLY)


def write_privately(path: Path, content: str | bytes) -> None:
    """Write all of `content` or nothing, readable by the owner alone, also where others write the same."""
    fresh = path.with_suffix(f".{secrets.token_urlsafe(6)}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    fresh.replace(path)
