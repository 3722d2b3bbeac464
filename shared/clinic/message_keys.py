"""Which messages there are and by which channels they go, as the document names them (PRODUCT N1, N4).

The key of a message to a patient is what happened; those of messages to practitioners are made from it.
"""

from typing import Final

BOOKED, MOVED, CANCELLED, REMINDER = "booked", "moved", "cancelled", "reminder"
RECALL, LOGIN_CODE = "recall", "login_code"
CHOOSE_AGAIN = "choose_again"
"""The clinic cannot keep the time: its patient is to choose another one (PRODUCT C12)."""

SMS: Final = "sms"
EMAIL: Final = "email"
CHANNELS = (SMS, EMAIL)

CHANGES = (BOOKED, MOVED, CANCELLED)
"""What happens to bookings: patients are told by the channels that the document has for it, practitioners by theirs."""

_TO_PRACTITIONER = "practitioner_"

MESSAGES = (
    *CHANGES, CHOOSE_AGAIN, REMINDER, RECALL, LOGIN_CODE, *(f"{_TO_PRACTITIONER}{happened}" for happened in CHANGES),
)  # fmt: skip
"""Every key of the document's `messages`."""


def to_practitioner(happened: str) -> str:
    """Return the key of what practitioners are told of one of CHANGES."""
    return f"{_TO_PRACTITIONER}{happened}"


def is_to_practitioner(key: str) -> bool:
    """Tell whether a message of this key goes to practitioners."""
    return key.startswith(_TO_PRACTITIONER)


def what_happened(key: str) -> str:
    """Return what a message of this key tells of."""
    return key.removeprefix(_TO_PRACTITIONER)
