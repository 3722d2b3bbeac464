"""Availability as a process of its own on RabbitMQ, PostgreSQL and Redis, called as internal tools call it."""

import json
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pika
import pytest

from shared.actor import PUBLIC, Actor, sign
from shared.bus.client import BlockingClient, connection_parameters
from shared.bus.events.signatures import SIGNATURE, Signatures
from shared.clinic.plan.holidays import PublicHolidays
from shared.clinic_documents import revision_key
from shared.contracts.errors import ChangedMeanwhile, Forbidden, Invalid, LoginRequired, NotFound, SlotNotOffered
from shared.settings import new_seal_key
from shared.storage.redis_store import connect
from shared.texts.document_text import to_yaml
from tests.builders.clinics.written import a_written_document
from tests.servers.warm import Process, ended, start_warm

KEY = "k" * 32
SIGNING_KEY = new_seal_key()
STARTS_WITHIN = 90.0
TOOL = Actor(kind="tool", id="test")
THERAPIST = Actor(kind="staff", id="erik@solna.example", role="therapist", clinic="solna", practitioner="erik")
NEIGHBOUR = Actor(kind="staff", id="a@lund.example", role="administrator", clinic="lund")


def _an_ordinary_monday(today: date) -> date:
    """Return the next Monday but one, or the first after it that is no holiday."""
    monday = today + timedelta(days=14 - today.weekday())
    while PublicHolidays("SE").get(monday):
        monday += timedelta(days=7)
    return monday


NEXT_MONDAY = _an_ordinary_monday(datetime.now(UTC).date())


class House:
    """A running availability service."""

    def __init__(self, amqp_uri: str) -> None:
        self.amqp_uri = amqp_uri

    def call(self, method: str, *args: Any, actor: Actor = PUBLIC, **fields: Any) -> Any:
        """Call a method in the name of `actor`."""
        with BlockingClient(self.amqp_uri, lambda: sign(actor, "house", KEY, datetime.now(UTC))) as client:
            return client.call("availability", method, *args, timeout=20, **fields)

    def publish(self, type: str, subject: str, version: int = 1, source: str = "booking", **data: Any) -> None:
        """Publish an event as a service does."""
        now = datetime.now(UTC).isoformat()
        body = {"id": uuid.uuid4().hex, "type": type, "source": source, "time": now, "clinic": "solna"}
        body |= {"subject": subject, "subject_version": version, "actor": {}, "correlation_id": "c", "data": data}
        connection = pika.BlockingConnection(connection_parameters(self.amqp_uri))
        channel = connection.channel()
        event = json.dumps(body).encode()
        signed = {SIGNATURE: Signatures(SIGNING_KEY).of(source, type, event)}
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2, headers=signed)
        channel.confirm_delivery()
        channel.basic_publish(f"{source}.events", type, event, properties, mandatory=True)
        connection.close()

    def starts(self) -> list[str]:
        """Return the starts that patients are offered on a Monday."""
        day = str(NEXT_MONDAY)
        slots = self.call("slots", "solna", type="acute", **{"from": day, "to": day})["slots"]
        return [slot["start"][11:16] for slot in slots]


def until(condition: Callable[[], bool], seconds: float = STARTS_WITHIN) -> None:
    """Return when `condition` holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def house(
    rabbitmq_uri: str,
    redis_url: str,
    migrated: Callable[[str, str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """Run availability in a process of its own."""
    postgres_url = migrated("availability", "postgresql")
    folder = tmp_path_factory.mktemp("availability")
    keys = dict.fromkeys(("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"), KEY)
    seals = {"EVENT_KEYS": new_seal_key(), "IDENTITY_KEYS": new_seal_key(), "EVENT_SIGNING_KEYS": SIGNING_KEY}
    servers = {"AMQP_URI": rabbitmq_uri, "REDIS_URL": redis_url, "AVAILABILITY_DATABASE_URL": postgres_url}
    environment = {**os.environ, **keys, **seals, **servers, "DATA_DIR": str(folder)}
    log = folder / "log"
    with log.open("w") as file:
        process = start_warm("tests.integration.availability.program", env=environment, output=file, errors=file)
    found = House(rabbitmq_uri)
    try:
        until(lambda: _answers(found, process, log))
        found.call("apply_document", "solna", a_written_document(booking={"active": True}, absences=[]), actor=TOOL)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            ended(process, within=60)
        finally:
            process.kill()


def _answers(house: House, process: Process, log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        return bool(house.call("ping") == "pong")
    except Exception:  # noqa: BLE001  # whatever is wrong while it starts is told by the log after the limit
        return False


def test_a_patient_sees_the_clinic_and_its_times(house: House) -> None:
    assert {"clinic": "solna", "name": "Solna Tandvård", "active": True} in house.call("clinics")["clinics"]
    assert house.call("profile", "solna", language="en")["functions"]["new"] is True
    assert house.starts()[:2] == ["08:00", "09:15"]
    day = str(NEXT_MONDAY)
    [level] = house.call("days", "solna", type="acute", **{"from": day, "to": day})["days"]
    assert (level["date"], level["free"]) == (day, len(house.starts()))


def test_a_legal_slot_names_its_candidates_and_an_illegal_one_is_refused(house: House) -> None:
    zone = "+01:00" if "+01:00" in str(house.call("slots", "solna", **_monday())["slots"]) else "+02:00"
    start = f"{NEXT_MONDAY}T08:00:00{zone}"
    assert house.call("check_slot", "solna", type="acute", start=start)["candidates"][0]["practitioner"] == "anna"
    with pytest.raises(SlotNotOffered):
        house.call("check_slot", "solna", type="acute", start=start.replace("T08:00", "T08:05"))


def _monday() -> dict[str, str]:
    return {"type": "acute", "from": str(NEXT_MONDAY), "to": str(NEXT_MONDAY)}


def test_an_event_takes_time_and_the_next_frees_it(house: House) -> None:
    """PRODUCT S14: booked through the other service, gone from the search here."""
    slot = house.call("slots", "solna", **_monday())["slots"][0]
    state = {"practitioner": "anna", "resources": ["room-1", "laser"], "hold": None}
    state |= {"busy_from": slot["start"], "busy_to": slot["end"]}
    house.publish("BookingCreated", "REF", 1, status="booked", **state)
    until(lambda: slot["start"][11:16] not in house.starts())
    house.publish("BookingCancelled", "REF", 2, status="cancelled", **state)
    until(lambda: slot["start"][11:16] in house.starts())


@pytest.mark.parametrize("type", ["ClinicChanged", "ScheduleChanged"])
def test_a_revision_whose_announcement_redis_missed_is_announced_by_its_event(
    house: House, redis_url: str, type: str
) -> None:
    """DESIGN rule 11: else every process would go on with its copy of the revision before."""
    revision = house.call("document", "solna", actor=TOOL)["revision"]
    with connect(redis_url) as client:
        client.set(revision_key("solna"), str(revision - 1))
        house.publish(type, "solna", revision, source="availability", revision=revision, document={})
        until(lambda: client.get(revision_key("solna")) == str(revision))


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("document", {}),
        ("document_shape", {}),
        ("check_document", {"document": {}}),
        ("preview_document", {"document": {}}),
        ("apply_document", {"document": {}}),
        ("absences", {}),
        ("add_absence", {}),
        ("update_absence", {"id": "x"}),
        ("remove_absence", {"id": "x"}),
        ("links", {}),
    ],
)
def test_patients_and_other_clinics_staff_are_turned_away_before_parameters_are_looked_at(
    house: House, method: str, arguments: dict[str, Any]
) -> None:
    """PRODUCT C1, CONTRACTS 2."""
    for actor, refusal in ((PUBLIC, LoginRequired), (NEIGHBOUR, Forbidden)):
        with pytest.raises(refusal):
            house.call(method, "solna", actor=actor, **arguments)


def test_therapists_read_the_set_up_but_only_administrators_change_it(house: House) -> None:
    """PRODUCT C1."""
    revision = house.call("document", "solna", actor=THERAPIST)["revision"]
    for method in ("check_document", "preview_document", "apply_document"):
        with pytest.raises(Forbidden):
            house.call(method, "solna", document=a_written_document(), actor=THERAPIST)
    assert house.call("document", "solna", actor=TOOL)["revision"] == revision


def test_the_document_goes_out_and_in_again_unchanged(house: House) -> None:
    shown = house.call("document", "solna", actor=TOOL)
    for source in (shown["document"], to_yaml(shown["document"])):
        answer = house.call("apply_document", "solna", source, if_revision=shown["revision"], actor=TOOL)
        assert (answer["revision"], answer["changes"]) == (shown["revision"], [])
    with pytest.raises(ChangedMeanwhile):
        house.call("apply_document", "solna", shown["document"], if_revision=shown["revision"] + 1, actor=TOOL)


def test_an_absence_is_entered_with_its_collisions_and_the_next_search_knows_it(house: House) -> None:
    """PRODUCT S8."""
    whole_day = {"practitioner": "anna", "from": str(NEXT_MONDAY), "to": str(NEXT_MONDAY)}
    entered = house.call("add_absence", "solna", actor=TOOL, **whole_day)
    assert [row["reference"] for row in entered["collisions"]] == ["COLLIDES"]
    assert entered["collisions"][0]["asked"][0]["practitioner"] == "anna"
    assert house.starts() == []
    assert entered["id"] in [row["id"] for row in house.call("absences", "solna", actor=TOOL)["absences"]]
    house.call("remove_absence", "solna", entered["id"], actor=TOOL)
    assert house.starts() != []


@pytest.mark.parametrize(
    ("method", "fields", "refusal"),
    [
        ("slots", {}, Invalid),
        ("slots", {"type": "acute", "from": "x", "to": "2026-12-01"}, Invalid),
        ("days", {"type": ["acute"], "from": "2026-12-01", "to": "2026-12-01"}, Invalid),
        ("profile", {"template": "nothing"}, Invalid),
        ("profile", {"colour": "red"}, Invalid),
        ("check_slot", {"type": "acute", "start": "\x00"}, Invalid),
        ("absences", {"cursor": "\x00"}, Invalid),
        ("absences", {"limit": 0}, Invalid),
        ("apply_document", {"document": 5}, Invalid),
        ("apply_document", {"document": {}, "if_revision": "x"}, Invalid),
        ("update_absence", {"id": "x"}, NotFound),
    ],
)
def test_bad_input_is_refused_and_never_a_fault(
    house: House, method: str, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        house.call(method, "solna", actor=TOOL, **fields)
    with pytest.raises((NotFound, Invalid, Forbidden)):
        house.call(method, "a\x00b", actor=TOOL, **fields)
