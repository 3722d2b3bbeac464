"""What makes a reminder the same one (PRODUCT N3)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.notification.model.reminder_ids import reminder_id
from shared.clinic.telling.reminders import Reminder

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_a_reminder_is_the_same_one_only_for_the_same_booking_start_channel_and_length() -> None:
    start, later = datetime(2026, 12, 1, 13, tzinfo=UTC), datetime(2026, 12, 1, 14, tzinfo=UTC)
    ids = [
        reminder_id("AB", start, Reminder("24h", "sms")),
        reminder_id("AC", start, Reminder("24h", "sms")),
        reminder_id("AB", later, Reminder("24h", "sms")),
        reminder_id("AB", start, Reminder("48h", "sms")),
        reminder_id("AB", start, Reminder("24h", "email")),
    ]
    assert len(set(ids)) == 5
    assert all(len(id) == 32 for id in ids)
    assert reminder_id("AB", start.astimezone(STOCKHOLM), Reminder("24h", "sms")) == ids[0]
