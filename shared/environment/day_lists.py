"""Where the clinics' day lists lie for the day on which nothing else works, and from when on (PRODUCT C15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

_OFF = "off"
_ONE_DAY = timedelta(days=1)
_USUAL_DAYS = 14
_MOST_DAYS = 366


@dataclass(frozen=True)
class DayLists:
    """Files in `folder`: the coming day's, from `at` on by each clinic's clocks; `kept` so long after their day."""

    folder: Path
    at: time
    kept: timedelta

    def due(self, now: datetime) -> date:
        """Return whose list must be there at a moment by a clinic's clocks: the coming day's, before that today's."""
        return now.date() + _ONE_DAY if now.time() >= self.at else now.date()


def day_lists_from(environ: Mapping[str, str], data_dir: Path) -> DayLists | None:
    """Return what the environment says, None where none are wanted; raise ValueError with one sentence."""
    said = environ.get("DAY_LISTS_AT") or "19:00"
    if said == _OFF:
        return None
    folder = Path(environ.get("DAY_LISTS_DIR") or data_dir / "day-lists").absolute()
    return DayLists(folder, _time(said), _days(environ.get("DAY_LISTS_KEPT") or str(_USUAL_DAYS)))


def _time(said: str) -> time:
    try:
        return datetime.strptime(said, "%H:%M").time()  # noqa: DTZ007 - a wall clock's
    except ValueError:
        raise ValueError(f"DAY_LISTS_AT must be a time of day such as 19:00, or off, not {said!r}.") from None


def _days(said: str) -> timedelta:
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= _MOST_DAYS):
        raise ValueError(f"DAY_LISTS_KEPT must be a number of days from 1 to {_MOST_DAYS}, not {said!r}.")
    return timedelta(days=int(said))
