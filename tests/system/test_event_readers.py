"""A program outside reads persons of its clinic's bookings with its own key and no other (PRODUCT A3, C5; ADR 57)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pika
from pika.exceptions import ChannelClosedByBroker

from shared.bus.client import connection_parameters
from tests.system.api_client import Client
from tests.system.demo_bookings import BOOKABLE, a_booking, day_of_its_own, in_a_week
from tests.system.event_readers import NEW, OLD, OTHER
from tests.system.installation import ROOT, SLOW_MACHINE, Installation, wait_until


def the_documented_program() -> str:
    """Return the program of docs/interfaces.md, which knows nothing of Frontdesk but what stands there."""
    page = (ROOT / "docs/interfaces.md").read_text().partition("### Persons for readers")[2]
    return page.partition("```python\n")[2].partition("```")[0]


class Reader:
    """That program as it runs, with a reader's name and key and nothing else in its environment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._heard: dict[str, Any] = {}

    def person_of(self, reference: str) -> Any:
        """Return whom it prints of a new booking; fail where it ends first."""
        assert self._process.stdout is not None
        while reference not in self._heard:
            line = self._process.stdout.readline()
            assert line, f"the program ended and had not heard of {reference}"
            _type, subject, person = line.split(" ", 2)
            self._heard[subject] = json.loads(person)
        return self._heard[reference]


@contextmanager
def reading(uri: str, name: str, key: str, folder: Path) -> Iterator[Reader]:
    """Run the program until the end of the block, from when its queue is there."""
    kept = {each: os.environ[each] for each in ("PATH", "HOME") if each in os.environ}
    environment = {**kept, "AMQP_URL": uri.replace("pyamqp://", "amqp://"), "READER": name, "READER_KEY": key}
    program = folder / "reader.py"
    program.write_text(the_documented_program())
    process = subprocess.Popen(
        [sys.executable, "-I", str(program)], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    too_late = Timer(SLOW_MACHINE, process.kill)
    too_late.start()
    try:
        wait_until(lambda: consumed(uri, f"tool-{name}.persons"), "the program hears")
        yield Reader(process)
    finally:
        too_late.cancel()
        process.kill()
        process.communicate()
        with channel_to(uri) as channel:
            channel.queue_delete(f"tool-{name}.persons")


@contextmanager
def channel_to(uri: str) -> Iterator[Any]:
    """Open a plain channel to the broker."""
    connection = pika.BlockingConnection(connection_parameters(uri))
    try:
        yield connection.channel()
    finally:
        connection.close()


def consumed(uri: str, queue: str) -> bool:
    """Tell whether somebody reads a queue, which is there and bound then."""
    with channel_to(uri) as channel:
        try:
            declared = channel.queue_declare(queue, passive=True)
        except ChannelClosedByBroker:
            return False
        return bool(declared.method.consumer_count)


def book(public: Client, clinic: str, turn: int) -> tuple[str, dict[str, Any]]:
    """Book at a demo clinic, each time on another day; return the reference, and whom it is for as typed."""
    slot = day_of_its_own(public.slots(clinic, BOOKABLE[clinic], in_a_week()), 10 + turn)
    body = a_booking(clinic, slot)
    booked = public.post(f"/clinics/{clinic}/bookings", body)
    assert booked.status == 201, booked
    return booked["reference"], body["patient"]


def test_a3_a_program_reads_its_fields_of_its_clinic_with_either_of_its_keys_and_nobody_elsewhere(
    deployed_installation: Installation, tmp_path: Path
) -> None:
    uri, public = deployed_installation.environment["AMQP_URI"], Client(deployed_installation.url)
    for turn, key in enumerate((OLD, NEW)):
        with reading(uri, "letters", key, tmp_path) as letters, reading(uri, "lists", OTHER, tmp_path) as lists:
            (here, maja), (elsewhere, kari) = book(public, "frenda", turn), book(public, "norsk", turn)
            assert letters.person_of(here) == {name: maja[name] for name in ("first_name", "last_name", "mobile")}
            assert letters.person_of(elsewhere) is None
            assert lists.person_of(here) is None
            everything = lists.person_of(elsewhere)
            assert everything["identity"]["number"] == kari["national_id"].replace(" ", "")
            assert {"email", "birth_date", "message", "answers"} <= everything.keys()
