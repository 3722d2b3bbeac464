"""What the keys of a clinic document must be together (CONTRACTS 1, "Refused when checked" and the rules before it).

Each check looks at the normal form and reports what it finds. A part that was already found broken is null there:
checks pass over it, so that one mistake is told once. Plans, days and absences are in `calendar_checks`, types in
`type_checks`, messages in `message_checks`.
"""

from typing import Any

from services.availability.document.calendar_checks import check_calendar
from services.availability.document.countries import country_problem, region_problem
from services.availability.document.message_checks import check_messages
from services.availability.document.problems import shown
from services.availability.document.references import References
from services.availability.document.shape import Reading
from services.availability.document.type_checks import check_types
from shared.clinic.retention import BOOKINGS, NEEDS, PATIENTS
from shared.clinic.times.durations import parse_duration
from shared.identity.telephones import has_numbers_of_its_own


def check_together(document: dict[str, Any], reading: Reading) -> None:
    """Report everything that is wrong between the keys of `document` (normal form)."""
    for check in (
        _keys_are_unique,
        _country,
        _booking_window,
        _holidays,
        _reminders,
        _sms_countries,
        _quiet_hours,
        _retention,
        check_messages,
    ):
        check(document, reading)
    known = References(document, reading)
    _check_fields(document, known, reading)
    check_types(document, known, reading)
    check_calendar(document, known, reading)


def _keys_are_unique(document: dict[str, Any], reading: Reading) -> None:
    for section in ("fields", "practitioners", "resources", "block_kinds", "types", "templates"):
        seen: set[str] = set()
        for index, item in enumerate(document[section]):
            key = item["key"]
            if key in seen:
                reading.report(f"{section}[{index}].key", f"{shown(key)} stands twice; give each its own key.")
            seen.update({key} - {None})


def _country(document: dict[str, Any], reading: Reading) -> None:
    country, region = document["country"], document["region"]
    if not country:
        if region:
            reading.report("region", "A region needs its country; write country too.")
        return
    if problem := country_problem(country):
        reading.report("country", problem)
    elif region and (problem := region_problem(country, region)):
        reading.report("region", problem)


def _booking_window(document: dict[str, Any], reading: Reading) -> None:
    booking = document["booking"]
    first, last = booking["first_date"], booking["last_date"]
    if first and last and first > last:
        reading.report("booking.last_date", f"It is before first_date ({first}); write that date or a later one.")
    opens, closes = booking["opens_at"], booking["closes_at"]
    if opens and closes and opens >= closes:
        reading.report("booking.closes_at", f"It is not after opens_at ({opens}); write a later moment.")


def _holidays(document: dict[str, Any], reading: Reading) -> None:
    holidays = document["booking"]["holidays"]
    for index, day in enumerate(holidays["closed_dates"]):
        if day and day in holidays["open_dates"]:
            reading.report(
                f"booking.holidays.closed_dates[{index}]", f"{day} is among open_dates too; remove it from one of them."
            )


def _check_fields(document: dict[str, Any], known: References, reading: Reading) -> None:
    for index, field in enumerate(document["fields"]):
        path = f"fields[{index}]"
        known.types.check_all(field["types"], f"{path}.types")
        if field["kind"] == "choice" and not field["choices"]:
            reading.report(f"{path}.choices", "A field of kind choice needs choices; list them.")
        elif field["kind"] not in {"choice", None} and field["choices"]:
            reading.report(f"{path}.choices", "Only fields of kind choice have choices; remove them, or change kind.")
        _check_choices(field["choices"], f"{path}.choices", reading)


def _check_choices(choices: list[Any], path: str, reading: Reading) -> None:
    """Report what two choices are both called in one language: nobody could tell which was chosen."""
    first = reading.languages[0]
    said: set[tuple[str, str]] = set()
    for index, choice in enumerate(choices):
        texts = choice if isinstance(choice, dict) else {first: choice}
        for language, text in texts.items() if choice else ():
            if (language, text) in said:
                where = f"{path}[{index}].{language}" if isinstance(choice, dict) else f"{path}[{index}]"
                reading.report(where, f"{shown(text)} stands for two choices; word one of them differently.")
            said.add((language, text))


def _reminders(document: dict[str, Any], reading: Reading) -> None:
    seen = []
    for index, reminder in enumerate(document["reminders"]):
        if None not in reminder.values() and reminder in seen:
            reading.report(f"reminders[{index}]", "The same reminder stands twice; remove one.")
        seen.append(reminder)


def _sms_countries(document: dict[str, Any], reading: Reading) -> None:
    for index, country in enumerate(document["sms_countries"] or ()):
        if country and not has_numbers_of_its_own(country):
            problem = f"{shown(country)} has no telephone numbers of its own; write a code of ISO 3166-1 such as SE."
            reading.report(f"sms_countries[{index}]", problem)


def _quiet_hours(document: dict[str, Any], reading: Reading) -> None:
    quiet = document["quiet_hours"]
    if quiet and quiet["from"] and quiet["from"] == quiet["to"]:
        reading.report("quiet_hours.to", "It is the same time as from; write another, or null for 21:00 to 08:00.")


def _retention(document: dict[str, Any], reading: Reading) -> None:
    """Whether a patient was there lately is known by what is kept of them: until then it has to be kept."""
    periods = document["retention"]
    days = {name: parse_duration(period).days or 0 for name, period in periods.items() if period}
    for name in (BOOKINGS, NEEDS):
        if name in days and days[name] < days.get(PATIENTS, 0):
            longer = periods[PATIENTS]
            reading.report(f"retention.{name}", f"It is shorter than patients ({longer}); write at least that.")
