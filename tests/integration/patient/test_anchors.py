"""What is told of checkpoints over booking's histories is kept, of each day the last (PRODUCT A1, ADR 52)."""

from datetime import UTC, datetime, timedelta

from services.patient.handlers.anchors import history_anchors, keep_anchors
from shared.bus.events.effects import take_in
from shared.contracts.booking import HISTORY_CHECKPOINTED
from shared.contracts.envelope import Event, new_event
from tests.builders.patient.desks import Work, a_desk

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def told(number: int, at: datetime, clinic: str = "solna", hash: str | None = None) -> Event:
    """Return an event of booking."""
    return new_event(
        "booking", HISTORY_CHECKPOINTED, clinic=clinic, subject=clinic, version=number, now=at,
        data={"at": at.isoformat(), "hash": hash or f"{number:064}"},
        actor={"kind": "service", "id": "booking"}, correlation_id="c",
    )  # fmt: skip


def hear(people: Work, *events: Event) -> None:
    """Take events in as the consumer does what has gathered."""
    take_in(people, keep_anchors(events), None, NOON)


def kept(people: Work, clinic: str = "solna") -> list[tuple[int, str]]:
    """Return what is kept, by number and day."""
    return [(each["number"], each["at"][:10]) for each in history_anchors(a_desk(people), clinic)["anchors"]]


def test_of_each_clinic_and_day_the_last_is_kept_in_whatever_order_they_come(people: Work) -> None:
    next_day = NOON + timedelta(days=1)
    hear(people, told(2, NOON), told(1, NOON), told(1, NOON, "lund"))
    hear(people, told(4, next_day), told(1, NOON), told(3, NOON + timedelta(hours=1)))
    assert kept(people) == [(3, "2026-11-02"), (4, "2026-11-03")]
    assert (kept(people, "lund"), kept(people, "nowhere")) == ([(1, "2026-11-02")], [])


def test_what_is_told_again_otherwise_changes_nothing(people: Work) -> None:
    """Whoever rewrites booking's past cannot have it noted."""
    hear(people, told(1, NOON))
    hear(people, told(1, NOON, hash="f" * 64))
    assert history_anchors(a_desk(people), "solna")["anchors"] == [
        {"number": 1, "hash": f"{1:064}", "at": "2026-11-02T12:00:00+00:00"}
    ]
