"""Makes the golden files of the version that this lies in: `python -m tests.upgrade.make_baseline FOLDER` (20 minutes).

Two installations live, an embedded one and one on the real parts; both end in a crash, with events that nobody has
published yet. Most of the time goes to waiting until events that cannot be handled are set aside after all retries.
"""

import gzip
import json
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import requests

from shared.settings import SERVICES
from tests.system.installation import ROOT, wait_until
from tests.upgrade.broker import topology, waiting, work_queues
from tests.upgrade.harbour import DAY, PUBLIC_URL, clinic_of
from tests.upgrade.making.house import SET_ASIDE_FROM, House, deployed_house, embedded_house
from tests.upgrade.making.life import Life
from tests.upgrade.making.overheard import Eavesdropper, one_of_each_kind, samples_of
from tests.upgrade.making.refusals import CODES, be_refused
from tests.upgrade.stores import dump
from tests.upgrade.wire import Wire, as_message

SAMPLES = "samples"
"""The clinic whose calls are kept; it is in no database of the baseline."""

SET_ASIDE_SECONDS = 20 * 60
_WEEK = timedelta(weeks=1)
_ADDRESSES = {"TWILIO_URL", "SENDGRID_URL"}


def make(folder: Path) -> None:
    """Write the baseline into `folder`, which must not exist."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        data = Path(work) / "embedded" / "data"
        with embedded_house(data.parent) as alone:
            say("the embedded installation lives")
            alone.live()
            alone.send_what_cannot_be_handled()
            keys = json.loads((data / "keys.json").read_text())
            settings = {**keys, "PUBLIC_URL": PUBLIC_URL, **alone.providers.settings()}
            _write(folder / "settings.json", {name: each for name, each in settings.items() if name not in _ADDRESSES})
            with deployed_house(Path(work) / "deployed", keys) as several:
                _keep_deployed(folder, several)
                say("waiting until what cannot be handled is set aside")
                _keep_embedded(folder, alone, data)
                _write(folder / "dead_letters.json", list(_set_aside(several.installation.environment["AMQP_URI"])))


def _keep_deployed(folder: Path, house: House) -> None:
    environment = house.installation.environment
    amqp_uri = environment["AMQP_URI"]
    say("the installation on the real parts lives")
    with Eavesdropper(amqp_uri) as listening:
        house.live()
    _write(folder / "events.json", list(one_of_each_kind(listening.events())))
    house.send_what_cannot_be_handled()
    house.look()
    for attempt in count(1):
        if house.crash("booking-1", DAY + attempt * _WEEK):
            break
        house.installation.start("booking-1", "serve", "booking")
        house.installation.wait_ready()
    queues = work_queues(topology(amqp_uri))
    wait_until(lambda: _is_still(house, queues), "the other services have done what they can")
    house.facts["waiting"] = list(waiting(amqp_uri, queues))
    for service in SERVICES:
        _zip(folder / f"{service}.sql.gz", dump(environment[f"{service.upper()}_DATABASE_URL"]))
    _zip_json(folder / "deployed.json.gz", house.facts)
    _write(folder / "queues.json", topology(amqp_uri))
    house.installation.start("booking-1", "serve", "booking")
    house.installation.wait_ready()
    say("its calls are listened to")
    _zip_json(folder / "calls.json.gz", _calls(house))


def _calls(house: House) -> list[Any]:
    """Let another clinic live, and return the calls by which it did."""
    environment = house.installation.environment
    with Eavesdropper(environment["AMQP_URI"]) as listening:
        life = Life(clinic_of(house.installation, SAMPLES), house.providers)
        life.live()
        codes = be_refused(life)
        assert codes == CODES, f"refused otherwise than meant: {codes ^ CODES}"
        with Wire(environment["AMQP_URI"], environment["ACTOR_KEY"]) as wire:
            wire.call("booking", "verify_history", SAMPLES)
        for path in ("/readyz", "/v1/clinics"):
            assert requests.get(f"{house.installation.url}{path}", timeout=20).status_code == 200
    samples = samples_of(listening.calls())
    contracts = {service: import_module(f"shared.contracts.{service}") for service in SERVICES}
    known = {(service, method) for service, contract in contracts.items() for method in contract.METHODS}
    missing = known - {(sample["service"], sample["method"]) for sample in samples}
    assert not missing, f"nobody called {missing}"
    return samples


def _keep_embedded(folder: Path, house: House, data: Path) -> None:
    letters: list[Any] = []

    def are_set_aside() -> bool:
        letters[:] = list(_letters(data))
        return len(letters) == len(SET_ASIDE_FROM)

    wait_until(are_set_aside, "what cannot be handled is set aside", SET_ASIDE_SECONDS)
    house.facts["dead letters"] = letters
    house.look()
    house.installation.stop()
    saved = shutil.copytree(data, data.with_name("saved"))
    for attempt in count(1):
        house.installation.start("up", "up")
        house.installation.wait_ready()
        if house.crash("up", DAY + attempt * _WEEK):
            break
        shutil.rmtree(data)  # of a crash that shows nothing, nothing is kept
        shutil.copytree(saved, data)
    with closing(sqlite3.connect(data / "dead_letters.sqlite3")) as connection, connection:
        connection.execute("UPDATE dead_letters SET headers = replace(headers, ?, '')", [f"{ROOT}/"])
    with tarfile.open(folder / "data-folder.tar.gz", "w:gz") as archive:
        archive.add(data, "data", filter=_nobodys)
    _zip_json(folder / "embedded.json.gz", house.facts)


def _is_still(house: House, queues: list[str]) -> bool:
    """Tell whether all services but booking have nothing to do."""
    others = [row for row in house.stores.unpublished() if row["service"] != "booking"]
    with Wire(house.installation.environment["AMQP_URI"]) as wire:
        return not others and not any(wire.waiting_in(queue) for queue in queues if "--booking." not in queue)


def _set_aside(amqp_uri: str) -> Iterator[dict[str, Any]]:
    """Yield the dead letters of the broker, without the paths of this machine."""
    with Wire(amqp_uri) as wire:
        for queue in SET_ASIDE_FROM:
            dead = f"{queue}.dead"
            wait_until(lambda dead=dead: wire.waiting_in(dead), f"set aside in {dead}", SET_ASIDE_SECONDS)
            for got in wire.taken_from(dead):
                yield json.loads(json.dumps({"queue": queue, **as_message(*got)}).replace(f"{ROOT}/", ""))


def _letters(data: Path) -> Iterator[dict[str, Any]]:
    with closing(sqlite3.connect(data / "dead_letters.sqlite3", timeout=20)) as connection:
        for message_id, queue, headers in connection.execute("SELECT message_id, queue, headers FROM dead_letters"):
            told = json.loads(headers)
            yield {
                "id": message_id,
                "queue": queue,
                "attempts": told["x-frontdesk-attempts"],
                "error": told["x-frontdesk-last-error"],
            }


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out who owns the files, and the lock."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return None if member.name.endswith("/lock") else member


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _zip_json(path: Path, content: Any) -> None:
    _zip(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _zip(path: Path, content: str) -> None:
    path.write_bytes(gzip.compress(content.encode(), mtime=0))


def say(what: str) -> None:
    """Tell whoever waits how far it is."""
    print(what, flush=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
