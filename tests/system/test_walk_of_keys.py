"""All keys of what is stored are replaced while patients book, log in, open links, move and cancel (PRODUCT A3)."""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pika
import pytest
import redis
from pika.exceptions import ChannelClosedByBroker

from shared.settings import SERVICES, new_seal_key
from shared.storage.keys.resealing import names_in
from tests.servers.ports import free_port
from tests.servers.warm import ended
from tests.system import logins
from tests.system.api_client import Answer, Client, staff
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.installation import ADMIN, STOP_SECONDS, Installation, deployed, wait_until
from tests.system.people import a_patient

pytestmark = pytest.mark.deep

KEYS = ("EVENT_KEYS", "IDENTITY_KEYS", "LINK_KEY", "LOOKUP_KEY")
VISITORS = 2


@dataclass
class Walk:
    """An installation whose processes are replaced, and visitors who do not notice."""

    installation: Installation
    clinic: str
    url: str
    gone: Event = field(default_factory=Event)
    wrong: list[str] = field(default_factory=list)
    rounds: Counter[int] = field(default_factory=Counter)
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    mobiles: Iterator[int] = field(default_factory=lambda: count(1))
    commands: Iterator[int] = field(default_factory=count)

    def visit(self, number: int) -> None:
        """Book, look, log in, move and cancel, again and again, in hours that nobody else wants; note what fails."""
        while not self.gone.is_set():
            day = in_days(2 + self.rounds[number] % 60)
            seed = 7000 + number if self.rounds[number] % 2 else 7100 + 100 * number + self.rounds[number]
            try:
                self._round(seed, at(day, f"{8 + number:02d}:00"), at(day, f"{8 + number:02d}:30"))
            except Exception as broken:  # noqa: BLE001 - whatever it is, the test tells it at its end
                self.wrong.append(repr(broken))
                return
            self.rounds[number] += 1

    def _round(self, seed: int, first: str, second: str) -> None:
        mobile = f"+467017{next(self.mobiles):05d}"
        person = self.people[seed] = a_patient("se.personnummer", "SE", seed, mobile=mobile)
        booked = self._done(self._here.book(first, person), 201)
        token = booked["manage_token"]
        self._done(self._here.link(token), 200)
        mine = logins.mine(logins.log_in(self._here, mobile), self._here)
        if [each["reference"] for each in mine] != [booked["reference"]]:
            raise AssertionError(f"{booked['reference']} is not what a login finds: {mine}")
        self._done(self._here.link(token, "rebook", {"start": second}), 200)
        self._done(self._here.link(token, "cancel"), 200)

    @property
    def _here(self) -> OwnClinic:
        """The clinic at the gateway of now; nothing is asked twice, however it is answered."""
        return OwnClinic(Client(self.url, tries=1), Client(self.url), self.clinic)

    @staticmethod
    def _done(answer: Answer, status: int) -> Answer:
        if answer.status != status:
            raise AssertionError(f"{answer}")
        return answer

    def more_rounds(self) -> None:
        """Wait until every visitor has come round once more."""
        wanted = {number: self.rounds[number] + 2 for number in range(VISITORS)}
        wait_until(
            lambda: self.wrong or all(self.rounds[number] >= least for number, least in wanted.items()),
            f"visitors come round; {self.wrong}; {self.installation.logs()}",
        )
        assert self.wrong == []

    def replace(self, generation: int, **settings: str) -> None:
        """Replace each process by one with these settings: the new one serves before the old one is told to end."""
        self.installation.environment |= settings
        for service in SERVICES:
            before = self._readers(service)
            self.installation.start(f"{service}-{generation}", "serve", service)
            self._wait_for(service, before + 1)
            self._end(next(name for name in self.installation.processes if name.startswith(f"{service}-")))
        port = free_port()
        self.installation.start(f"gateway-{generation}", "serve", "gateway", PORT=str(port))
        self.installation.port = port
        self.installation.wait_ready()
        self.url = self.installation.url
        self.more_rounds()  # as whoever shares requests out sends no more to a gateway that is to end
        self._end(next(name for name in self.installation.processes if name.startswith("gateway")))

    def _wait_for(self, service: str, readers: int) -> None:
        wait_until(lambda: self._readers(service) >= readers, f"{service} serves; {self.installation.logs()}")

    def _end(self, name: str) -> None:
        process = self.installation.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        assert ended(process, within=STOP_SECONDS) == 0, self.installation.logs()

    def _readers(self, service: str) -> int:
        with suppress(ChannelClosedByBroker):
            connection = pika.BlockingConnection(
                pika.URLParameters(self.installation.environment["AMQP_URI"].replace("pyamqp", "amqp", 1))
            )
            try:
                asked = connection.channel().queue_declare(f"rpc-{service}", passive=True)
                return int(asked.method.consumer_count)
            finally:
                connection.close()
        return 0

    def frontdesk(self, *arguments: str) -> str:
        """Run a command with the settings of now; return what it said, once it has ended well."""
        name = f"command-{next(self.commands)}"
        self.installation.run(name, *arguments)
        return (self.installation.folder / f"{name}.log").read_text()


@contextmanager
def visited(walk: Walk) -> Iterator[None]:
    """Let visitors come and go meanwhile."""
    visitors = [Thread(target=walk.visit, args=(number,)) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    try:
        yield
    finally:
        walk.gone.set()
        for visitor in visitors:
            visitor.join()


def let_a_day_pass(redis_url: str, names: set[str]) -> None:
    """Forget what Redis holds sealed with these keys, as it does by itself: sessions and drafts of a day."""
    with redis.Redis.from_url(redis_url) as cache:
        for key in cache.scan_iter("*", _type="string"):
            if names & names_in((cache.get(key) or b"").decode(errors="ignore")).keys():
                cache.delete(key)


def test_a3_all_keys_are_replaced_and_no_visitor_notices(
    tmp_path: Path,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> None:
    """Behind, in front, done anew, refused until then, out: one process after the other, on the real parts.

    What was booked before opens afterwards, nobody has two records, histories are whole, no key that went is needed.
    """
    redis_url = new_redis_database()
    running = deployed(tmp_path, new_rabbitmq_vhost(), redis_url, new_postgres_database, {}, demo=False)
    try:
        rules = {"identity": "se.personnummer", "country": "SE"}
        clinic = own_clinic(Client(running.url), staff(running.url, *ADMIN), **rules)
        kept = clinic.book(at(in_days(1), "11:30"), a_patient("se.personnummer", "SE", 6999))
        assert kept.status == 201, kept
        walk = Walk(running, clinic.key, running.url)
        old = {name: running.environment[name] for name in KEYS}
        new = {name: new_seal_key() if name.endswith("S") else os.urandom(32).hex() for name in KEYS}
        names = {old[name].partition(":")[0] for name in ("EVENT_KEYS", "IDENTITY_KEYS")}
        with visited(walk):
            walk.more_rounds()
            walk.replace(2, **{name: f"{old[name]},{new[name]}" for name in KEYS})
            walk.replace(3, **{name: f"{new[name]},{old[name]}" for name in KEYS})
            walk.frontdesk("keys", "reseal")
            let_a_day_pass(redis_url, names)
            assert "FORMER_LOOKUP_KEYS" in walk.frontdesk("keys", "retire", "LOOKUP_KEY")
            assert not [each for each in _status(walk) if each["needed"] and not each["newest"]]
            of_links = {"LINK_KEY": f"{new['LINK_KEY']},{old['LINK_KEY']}"}  # until the last link of before has ended
            walk.replace(4, **{**new, **of_links, "FORMER_LOOKUP_KEYS": old["LOOKUP_KEY"]})
        assert walk.wrong == []
        assert {each["setting"] for each in _status(walk) if not each["newest"]} == {"FORMER_LOOKUP_KEYS"}
        _assert_all_is_there(OwnClinic(Client(running.url), staff(running.url, *ADMIN), clinic.key), kept, walk)
    finally:
        running.stop()


def _status(walk: Walk) -> list[dict[str, Any]]:
    lines = walk.frontdesk("keys", "status", "--json").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def _assert_all_is_there(clinic: OwnClinic, kept: Answer, walk: Walk) -> None:
    assert clinic.link(kept["manage_token"]).status == 200
    for person in walk.people.values():
        found = clinic.desk("GET", "patients", q=person["national_id"])["patients"]
        assert len(found) == 1, (person, found)
    verified = clinic.desk("GET", "history/verify")
    assert (verified.status, verified["broken"]) == (200, []), verified
