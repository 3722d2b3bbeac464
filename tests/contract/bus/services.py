"""Two small services for tests of the bus: one that is called and tells, one that listens and fails when told to."""

# mypy: disable-error-code="untyped-decorator, misc"
# Nameko is untyped: its entrypoints can only be subclassed and applied as Any.

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import eventlet
from nameko.extensions import Entrypoint
from sqlalchemy import Column, Integer, String, Table, func, insert, select, update

from shared.bus.events.consumer import consumes
from shared.bus.events.effects import Effect
from shared.bus.events.handing_on import Permanent
from shared.bus.events.inbox import inbox_table
from shared.bus.events.outbox import outbox_table
from shared.bus.events.unit_of_work import ServiceStore
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ANYBODY
from shared.contracts.envelope import Event, new_event
from shared.contracts.errors import REFUSALS
from shared.given import Time, Work
from shared.storage.database import new_metadata

metadata = new_metadata()
_outbox = outbox_table(metadata)
_inbox = inbox_table(metadata)
_effects = Table(
    "effects",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("event_id", String(32), nullable=False),
)


class Store(ServiceStore):
    """The tables of both services."""

    outbox = _outbox
    inbox = _inbox

    def add_effect(self, event_id: str) -> None:
        """Do what an event asks for."""
        self.connection.execute(insert(_effects).values(event_id=event_id))

    def effects(self, event_id: str) -> int:
        """Return how often it was done."""
        count = select(func.count()).select_from(_effects).where(_effects.c.event_id == event_id)
        return self.connection.execute(count).scalar_one()

    def is_published(self, event_id: str) -> bool:
        """Return whether an event is marked as published."""
        marked = select(_outbox.c.published_at).where(_outbox.c.event_id == event_id)
        return self.connection.execute(marked).scalar_one() is not None

    def unpublish(self, event_id: str) -> None:
        """Make a published event look unpublished, as a crash before the mark does; the relay's sweep finds it."""
        self.connection.execute(update(_outbox).where(_outbox.c.event_id == event_id).values(published_at=None))


class ByHand(Entrypoint):
    """An entrypoint of the driver, which acts as itself."""

    starts_by_itself = True


def service_classes(suffix: str) -> dict[str, type[Any]]:
    """Return the services with names that end in `suffix`, so that tests on one broker do not meet."""
    teller, listener = f"teller{suffix}", f"listener{suffix}"

    class Teller:
        """Is called, and tells."""

        name = teller
        ran: ClassVar[list[str]] = []
        work = Work(teller, Store)
        clock = Time()
        actor = CurrentActor()
        myself = ServiceClient(teller, timeout=15.0)
        met: ClassVar[dict[str, int]] = {}

        @rpc(by=ANYBODY)
        def echo(self, value: Any) -> Any:
            """Return what was given."""
            return value

        @rpc(by=ANYBODY)
        def refuse(self, name: str, extra: dict[str, Any]) -> None:
            """Raise the refusal of that name."""
            raise REFUSALS[name].because("a considered no", **extra)

        @rpc(by=ANYBODY)
        def fail(self) -> None:
            """Fail as defects do."""
            raise KeyError("Anna Berg, 19121212-1212")

        @rpc(by=ANYBODY)
        def shapeless(self) -> Any:
            """Return what cannot be written as JSON."""
            return object()

        @rpc(by=ANYBODY)
        def slow(self, seconds: float, mark: str) -> str:
            """Answer late, and remember having run."""
            self.ran.append(mark)
            eventlet.sleep(seconds)
            return mark

        @rpc(by=ANYBODY)
        def wait_for(self, file: str) -> None:
            """Say in a file beside it that this runs, and answer when `file` is there."""
            Path(f"{file}.runs").touch()
            _until(Path(file).exists)

        @rpc(by=ANYBODY)
        def meet(self, place: str, count: int) -> int:
            """Answer when `count` calls of this have come to `place`."""
            self.met[place] = self.met.get(place, 0) + 1
            _until(lambda: self.met[place] >= count)
            return count

        @rpc(by=ANYBODY)
        def runs(self, mark: str) -> int:
            """Return how often `slow` ran with that mark."""
            return self.ran.count(mark)

        @rpc(by=ANYBODY)
        def die(self, mark: str) -> None:
            """Kill the process in the middle of the call, and leave a trace of each time."""
            with self.work() as store:
                store.add_effect(mark)
            _die()

        @rpc(by=ANYBODY)
        def change(self, mark: str, gate: str) -> None:
            """Do something in a transaction that says in a file that it runs, and ends when `gate` is there."""
            with self.work() as store:
                store.add_effect(mark)
                Path(f"{gate}.runs").touch()
                _until(Path(gate).exists)

        @rpc(by=ANYBODY)
        def change_over_two(self, mark: str, gate: str) -> None:
            """Have a further service do so."""
            self.myself.change(mark, gate)

        @rpc(by=ANYBODY)
        def effects(self, mark: str) -> int:
            """Return how often something was done in this service's database."""
            with self.work.reading() as store:
                return int(store.effects(mark))

        @rpc(by=ANYBODY)
        def whoami(self) -> dict[str, Any]:
            """Return who acts, as this service sees it."""
            return {**self.actor.brief(), "correlation_id": self.actor.correlation_id}

        @rpc(by=ANYBODY)
        def whoami_over_two(self) -> Any:
            """Return who acts as a further service sees it."""
            return self.myself.whoami()

        @rpc(by=ANYBODY)
        def side_by_side(self, place: str, count: int) -> list[int]:
            """Make several calls that wait for each other."""
            replies = [self.myself.meet.call_async(place, count) for _ in range(count)]
            return [reply.result() for reply in replies]

        @rpc(by=ANYBODY)
        def tell(self, type: str, data: dict[str, Any]) -> str:
            """Publish an event and return its id."""
            event = new_event(
                teller,
                type,
                clinic="solna",
                subject="A",
                version=1,
                data=data,
                now=self.clock.now(),
                actor={"kind": "tool", "id": "test"},
                correlation_id="c-1",
            )
            with self.work() as store:
                store.publish(event)
            return event.id

        @rpc(by=ANYBODY)
        def repeat(self, event_id: str) -> None:
            """Publish an event once more, which has been published."""
            _until(lambda: self._is_published(event_id))
            with self.work() as store:
                store.unpublish(event_id)

        def _is_published(self, event_id: str) -> bool:
            with self.work.reading() as store:
                return bool(store.is_published(event_id))

    class Listener:
        """Listens, and fails when an event says so."""

        name = listener
        attempts: ClassVar[dict[str, list[float]]] = {}
        work = Work(listener, Store)
        clock = Time()
        actor = CurrentActor()
        other = ServiceClient(teller, timeout=15.0)
        heard: ClassVar[dict[str, Any]] = {}
        batches: ClassVar[list[list[str]]] = []

        @consumes(teller, "Told")
        @consumes(teller, "Sung")
        def take(self, events: Sequence[Event]) -> Effect[Event]:
            """Fail as often as the events say, then do their effects once."""
            self.batches.append([event.id for event in events])
            for event in events:
                if len(events) == 1:
                    self._note_attempt(event)
                self._try(event)
            if len(events) > 1:
                for event in events:
                    self._note_attempt(event)
            return Effect([(event, event) for event in events], self._add_effects)

        @consumes(teller, "Shown", alone=True)
        def look(self, event: Event) -> None:
            """Do by itself, each time, what one event asks for."""
            self._note_attempt(event)
            self._try(event)
            with self.work() as store:
                store.add_effect(event.id)

        def _note_attempt(self, event: Event) -> None:
            self.attempts.setdefault(event.id, []).append(time.monotonic())

        def _try(self, event: Event) -> None:
            asked = event.data
            if asked.get("hopeless"):
                raise Permanent("no later attempt can help")
            if asked.get("ask"):
                self.heard[event.id] = {"mine": self.actor.correlation_id, "theirs": self.other.whoami()}
            if gate := asked.get("gate"):
                Path(f"{gate}.runs").touch()
                _until(Path(gate).exists)
            if gate := asked.get("kills_once"):
                _until(Path(gate).exists)
                if self._first_death(event):
                    _die()
            if (needed := asked.get("needs")) and not Path(needed).exists():
                raise REFUSALS[asked.get("without", "Unavailable")].because("It is not there.")
            failures = asked.get("failures", 0)
            if failures and len(self.attempts.get(event.id, ())) <= failures:
                raise ValueError(f"not yet\nDETAIL: Key (name)=({asked.get('patient')})")

        def _add_effects(self, store: Store, events: list[Event]) -> None:
            for event in events:
                store.add_effect(event.id)
            for event in events:
                if event.data.get("unwritable"):
                    raise ValueError("cannot be written")
                if (mark := event.data.get("kills_in_writing_once")) and not Path(mark).exists():
                    Path(mark).touch()
                    _die()

        def _first_death(self, event: Event) -> bool:
            with self.work() as store:
                return bool(store.first_time("death", event, self.clock.now()))

        @rpc(by=ANYBODY)
        def seen(self, event_id: str) -> list[float]:
            """Return the moments (monotonic seconds) at which the event was taken."""
            return self.attempts.get(event_id, [])

        @rpc(by=ANYBODY)
        def taken_with(self, event_id: str) -> list[list[str]]:
            """Return the batches in which the event was taken."""
            return [batch for batch in self.batches if event_id in batch]

        @rpc(by=ANYBODY)
        def told(self, event_id: str) -> Any:
            """Return what the teller said while the event was handled."""
            return self.heard.get(event_id)

        @rpc(by=ANYBODY)
        def effects(self, event_id: str) -> int:
            """Return how often the event's effect was done."""
            with self.work.reading() as store:
                return int(store.effects(event_id))

    class Driver:
        """Makes the calls that tests ask for."""

        name = f"driver{suffix}"
        client = ServiceClient("nobody")

    return {"teller": Teller, "listener": Listener, "driver": Driver}


def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        eventlet.sleep(0.01)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
