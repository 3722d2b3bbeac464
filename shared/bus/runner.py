"""Runs services: waits for what they need, serves, and drains on SIGTERM (DESIGN rule 12).

Eventlet must have patched the standard library before anything else is imported: that is the command line's first
statement (`cli`), never this module's, since an import may change nothing.
"""

import logging
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import eventlet
from greenlet import GreenletExit
from nameko.runners import ServiceRunner
from nameko.utils import sanitize_url
from nameko.utils.concurrency import SpawningProxy

from shared.bus.calls.neighbours import Neighbours
from shared.bus.events.dead_letters import DeadLetterFile
from shared.bus.events.topology import declare, declare_missing, delays_of, heard_events, subscriptions_of
from shared.bus.wires import embedded
from shared.bus.wires.link import CONNECTION_TROUBLE, HEARTBEAT, connected
from shared.settings import SERVICES, Settings

_log = logging.getLogger(__name__)

DRAIN_SECONDS = 20.0
"""How long running work may take after SIGTERM; a supervisor's kill grace must be longer."""

_RETRY_SECONDS = 1.0


def nameko_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of every container."""
    return {
        "settings": settings,
        "AMQP_URI": settings.amqp_uri,
        "max_workers": settings.max_workers,
        "HEARTBEAT": HEARTBEAT,
        "serializer": "json",
        "parent_calls_tracked": 3,
        "neighbours": Neighbours(),
        "SERVICE_CONTAINER_CLS": "shared.bus.container.Container",
    }


def run(
    service_classes: Sequence[type[Any]],
    settings: Settings,
    *,
    house: Sequence[type[Any]] = (),
    extra_config: Mapping[str, Any] | None = None,
    stopping: Callable[[], None] = lambda: None,
) -> None:
    """Serve `service_classes` until SIGTERM or SIGINT, then call `stopping`; raise what ended a container otherwise.

    `house` are all services of the installation: their queues are declared before anything is published here, so
    that no event is lost on a service that has never yet run (DESIGN rule 4).
    """
    serving = Serving(lambda: prepared_runner(service_classes, settings, house=house, extra_config=extra_config))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: (eventlet.spawn_n(stopping), eventlet.spawn_n(serving.stop)))
    serving.run()


def prepared_runner(
    service_classes: Sequence[type[Any]],
    settings: Settings,
    *,
    house: Sequence[type[Any]] = (),
    extra_config: Mapping[str, Any] | None = None,
) -> ServiceRunner:
    """Return a runner that is ready to start: the bus is reachable and the house's queues are declared."""
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)  # it warns of every thread that it ends
    if settings.embedded:
        broker = embedded.open_broker(settings.amqp_uri, DeadLetterFile(settings.data_dir))
        eventlet.spawn(embedded.keep_replaying, broker)
    else:
        wait_for_bus(settings.amqp_uri)
    if settings.accept_unsigned_events:
        _log.warning("events that nobody has signed are acted on; end ACCEPT_UNSIGNED_EVENTS with the upgrade")
    config = {**nameko_config(settings), **(extra_config or {})}
    subscriptions = subscriptions_of([*house, *service_classes], *delays_of(config))
    own = [each for each in subscriptions if each.service in {service.name for service in service_classes}]
    declare(settings.amqp_uri, own)
    if not settings.embedded:
        declare_missing(settings.amqp_uri, (each for each in subscriptions if each not in own))
    if house or settings.embedded:
        config["heard_events"] = heard_events(subscriptions)
    runner = ServiceRunner(config)
    for service in service_classes:
        runner.add_service(service)
    return runner


def wait_for_bus(amqp_uri: str) -> None:
    """Return when the broker accepts a connection; log once per second why it does not."""
    while True:
        try:
            connected(amqp_uri, heartbeat=0).release()
        except CONNECTION_TROUBLE as trouble:
            _log.warning("waiting for the message bus at %s: %s", sanitize_url(amqp_uri), type(trouble).__name__)
            eventlet.sleep(_RETRY_SECONDS)
        else:
            return


def stop_in_turn(containers: Iterable[Any]) -> None:
    """Stop who asks before who answers: what the gateway has in hand needs the services beside it."""
    stopped = list(containers)
    answering = [each for each in stopped if each.service_name in SERVICES]
    asking = [each for each in stopped if each not in answering]
    for group in filter(None, (asking, answering)):
        SpawningProxy(group).stop()


class Serving:
    """One run of the services, and its end."""

    def __init__(self, prepare: Callable[[], ServiceRunner]) -> None:
        self._prepare = prepare
        self._runner: Any = None
        self._thread: Any = None
        self._is_stopping = False

    def run(self) -> None:
        """Prepare, start and wait for the end."""
        self._thread = eventlet.spawn(self._serve)
        with suppress(GreenletExit):
            self._thread.wait()

    def stop(self) -> None:
        """Let running work finish, for a limited time; what is not even started ends at once.

        A second signal changes nothing, and whatever goes wrong meanwhile does not keep the process.
        """
        if self._is_stopping:
            return
        self._is_stopping = True
        try:
            with eventlet.Timeout(DRAIN_SECONDS):
                if self._runner is not None:
                    stop_in_turn(self._runner.containers)
        except eventlet.Timeout:
            _log.error("work was still running %.0f s after the signal; it ends unfinished", DRAIN_SECONDS)
        finally:
            self._thread.kill()

    def _serve(self) -> None:
        runner = self._prepare()
        runner.start()  # where a database or its tables are away, it waits, and nothing runs yet
        self._runner = runner
        runner.wait()
