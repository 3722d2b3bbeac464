"""What makes a reminder the same one, however often it is planned (docs/adr/0009)."""

import uuid
from datetime import datetime

from shared.clinic.telling.reminders import Reminder

_REMINDERS = uuid.UUID("2f1d7c0e-6f0b-4f57-9a57-0a4f0f6f6f3b")


def reminder_id(reference: str, start: datetime, reminder: Reminder) -> str:
    """Return what makes a reminder the same one: booking, start, channel and how long before; 32 hex digits."""
    named = (reference, str(int(start.timestamp())), reminder.channel, reminder.before)
    return uuid.uuid5(_REMINDERS, "\x1f".join(named)).hex
