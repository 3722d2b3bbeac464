"""One of several booking processes under a crowd of simultaneous clients: started by `competing`.

Reads a job per line from its input, `{"document", "clients": [{"do", …}]}`; answers `ready` when every client stands at
the line, waits for any line, lets them all go at once, and answers with what became of each and with how many
transactions had to be repeated.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier, Lock
from typing import Any, TypeVar

from services.booking.store import BookingStore
from shared.actor import PUBLIC
from shared.contracts.errors import Refusal
from shared.storage.database import Database
from tests.builders.booking.world import MAJA, STAFF, World, by_recall
from tests.integration.booking.calls import Calls
from tests.integration.booking.deleting import delete_old
from tests.integration.unhurried import unhurried

T = TypeVar("T")

Client = dict[str, Any]
Outcome = dict[str, Any]


class CountingWorld(World):
    """Counts the transactions that were asked for and those that were begun: more, where they crossed."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._counting = Lock()
        self.asked = 0
        self.begun = 0

    def transaction(self, attempt: Callable[[BookingStore], T]) -> T:
        """Count it."""

        def counted(store: BookingStore) -> T:
            with self._counting:
                self.begun += 1
            return attempt(store)

        with self._counting:
            self.asked += 1
        return super().transaction(counted)


def main(address: str) -> None:
    """Work off jobs until the input ends."""
    database = unhurried(address)
    world = CountingWorld(database)
    world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund"}
    calls = Calls(world)
    for line in iter(sys.stdin.readline, ""):
        job = json.loads(line)
        world.documents.document = job["document"]
        before = world.begun - world.asked
        outcomes = run(calls, job["clients"])
        tell({"outcomes": outcomes, "repeated": world.begun - world.asked - before})
    database.close()


def run(calls: Calls, clients: list[Client]) -> list[Outcome]:
    """Return what became of each client."""
    barrier = Barrier(len(clients) + 1)
    with ThreadPoolExecutor(len(clients)) as pool:
        futures = [pool.submit(attempt, calls, client, barrier) for client in clients]
        tell("ready")
        sys.stdin.readline()
        barrier.wait(timeout=30)
        return [future.result(timeout=60) for future in futures]


def attempt(calls: Calls, client: Client, barrier: Barrier) -> Outcome:
    """Do what the client wants once all stand at the line; return the answer, or the refusal's code with its extra."""
    barrier.wait(timeout=30)
    try:
        return {"won": do(calls, client)}
    except Refusal as refusal:
        return {"refused": refusal.code, **refusal.extra}
    except Exception as error:  # noqa: BLE001  whatever it is, the test must see it and fail
        return {"error": f"{type(error).__name__}: {error}"}


def do(calls: Calls, client: Client) -> Any:
    """Make the client's call."""
    wanted = {name: value for name, value in client.items() if name not in {"do", "token", "key"}}
    match client["do"]:
        case "hold":
            return calls.hold(**wanted)
        case "hold and book":
            return calls.book(hold=calls.hold(**wanted)["hold"], **wanted)
        case "book":
            return calls.book(PUBLIC, client.get("key"), **wanted)
        case "by need":
            need = wanted.pop("by")
            return calls.book(by_recall(need), **wanted)
        case "hold and book by need":
            need = wanted.pop("by")
            held = calls.hold(by_recall(need), **wanted)["hold"]
            return calls.book(by_recall(need), hold=held, **wanted)
        case "issue":
            return calls.issue(STAFF, week=client["week"])
        case "staff":
            return calls.book(STAFF, **wanted)
        case "move":
            return calls.move(client["token"], datetime.fromisoformat(client["start"]))
        case "change":
            return calls.change(STAFF, client["token"][:10], start=client["start"], version=client.get("version"))
        case "cancel":
            return calls.cancel(client["token"])
        case "take over":
            return calls.take_over(*client["lines"])
        case "delete old":
            calls.world.change_document(retention=client["retention"])
            calls.world.now = datetime.fromisoformat(client["now"])
            return delete_old(calls)
        case unknown:
            raise ValueError(unknown)


def tell(what: Any) -> None:
    """Write one line of JSON to whoever started this."""
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
