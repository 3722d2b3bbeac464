"""Bookings as the command line shows, makes and moves them (PRODUCT C2, C5)."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from cli.faces.asking import Answer, given, listed, moment_at, services, zone_of
from cli.faces.options import Paging
from cli.faces.printing import Column, Row, column, moment, moments, said, show_fields, show_json, show_rows
from cli.remote import Client
from shared.contracts.errors import Invalid, Timeout, Unavailable

NAME = Column("patient", lambda row: _name(row["patient"]))
COLUMNS = (
    column("reference"), moments("start", "start"), column("type"), column("with", "practitioner"), column("status"),
    column("mobile", "patient", "mobile", spare=True), NAME,
)  # fmt: skip
_SAID = (
    "status", "origin", "type", "practitioner", "resources", "message", "answers", "comment", "note", "language",
    "sms_reminder", "contact_differs", "version",
)  # fmt: skip


def show_bookings(found: Answer) -> None:
    """Print a list of bookings."""
    more = found["next"] is not None
    show_rows(COLUMNS, found["bookings"], nothing="No booking matches.", more=more)


def require_practitioner(client: Client, clinic: str, key: str) -> None:
    """Raise Invalid where a clinic has nobody of this key, and had no booking with them either."""
    known = [each["key"] for each in client.call("availability", "document", clinic)["document"]["practitioners"]]
    if key not in known:
        raise Invalid.because(
            "The clinic has no such practitioner.", errors={"practitioner": [f"Name one of {', '.join(known)}."]}
        )


def show_booking(booking: Row, *, as_json: bool) -> None:
    """Print one booking."""
    if as_json:
        show_json(booking)
        return
    patient = booking["patient"]
    show_fields(
        [
            ("reference", booking["reference"]),
            ("start", moment(booking["start"])),
            ("end", moment(booking["end"])),
            ("patient", _name(patient)),
            *((name, patient.get(name)) for name in ("id", "mobile", "email")),
            *((name.replace("_", " "), booking.get(name)) for name in _SAID),
            ("arrived", moment(booking.get("arrived_at"))),
        ]
    )


def show_times(slots: Sequence[Row], *, more: bool) -> None:
    """Print free times, and what a booking of one is to be told."""
    columns = (
        moments("start", "start"),
        Column("until", lambda slot: f"{datetime.fromisoformat(slot['end']):%H:%M}"),
        column("with", "practitioners"),
        Column("--start", lambda slot: slot["start"][: len("2026-12-24T09:30")]),
    )
    show_rows(columns, slots, nothing="Nothing is free within twelve weeks from that day.", more=more)


def book_one(
    clinic: str,
    type: str,
    start: datetime,
    key: str | None,
    birth_date: datetime | None,
    said: Mapping[str, Any],
    *,
    as_json: bool,
) -> None:
    """Book, and print what was booked; where no answer came, how to ask again without booking twice."""
    person = ("id", "first_name", "last_name", "national_id", "mobile", "email", "sms_ok", "email_ok")
    born = birth_date and birth_date.date().isoformat()
    patient = given(birth_date=born, **{name: said[name] for name in person})
    if not patient:
        raise click.UsageError("Say for whom: --patient, or --first-name, --last-name and --mobile or --email.")
    wanted = ("practitioner", "minutes", "message", "language", "tell")
    asked = given(outside_plan=said["outside_plan"] or None, **{name: said[name] for name in wanted})
    with services() as client:
        at = moment_at(start, zone_of(client, clinic), "--start")
        with _told_how_to_repeat(key or uuid.uuid4().hex, as_json=as_json) as wish:
            booked = client.call(
                "booking", "book", clinic, type=type, start=at, patient=patient, idempotency_key=wish, **asked
            )
    if as_json:
        show_json(booked)
        return
    show_fields([("reference", booked["reference"]), ("start", moment(booked["start"])), ("end", moment(booked["end"])),
                 ("type", booked["type"]), ("practitioner", booked["practitioner"]),
                 ("told", _told(said["tell"], booked.get("reached_by")))])  # fmt: skip


@contextmanager
def _told_how_to_repeat(wish: str, *, as_json: bool) -> Iterator[str]:
    """Yield the name of a wish, and say it to people where no answer came; programs name their own."""
    try:
        yield wish
    except (Timeout, Unavailable):
        if not as_json:
            click.echo(f"Whether it is booked is open. With --key {wish} the same command books it once.", err=True)
        raise


def move_one(clinic: str, reference: str, start: datetime | None, changes: Mapping[str, Any], *, as_json: bool) -> None:
    """Move or change a booking, and print it as it is now."""
    with services() as client:
        at = None if start is None else moment_at(start, zone_of(client, clinic), "--start")
        moved = client.call("booking", "rebook", clinic=clinic, reference=reference, **given(start=at, **changes))
    show_booking(moved, as_json=as_json)


def show_history(clinic: str, reference: str, paging: Paging, *, as_json: bool) -> None:
    """Print a booking's history."""
    with services() as client:
        found = listed(client, "booking", "history", clinic, "history", paging, reference=reference)
    if as_json:
        show_json(found)
        return
    columns = (
        moments("when", "at"), column("what", "type"),
        Column("who", lambda entry: _who(entry["actor"])), column("from where", "source"),
        Column("changes", lambda entry: "\n".join(_changes(entry["changes"]))),
    )  # fmt: skip
    show_rows(columns, found["history"], nothing="Nothing is written of it.", more=found["next"] is not None)


def _told(tell: str | None, reached_by: Sequence[str] | None) -> str | None:
    """Return who is told of a new booking, as it was asked for; None where the service does not say what reaches."""
    if tell == "none":
        return "nobody, as asked"
    if tell == "practitioner":
        return "the practitioner alone, as asked"
    if reached_by is None:
        return None
    return f"the patient by {' and '.join(reached_by)}" if reached_by else "not the patient: no message reaches them"


def _name(patient: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (patient.get("first_name"), patient.get("last_name")))) or "-"


def _who(actor: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (actor.get("kind"), actor.get("id"))))


def _changes(changes: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return what became of each field, and from what where it was something."""
    return [
        f"{field.replace('_', ' ')}: {'' if before is None else f'{said(before)} -> '}{said(after)}"
        for field, (before, after) in changes.items()
    ]
