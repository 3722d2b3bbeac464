"""A patient is erased while processes die and one is away, then looked for everywhere (PRODUCT A3, ADR 53)."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pika
import pytest
import redis
import requests
from sqlalchemy import MetaData, select, text

from cli.serve import house
from gateway.access.browser.staff_cookie import COOKIE
from shared.bus.client import connection_parameters
from shared.bus.dead_letter_queues import DeadLetterQueues
from shared.bus.events.dead_letters import EXPIRATION
from shared.bus.events.topology import subscriptions_of
from shared.clinic.times.weeks import week_of
from shared.sealed import Sealer
from shared.settings import SERVICES
from tests.builders.lying_open import opened
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.databases import open_database
from tests.system.installation import ADMIN, Installation, deployed, wait_until

TYPES = [
    {"key": "visit", "name": "Visit", "length": "30m"},
    {"key": "exam", "name": "US", "alias": "Examination", "length": "30m", "needs": {"controlled": True}},
]
LAST_NAME, MESSAGE, COMMENT = "Vrålåkersson", "Kommer med ledarhund", "Vaknade med feber i natt"
NOTES = ("Ringer alltid före besöket", "Är rädd för sprutor")
EMAIL, MOBILE = "vralet@patients.example", "+46701740611"
TEXTS = (LAST_NAME, MESSAGE, COMMENT, *NOTES, EMAIL, MOBILE)
DAY = in_days(20)
LONGEST_IN_REDIS = timedelta(days=3)
"""Days as the console has shown them; all else goes sooner."""


@pytest.fixture
def running(
    tmp_path_factory: pytest.TempPathFactory,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Installation]:
    """Return an installation whose processes may die."""
    folder = tmp_path_factory.mktemp("dying")
    found = deployed(folder, new_rabbitmq_vhost(), new_redis_database(), new_postgres_database, {}, demo=False)
    try:
        yield found
    finally:
        found.stop()


def open_texts(running: Installation, stored: object) -> list[str]:
    """Return which of the person's texts stand in what is stored, every sealed value opened."""
    sealers = [Sealer(running.environment[name]) for name in ("EVENT_KEYS", "IDENTITY_KEYS")]
    readable = opened(stored, *sealers)
    return [each for each in TEXTS if each in readable or each.casefold() in readable.casefold()]


def in_databases(running: Installation) -> dict[str, list[str]]:
    """Return which texts stand in which table: outboxes and inboxes among them."""
    where: dict[str, list[str]] = {}
    for service in SERVICES:
        with open_database(running.environment[f"{service.upper()}_DATABASE_URL"]) as connection:
            tables = MetaData()
            tables.reflect(connection)
            for each in tables.sorted_tables:
                rows = [*map(tuple, connection.execute(select(each)))]
                where[f"{service}.{each.name}"] = open_texts(running, rows)
    return {name: texts for name, texts in where.items() if texts}


def in_redis(running: Installation) -> dict[str, float]:
    """Return which keys hold any of the texts, and for how many seconds still."""
    store = redis.Redis.from_url(running.environment["REDIS_URL"])
    read: dict[bytes, Callable[[bytes], Any]] = {
        b"string": store.get, b"hash": store.hgetall, b"set": store.smembers,
        b"list": lambda key: store.lrange(key, 0, -1), b"zset": lambda key: store.zrange(key, 0, -1),
    }  # fmt: skip
    found = {key: repr(read[store.type(key)](key)) for key in store.scan_iter()}
    return {repr(key): store.ttl(key) for key, value in found.items() if open_texts(running, value)}


def queues(*suffixes: str) -> list[str]:
    """Return the queues of all consumers."""
    return [each.queue_name + suffix for each in subscriptions_of(house()) for suffix in suffixes]


def in_queues(running: Installation) -> dict[str, str | None]:
    """Return in which queues events lie that hold any of the texts, and when they go by themselves (milliseconds)."""
    found: dict[str, str | None] = {}
    with pika.BlockingConnection(connection_parameters(running.environment["AMQP_URI"])) as connection:
        channel = connection.channel()
        for queue in queues("", ".dead"):
            taken = []
            while (got := channel.basic_get(queue))[0] is not None:
                taken.append(got)
            for method, properties, body in taken:
                if open_texts(running, body.decode()):
                    found[queue] = properties.expiration
                channel.basic_nack(method.delivery_tag, requeue=True)
    return found


def a_life(running: Installation, clinic: OwnClinic) -> str:
    """Let somebody come to be known in all the ways that there are; return the path of their record."""
    person = a_person(last_name=LAST_NAME, email=EMAIL, mobile=MOBILE)
    booked = clinic.book(at(DAY, "08:00"), person, message=MESSAGE)
    token, reference = booked["manage_token"], booked["reference"]

    def linked() -> str:
        return str(clinic.desk("GET", f"bookings/{reference}")["patient"]["id"] or "")

    wait_until(linked, "the booking to be linked")
    patient = linked()
    record = f"patients/{patient}"
    assert clinic.desk("PATCH", record, {"note": NOTES[0]}).status == 200
    assert clinic.desk("POST", f"bookings/{reference}/note", {"text": NOTES[1]}).status == 200
    need = clinic.desk("POST", "needs", {"patient": patient, "type": "exam", "minutes": 30, "week": week_of(DAY)})
    assert need.status == 201, need
    issue = {"send": ["sms", "email", "card"], "need": need["id"]}
    wait_until(lambda: clinic.desk("POST", "recalls/issue", issue).status == 200, "booking to hear of the need")
    assert clinic.link(token, "rebook", {"start": at(DAY, "09:00")}).status == 200
    by_desk = {"type": "visit", "start": at(DAY, "10:00"), "patient": {"id": patient}}
    second = clinic.desk("POST", "bookings", by_desk)
    assert second.status == 201, second
    assert clinic.desk("POST", f"bookings/{second['reference']}/cancel").status == 200  # which can be undone yet
    shown = requests.get(
        f"{running.url}/staff/{clinic.key}/calendar?date={DAY}",
        headers={"Cookie": f"{COOKIE}={clinic.administrator.token}"},
        timeout=60,
    )
    assert LAST_NAME in shown.text, "the calendar is remembered for the hour in which nobody can be asked"
    assert clinic.link(token, "cancel", {"comment": COMMENT}).status == 200
    assert clinic.public.post(f"/clinics/{clinic.key}/login-codes", {"mobile": MOBILE}).status == 202
    wait_until(lambda: clinic.desk("GET", "watch-list")["watch_list"], "the watch list")
    wait_until(lambda: len(clinic.desk("GET", f"{record}/export")["messages"]) > 4, "the messages")
    return record


def set_aside(running: Installation, reference_of: str) -> None:
    """Let an event of the person's be set aside: unsigned, as if a consumer could not act on it."""
    with open_database(running.environment["BOOKING_DATABASE_URL"]) as connection:
        body = connection.execute(text("SELECT body FROM outbox WHERE type = 'BookingCreated'")).scalars().first()
    queue = next(each for each in queues("") if "BookingCreated--notification" in each)
    with pika.BlockingConnection(connection_parameters(running.environment["AMQP_URI"])) as connection:
        properties = pika.BasicProperties(message_id=reference_of, content_type="application/json", delivery_mode=2)
        connection.channel().basic_publish("", queue, json.dumps(body).encode(), properties)
    letters = DeadLetterQueues(running.environment["AMQP_URI"])
    wait_until(lambda: letters.waiting([queue], [reference_of]), "the event to be set aside")


def told(clinic: OwnClinic, record: str) -> dict[str, Any]:
    """Return how far the erasure is; nothing while nobody can be asked."""
    answer = clinic.desk("GET", f"{record}/erasure")
    return dict(answer.body) if answer.status == 200 else {}


def test_a3_whatever_dies_and_whoever_is_away_the_person_is_erased_everywhere(running: Installation) -> None:
    clinic = own_clinic(Client(running.url), staff(running.url, *ADMIN), types=TYPES)
    record = a_life(running, clinic)
    set_aside(running, "set-aside")
    before = in_databases(running)
    assert {name.partition(".")[0] for name in before} == {"booking", "patient", "notification"}, "the search finds all"
    assert {"booking.outbox", "booking.history", "notification.messages", "patient.patients"} <= before.keys()

    running.kill("notification-1")
    name = f"{clinic.desk('GET', record)['first_name']} {LAST_NAME}"
    erased = clinic.desk("POST", f"{record}/erase", {"confirm": name})
    assert (erased.status, erased["everywhere_at"]) == (200, None), erased
    for each in ("patient-1", "booking-1"):  # with the events of it on the way, or not out yet
        running.kill(each)
        running.start(each, "serve", each.removesuffix("-1"))
    wait_until(lambda: told(clinic, record).get("bookings_at"), "booking to erase its part")
    assert told(clinic, record)["messages_at"] is None, "which is said of whoever is away"
    running.start("notification-1", "serve", "notification")
    wait_until(lambda: told(clinic, record).get("everywhere_at"), "all to have erased their part")
    running.wait_ready()

    assert in_databases(running) == {}
    assert in_queues(running) == {next(each for each in queues(".dead") if "Created--notification" in each): EXPIRATION}
    redis_keys = in_redis(running)
    assert [ttl for ttl in redis_keys.values() if not 0 < ttl <= LONGEST_IN_REDIS.total_seconds()] == []
    assert clinic.desk("GET", "history/verify")["broken"] == []
    assert clinic.desk("GET", "watch-list")["watch_list"] == []
