"""A calendar that is hard to read: long Persian texts, signs that are escaped, daylight saving, whole days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.texts.calendar_feed import Entry, Feed, calendar_feed

HERE = ZoneInfo("Europe/Stockholm")
STAMP = datetime(2026, 11, 30, 8, 5, tzinfo=HERE)
FEED = Feed("f@solna.frontdesk", "دکتر آنا · کلینیک قلب", "fa", "Europe/Stockholm", "#0f766e")
LONG = "مایا اِک، با نام خانوادگی‌ای که از هفتاد و پنج بایت بسیار درازتر است · معاینه; دو, سه"
BOOKING = Entry(
    "R1@solna.frontdesk", 3, datetime(2026, 3, 29, 1, 30, tzinfo=HERE), datetime(2026, 3, 29, 3, 30, tzinfo=HERE), LONG,
    confidential=True,
)  # fmt: skip
"""An hour long: from half past one to half past three, where the hour between does not exist."""
LEAVE = Entry("absence-a1@solna.frontdesk", 0, date(2026, 12, 24), date(2026, 12, 27), "Absent")


def written() -> bytes:
    """Return the calendar as it is fetched."""
    return calendar_feed(FEED, [BOOKING, LEAVE], STAMP)
