"""The process that runs a test's services: Nameko under eventlet, driven by lines of JSON over a local socket."""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402  # nothing may be imported before eventlet has patched the standard library
import logging  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from nameko.containers import WorkerContext  # noqa: E402

from shared.bus.calls.calling import Calls, RemoteService  # noqa: E402
from shared.bus.calls.neighbours import Neighbours  # noqa: E402
from shared.bus.events.consumer import EventConsumer  # noqa: E402
from shared.bus.runner import prepared_runner  # noqa: E402
from shared.bus.wires.link import ConfirmedLink  # noqa: E402
from shared.contracts.errors import Refusal  # noqa: E402
from shared.settings import Settings, from_environment  # noqa: E402
from shared.storage.database import Database  # noqa: E402
from tests.contract.bus.services import ByHand, metadata, service_classes  # noqa: E402


class Driver:
    """Answers the test's commands from inside the house."""

    def __init__(self, container: Any, house: Mapping[str, Any]) -> None:
        """`house` are all containers of the process by service."""
        self._container = container
        self._house = house
        self._calls = next(found for found in container.extensions if isinstance(found, Calls))

    def serve(self, connection: Any) -> None:
        """Answer one line after the other."""
        with connection, connection.makefile("rw") as lines:
            for line in lines:
                lines.write(json.dumps(self.answer(json.loads(line))) + "\n")
                lines.flush()

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Do what a command says; tell what came of it and how many seconds it took."""
        started = time.monotonic()
        try:
            result = getattr(self, command.pop("do"))(**command)
        except Refusal as refusal:
            told = {"refusal": type(refusal).__name__, "detail": refusal.detail, "extra": refusal.extra}
        except Exception as error:  # noqa: BLE001  # the test judges every error
            told = {"error": type(error).__name__, "text": str(error)}
        else:
            told = {"result": result}
        return {**told, "seconds": time.monotonic() - started}

    def call(self, service: str, method: str, args: list[Any], kwargs: dict[str, Any], timeout: float) -> Any:
        """Call a method as the driver itself, or with a token that the test gives."""
        return self._remote(service, timeout, kwargs.pop("_context", {}))(method)(*args, **kwargs)

    def abandon(self, service: str, method: str, args: list[Any]) -> int:
        """Make a call whose answer nobody asks for; return how many calls are still remembered."""
        self._remote(service, 1.0, {})(method).call_async(*args)
        return self._calls.pending

    def pending(self) -> int:
        """Return how many calls are still remembered."""
        return self._calls.pending

    def gathered(self, service: str, type: str) -> int:
        """Return how many events of a type wait for a service that is busy with others."""
        entrypoints = self._house[service].entrypoints
        [consumer] = [each for each in entrypoints if isinstance(each, EventConsumer) and each.type == type]
        return len(consumer.gathered)

    def idle(self, seconds: float) -> float:
        """Return the share of a processor that the process uses while nothing happens."""
        before = time.process_time()
        eventlet.sleep(seconds)
        return (time.process_time() - before) / seconds

    def rate(self, service: str, count: int, callers: int) -> float:
        """Return how many calls per second `callers` at once make."""
        started = time.monotonic()
        pool = eventlet.GreenPool(callers)
        for _ in pool.imap(lambda _: self._remote(service, 20.0, {})("echo")(1), range(count)):
            pass
        return count / (time.monotonic() - started)

    def _remote(self, service: str, timeout: float, context: dict[str, Any]) -> Any:
        entrypoint = ByHand()
        entrypoint.method_name = "by_hand"
        worker = WorkerContext(self._container, None, entrypoint, data=dict(context))
        remote = RemoteService(self._calls, worker, service, timeout)
        return lambda method: getattr(remote, method)


class Apart(Neighbours):
    """Services of one process that call each other over the bus all the same."""

    def add(self, service: str, reader: Any) -> None:
        """Leave it out."""


def settings_for(order: dict[str, Any], names: list[tuple[str, str]]) -> Settings:
    """Return settings with made-up keys and the databases that the test chose."""
    folder = Path(order["folder"])
    settings = from_environment({"DATA_DIR": str(folder)})
    addresses = {name: order["databases"].get(role) or f"sqlite:///{folder / role}.sqlite3" for role, name in names}
    unsigned = order.get("accept_unsigned_events", False)
    return replace(settings, amqp_uri=order["amqp_uri"], database_urls=addresses, accept_unsigned_events=unsigned)


def die_after_deliveries(count: int) -> None:
    """Kill the process right after the broker has confirmed the `count`th batch, before it is marked."""
    deliver = ConfirmedLink.deliver
    done = 0

    def deliver_and_die(self: Any, *args: Any, **options: Any) -> Any:
        nonlocal done
        result = deliver(self, *args, **options)
        done += 1
        if done == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    ConfirmedLink.deliver = deliver_and_die  # type: ignore[method-assign]  # a death at the worst moment


def main(order: dict[str, Any]) -> None:
    """Start the services that the order names, and answer commands until the process is ended."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    classes = service_classes(order["suffix"])
    settings = settings_for(order, [(role, cls.name) for role, cls in classes.items()])
    for role in ("teller", "listener"):
        database = Database(settings.database_url(classes[role].name))
        metadata.create_all(database.engine)
        database.close()
    if order.get("die_after_deliveries"):
        die_after_deliveries(order["die_after_deliveries"])
    wanted = [classes[role] for role in order["services"]]
    extra = {
        "retry_delays": tuple(order["delays"]),
        "waiting_delays": tuple(order["waiting"]),
        "max_workers": order.get("max_workers", 10),
        "neighbours": Neighbours() if order["together"] else Apart(),
    }
    runner = prepared_runner(wanted, settings, house=[classes[role] for role in order["house"]], extra_config=extra)
    runner.start()
    server = eventlet.listen(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    driver = Driver(runner.service_map[classes["driver"].name], runner.service_map)
    eventlet.serve(server, lambda connection, _address: driver.serve(connection))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
