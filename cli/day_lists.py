"""The clinics' day lists as files, for the day on which nothing else works (PRODUCT C15)."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from cli.faces.endings import fail, say_refused
from cli.faces.options import Day
from cli.remote import Client, connect
from gateway.clients.days import bookings_of_day
from gateway.pdf.day_files import write_list
from shared.contracts.errors import Refusal
from shared.settings import Settings


def write(settings: Settings, folder: Path, clinics: tuple[str, ...], day: Day) -> None:
    """Write a PDF for each clinic: of `day` by its own clock. A clinic that fails keeps no other.

    Ends with exit code 1 where one failed. The files hold patients' names: only who runs this can read them.
    """
    client = connect(settings)
    wanted = clinics or tuple(each["clinic"] for each in client.call("availability", "clinics")["clinics"])
    failed = 0
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for clinic in wanted:
        try:
            click.echo(_write_one(client, folder, clinic, day))
        except Refusal as refusal:
            say_refused(clinic, refusal)
            failed += 1
    if failed:
        fail(f"{failed} of {len(wanted)} day lists were not written.")


def _write_one(client: Client, folder: Path, clinic: str, day: Day) -> Path:
    document = client.call("availability", "document", clinic)["document"]
    now = datetime.now(UTC).astimezone(ZoneInfo(document["time_zone"]))
    of_day = day.on(now.date())
    found = bookings_of_day(partial(client.call, "booking", "find"), clinic, of_day)
    return write_list(folder, found, document, of_day, now)
