"""A booking process that stops in the middle of its transaction: started and killed by `dying`."""

import json
import sys

from services.booking.store import BookingStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from shared.storage.database import Database
from tests.builders.booking.world import MAJA, World
from tests.integration.booking.calls import Calls
from tests.integration.booking.crowd import do, tell


class StuckStore(BookingStore):
    """A store that has written everything but its event, and gets no further."""

    def publish(self, event: Event) -> None:
        """Say where it stands, and wait for the end."""
        tell(f"about to publish {event.type}")
        sys.stdin.readline()


def main(address: str, client: str) -> None:
    """Do what the client wants."""
    world = World(Database(address))
    world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund"}
    world.work = UnitOfWork(world.database, StuckStore)
    do(Calls(world), json.loads(client))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
