"""Hashes of the checkpoints over booking's histories are kept, and told to whoever verifies these (A1, ADR 52)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.patient.model.anchors import Anchor
from shared.bus.events.effects import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.patient.handlers.desk import Desk
    from services.patient.store import PatientStore
    from shared.contracts.envelope import Event


def keep_anchors(events: Sequence[Event]) -> Effect[Anchor]:
    """Keep the newest checkpoint of each clinic and day."""

    def write(store: PatientStore, told: list[Anchor]) -> None:
        store.keep_anchors(told)

    return Effect([(event, Anchor.told(event)) for event in events], write)


def history_anchors(desk: Desk, clinic: str) -> dict[str, Any]:
    """Return `{anchors: [{number, hash, at}]}`: of each day the last checkpoint that was told, the oldest first."""
    with desk.work.reading() as store:
        kept = store.anchors(clinic)
    return {"anchors": [{"number": each.number, "hash": each.hash, "at": each.at.isoformat()} for each in kept]}
