"""Every process is replaced by another one while people book, perhaps with other settings, and nobody notices.

People come back before their kept connections are ended, as they do under load; a gateway that takes no connections
is passed over, and nothing that was sent is sent again.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from statistics import median

import pika

from shared.bus.client import connection_parameters
from shared.settings import SERVICES
from tests.faults.ledger import Attempt
from tests.faults.load import Load
from tests.faults.pairs import PROCESSES, Pairs, compared
from tests.system.api_client import TOO_LATE
from tests.system.installation import wait_until

ONE_OF_EACH = [process for process in PROCESSES if not process.endswith("-2")]
LONG_SECONDS = 1.0
"""For most requests, many times what they take."""
EFFECTS_SECONDS = 120.0
"""How long what follows may take, on any machine."""


def replace(house: Pairs, load: Load, processes: Sequence[str], **settings: str) -> None:
    """End each process and start its successor, which has these settings, once the one before takes part again."""
    for environment in (house.installation.environment, house.environment):
        environment.update(settings)
    for process in processes:
        asked = len(load.ledger.attempts())
        house.restart(process)
        wait_until(lambda process=process: takes_part(house, process), f"{process} serves; {house.installation.logs()}")
        wait_until(lambda asked=asked: len(load.ledger.attempts()) > asked + 4, "people go on")
    house.wait_ready()


def takes_part(house: Pairs, process: str) -> bool:
    """Tell whether both processes of a service read its calls, or both gateways are ready."""
    service = process.partition("-")[0]
    if service not in SERVICES:
        house.wait_ready()
        return True
    with closing(pika.BlockingConnection(connection_parameters(house.environment["AMQP_URI"]))) as connection:
        found: int = connection.channel().queue_declare(f"rpc-{service}", passive=True).method.consumer_count
    return found == 2


def failed(load: Load) -> list[Attempt]:
    """Return the requests that got no answer, or only that it took too long though others took no long time."""
    attempts = load.ledger.attempts()
    return [each for each in attempts if each.is_unknown and not (each.status == TOO_LATE and is_slow(each, attempts))]


def is_slow(late: Attempt, attempts: Iterable[Attempt]) -> bool:
    """Tell whether what others asked meanwhile took long too: then the machine was slow, and nothing was lost."""
    meanwhile = [each for each in attempts if each.begun < late.ended and each.ended > late.begun and each is not late]
    return median([each.ended - each.begun for each in meanwhile] or [0.0]) > LONG_SECONDS


def a_steady_load(house: Pairs, clinic: str) -> Load:
    """Return two people who each ask twice a second, or as fast as they are answered."""
    house.wait_ready()
    load = Load(house.urls, clinic, rate=4.0, visitors=2)
    load.open_clinic()
    return load


def assert_nobody_noticed(house: Pairs, load: Load) -> None:
    """Check that every request was answered, and that all that follows has followed, once."""
    assert failed(load) == []
    assert compared(house, load.clinic, load.ledger, EFFECTS_SECONDS) == {}
