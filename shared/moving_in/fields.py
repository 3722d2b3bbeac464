"""What is taken over, by whom, and what a line of it can hold (C14)."""

from collections.abc import Mapping
from typing import NamedTuple

PATIENTS, NEEDS, APPOINTMENTS = "patients", "needs", "appointments"
KINDS = (PATIENTS, NEEDS, APPOINTMENTS)
"""What is taken over, in this order: needs and appointments are of patients who are there."""


class Asked(NamedTuple):
    """Which service takes lines of a kind in, and by which method."""

    service: str
    method: str


SERVED: Mapping[str, Asked] = {
    PATIENTS: Asked("patient", "import_patients"),
    NEEDS: Asked("patient", "import_needs"),
    APPOINTMENTS: Asked("booking", "import_bookings"),
}

_WHO = ("patient_former", "national_id", "birth_date", "first_name", "last_name", "name", "mobile", "email")
FIELDS: Mapping[str, tuple[str, ...]] = {
    PATIENTS: (
        *("former", "national_id", "birth_date", "first_name", "last_name", "name", "mobile", "telephone", "email"),
        *("sms_ok", "email_ok", "note"),
    ),
    NEEDS: ("former", *_WHO, "type", "practitioner", "minutes", "week"),
    APPOINTMENTS: (*("former", *_WHO, "type", "practitioner", "start", "time", "end", "minutes", "status", "message"),),
}
"""What a column can be, in the order in which it is asked for."""

CHOSEN = ("type", "practitioner")
"""What is one of the clinic's own, by whichever name the former system had for it."""

ORDERS = ("dmy", "ymd", "mdy")
"""In which order the numbers of a date can stand: day, month, year."""
