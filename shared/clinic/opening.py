"""The moments when a clinic's online booking opens and closes (PRODUCT S10)."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.clinic.document import Document
from shared.clinic.wall_clock import end_moment, start_moment


class Opening(NamedTuple):
    """When booking opens and closes, in UTC; None where nothing limits it."""

    opens_at: datetime | None
    closes_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether booking has opened at `now` and not closed yet."""
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or now < self.closes_at)


def opening_of(document: Document) -> Opening:
    """Return when the booking of a document's clinic opens and closes."""
    zone = ZoneInfo(document["time_zone"])
    opens_at, closes_at = (document["booking"][key] for key in Opening._fields)
    return Opening(
        start_moment(datetime.fromisoformat(opens_at), zone) if opens_at else None,
        end_moment(datetime.fromisoformat(closes_at), zone) if closes_at else None,
    )
