"""Who may see and do what in the console, as a table: every page and every form, with what is sent (PRODUCT C1)."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.system.clinics import at, in_days
from tests.system.walls import COLLEAGUE, HEAD, NONE, OWN_ACCOUNT, THERAPIST, House

PEOPLE = f"{THERAPIST}{COLLEAGUE}{HEAD}"
OWN = f"{THERAPIST}{HEAD}"
ADMINISTRATORS = HEAD
"""Who is let in; who is not is led to sign in, refused, or told that there is no such thing."""

Form = Mapping[str, Any]
Row = tuple[str, str, Form | Callable[[House], Form]]
"""Who is let in, what follows the page's address (`?…`), and what its form sends."""

_DAY = in_days(12)
_BOOKING = {"type": "visit", "practitioner": "anna", "tell": "none"}
_AWAY = {"whose": "practitioner:anna", "from": in_days(70).isoformat(), "to": in_days(70).isoformat(), "reason": "Away"}
_OLD = {"version": "99"}
"""A version that never was: what is let in changes nothing all the same."""
_NEW = {"first_name": "New", "last_name": "Person"}


def _of_patient(**fields: Any) -> Callable[[House], Form]:
    return lambda house: {**fields, "patient": house.things["patient"]}


CLINIC_PAGES = "/staff/<place:clinic>"

_IN_CLINIC: dict[str, Row] = {
    "GET ": (PEOPLE, "", {}),
    "GET /live": (PEOPLE, "", {}),
    "GET /calendar": (PEOPLE, f"?date={_DAY}&view=week&practitioner=anna", {}),
    "GET /calendar/colours.css": (PEOPLE, "", {}),
    "POST /calendar/practitioners": (PEOPLE, "", {"practitioner": "anna"}),
    "GET /day-list.pdf": (PEOPLE, "", {}),
    "GET /day-list.csv": (PEOPLE, "", {}),
    "GET /calendar-feeds": (PEOPLE, "", {}),
    "POST /calendar-feeds": (OWN, "", {"practitioner": "anna"}),
    "POST /calendar-feeds/<id>/revoke": (OWN, "", {}),
    "GET /account": (PEOPLE, "", {}),
    "POST /account/password": (PEOPLE, "", {}),
    "POST /account/two-step": (PEOPLE, "", {}),
    "POST /account/two-step/confirm": (PEOPLE, "", {}),
    "POST /account/two-step/codes": (PEOPLE, "", {}),
    "POST /account/two-step/end": (PEOPLE, "", {}),
    "POST /account/sessions": (OWN_ACCOUNT, "", {"session": "none"}),
    "GET /accounts": (ADMINISTRATORS, "", {}),
    "GET /accounts/new": (ADMINISTRATORS, "", {}),
    "POST /accounts/new": (ADMINISTRATORS, "", {"email": "x", "role": "therapist"}),
    "GET /accounts/<id>": (ADMINISTRATORS, "", {}),
    "POST /accounts/<id>": (ADMINISTRATORS, "", {"role": "administrator", **_OLD}),
    "POST /accounts/<id>/without-app": (ADMINISTRATORS, "", _OLD),
    "GET /access-log": (ADMINISTRATORS, "", {}),
    "GET /audit": (ADMINISTRATORS, "", {}),
    "GET /report": (ADMINISTRATORS, "", {}),
    "POST /report": (ADMINISTRATORS, "", {}),
    "GET /report.csv": (ADMINISTRATORS, "", {}),
    "POST /audit": (ADMINISTRATORS, "", {}),
    "POST /access-log": (ADMINISTRATORS, "", {"date": _DAY.isoformat()}),
    "GET /set-up": (ADMINISTRATORS, "", {}),
    "GET /set-up/<part>": (ADMINISTRATORS, "", {}),
    "POST /set-up/<part>": (ADMINISTRATORS, "", {}),
    "GET /set-up/<part>/<item>": (ADMINISTRATORS, "", {}),
    "POST /set-up/<part>/<item>": (ADMINISTRATORS, "", {}),
    "POST /set-up/messages/preview/<event>/<channel>/<language>": (ADMINISTRATORS, "", {}),
    "POST /set-up/messages/preview/<event>/<language>": (ADMINISTRATORS, "", {}),
    "GET /set-up/document": (ADMINISTRATORS, "", {}),
    "POST /set-up/document": (ADMINISTRATORS, "", {"document": "clinic: x"}),
    "GET /set-up/document.yaml": (ADMINISTRATORS, "", {}),
    "GET /set-up/history": (ADMINISTRATORS, "", {}),
    "GET /set-up/history/<int:revision>": (ADMINISTRATORS, "", {}),
    "GET /set-up/history/<int:revision>/undo": (ADMINISTRATORS, "", {}),
    "POST /set-up/history/<int:revision>/undo": (ADMINISTRATORS, "", {}),
    "GET /set-up/history/<int:revision>/document": (ADMINISTRATORS, "", {}),
    "POST /set-up/history/<int:revision>/document": (ADMINISTRATORS, "", {}),
    "GET /set-up/history/<int:revision>/document.yaml": (ADMINISTRATORS, "", {}),
    "GET /set-up/history/pictures/<name>/<hash>.webp": (ADMINISTRATORS, "", {}),
    "POST /set-up/history/pictures/<name>/<hash>": (ADMINISTRATORS, "", {}),
    "GET /set-up/preview": (ADMINISTRATORS, "", {}),
    "GET /set-up/pictures": (ADMINISTRATORS, "", {}),
    "POST /set-up/pictures/<place>": (ADMINISTRATORS, "", {}),
    "POST /set-up/pictures/<place>/remove": (ADMINISTRATORS, "", {}),
    "GET /set-up/moving-in": (ADMINISTRATORS, "", {}),
    "GET /set-up/moving-in/<kind>": (ADMINISTRATORS, "", {}),
    "POST /set-up/moving-in/<kind>": (ADMINISTRATORS, "", {}),
    "POST /set-up/moving-in/<kind>/columns": (ADMINISTRATORS, "", {"do": "check"}),
    "POST /set-up/moving-in/<kind>/change": (ADMINISTRATORS, "", {}),
    "POST /set-up/moving-in/<kind>/on": (ADMINISTRATORS, "", {}),
    "POST /set-up/moving-in/<kind>/decide": (ADMINISTRATORS, "", {"decided.2": "new"}),
    "POST /set-up/moving-in/<kind>/take": (ADMINISTRATORS, "", {}),
    "POST /set-up/moving-in/<kind>/discard": (ADMINISTRATORS, "", {}),
    "GET /set-up/moving-in/<kind>/left.csv": (ADMINISTRATORS, "", {}),
    "GET /set-up/moving-in/<kind>/example.csv": (ADMINISTRATORS, "", {}),
    "GET /messages": (PEOPLE, "", {}),
    "GET /messages/<id>": (OWN, "", {}),
    "GET /messages/<id>/letter": (OWN, "", {}),
    "GET /messages/<id>/attachments/<int:number>": (OWN, "", {}),
    "POST /messages/<id>/resend": (OWN, "", {}),
    "GET /links": (PEOPLE, "", {}),
    "GET /patients": (PEOPLE, "", {}),
    "POST /patients": (PEOPLE, "", {"q": "Person"}),
    "GET /patients/new": (PEOPLE, "", {}),
    "POST /patients/new": (PEOPLE, "", _NEW),
    "GET /patients/<id>": (OWN, "", {}),
    "GET /patients/<id>/appointments": (OWN, "", {}),
    "GET /patients/<id>/held": (ADMINISTRATORS, "", {}),
    "GET /patients/<id>/held.json": (ADMINISTRATORS, "", {}),
    "GET /patients/<id>/erase": (ADMINISTRATORS, "", {}),
    "POST /patients/<id>/erase": (ADMINISTRATORS, "", {"confirm": "nobody"}),
    "GET /patients/<id>/erasure": (ADMINISTRATORS, "", {}),
    "GET /patients/<id>/edit": (OWN, "", {}),
    "POST /patients/<id>/edit": (OWN, "", {**_NEW, **_OLD}),
    "GET /bookings/new": (PEOPLE, "", {}),
    "POST /bookings/new": (PEOPLE, "", {**_BOOKING, "start": at(_DAY, "10:30")}),
    "POST /bookings/new/patients": (PEOPLE, "", {"q": "Person"}),
    "POST /bookings/new/hold": (PEOPLE, "", {**_BOOKING, "start": at(_DAY, "11:30")}),
    "POST /bookings/new/release": (PEOPLE, "", {"hold": "h"}),
    "GET /bookings/<reference>": (OWN, "", {}),
    "POST /bookings/<reference>/arrived": (OWN, "", {"on": "yes"}),
    "POST /bookings/<reference>/no-show": (OWN, "", {"on": "yes"}),
    "POST /bookings/<reference>/note": (OWN, "", {"note": "Comes with her mother.", **_OLD}),
    "POST /bookings/<reference>/sms-reminder": (OWN, "", {"on": "yes"}),
    "POST /bookings/<reference>/confirmation": (OWN, "", {}),
    "POST /bookings/<reference>/new-link": (OWN, "", _OLD),
    "POST /bookings/<reference>/undo": (OWN, "", _OLD),
    "GET /bookings/<reference>/move": (OWN, "", {}),
    "POST /bookings/<reference>/move": (OWN, "", {**_BOOKING, "start": at(_DAY, "09:00"), **_OLD}),
    "GET /bookings/<reference>/cancel": (OWN, "", {}),
    "POST /bookings/<reference>/cancel": (OWN, "", {"tell": "none", **_OLD}),
    "GET /absences": (PEOPLE, "", {}),
    "GET /absences/new": (PEOPLE, "", {}),
    "POST /absences/new": (OWN, "", {**_AWAY, "seen": "yes"}),
    "POST /absences/check": (OWN, "", _AWAY),
    "GET /absences/<id>": (OWN, "", {}),
    "POST /absences/<id>": (OWN, "", {**_AWAY, "seen": "yes"}),
    "GET /absences/<id>/collisions": (OWN, "", {}),
    "POST /absences/<id>/collisions": (OWN, "", {}),
    "GET /recalls": (PEOPLE, "", {}),
    "GET /recalls/need": (PEOPLE, "", {}),
    "POST /recalls/need": (OWN, "", _of_patient(**_BOOKING, week="2096-W10")),
    "POST /recalls/need/who": (PEOPLE, "", {"search": "Person"}),
    "GET /recalls/booked": (PEOPLE, "", {}),
    "POST /recalls/booked": (OWN, "", _of_patient(**_BOOKING, start=at(_DAY, "08:00"))),
    "POST /recalls/booked/who": (PEOPLE, "", {"search": "Person"}),
    "POST /recalls/send": (OWN, "", lambda house: {"need": house.things["need"], "send": "card"}),
    "GET /recalls/cards.pdf": (PEOPLE, "?week=2096-W11", {}),
    "GET /recalls/<id>/card.pdf": (OWN, "", {}),
    "GET /watch-list": (PEOPLE, "", {}),
    "POST /watch-list/<id>/done": (OWN, "", {}),
    "POST /watch-list/<id>/open": (OWN, "", {}),
    "POST /recalls/needs/<id>/close": (OWN, "", {}),
    "POST /absences/<id>/remove": (OWN, "", {}),
    "POST /absences/<id>/restore": (OWN, "", {}),
    "POST /accounts/<id>/remove": (ADMINISTRATORS, "", {}),
    "GET /<path:rest>": (PEOPLE, "", {}),
}  # fmt: skip
"""By method and address below the clinic. What takes things away stands last: they are tried in this order.

A therapist who makes a new booking makes it in their own calendar, whoever is named.
"""

_WITHOUT_CLINIC: dict[str, Row] = {
    "GET /staff": (OWN_ACCOUNT, "", {}),
    "GET /staff/-/clinics": (OWN_ACCOUNT, "", {}),
    "GET /staff/-/clinics/new": (NONE, "", {}),
    "POST /staff/-/clinics/new": (NONE, "", {"country": "NO", "start": "doctor"}),
    "GET /staff/-/clinics/new/<id>/begin": (NONE, "", {}),
    "POST /staff/-/clinics/new/<id>/begin": (NONE, "", {}),
    "GET /staff/-/clinics/new/<id>/<step>": (NONE, "", {}),
    "POST /staff/-/clinics/new/<id>/<step>": (NONE, "", {}),
    "GET /staff/-/account": (OWN_ACCOUNT, "", {}),
    "POST /staff/-/account/password": (OWN_ACCOUNT, "", {}),
    "POST /staff/-/account/two-step": (OWN_ACCOUNT, "", {}),
    "POST /staff/-/account/two-step/confirm": (OWN_ACCOUNT, "", {}),
    "POST /staff/-/account/two-step/codes": (OWN_ACCOUNT, "", {}),
    "POST /staff/-/account/two-step/end": (OWN_ACCOUNT, "", {}),
    "POST /staff/-/account/sessions": (OWN_ACCOUNT, "", {"session": "none"}),
}
"""Those that belong to no clinic: everybody's own, and new clinics, which nobody of a clinic makes."""

PAGES: dict[str, Row] = {
    **_WITHOUT_CLINIC,
    **{name.replace(" ", f" {CLINIC_PAGES}", 1): row for name, row in _IN_CLINIC.items()},
}

OPEN_PAGES = {
    "GET /staff/-/sign-in", "POST /staff/-/sign-in", "GET /staff/-/second-step", "POST /staff/-/second-step",
    "GET /staff/-/signed-in", "POST /staff/-/sign-out", "POST /staff/-/language",
    "GET /staff/-/password/<token>", "POST /staff/-/password/<token>", "GET /staff/-/reset", "POST /staff/-/reset",
}  # fmt: skip
"""Those for who is not signed in, which tests of each show."""

THINGS = {
    "/accounts/<id>": "account",
    "/calendar-feeds/<id>": "feed",
    "/messages/<id>": "email",
    "/patients/<id>": "patient",
    "/absences/<id>": "absence",
    "/recalls/needs/<id>": "need",
    "/recalls/<id>": "recall",
    "/watch-list/<id>": "watched",
    "/bookings/<reference>": "reference",
}
"""What an address names, by how it begins: the therapist's."""

ABOUT_A_PATIENT = ("/bookings/new", "/recalls/need", "/recalls/booked")
"""Pages that all of the clinic may see, but not with another's patient in their query."""
