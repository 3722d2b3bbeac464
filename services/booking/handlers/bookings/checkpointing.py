"""Histories that have grown are covered by checkpoints, which others are told of (PRODUCT A1, ADR 52)."""

from services.booking.handlers.desk import Desk
from services.booking.handlers.recording import publish
from services.booking.model.checkpoints import MOST_HEADS
from services.booking.model.history import Occurrence
from shared.contracts.booking import HISTORY_CHECKPOINTED, CheckpointState


def checkpoint(desk: Desk) -> bool:
    """Cover histories that have grown by a checkpoint of their clinic, and tell others; False where these were all.

    What grows meanwhile, or is held by others, is for the next time. One process at a time does it.
    """
    with desk.work() as store:
        if not store.is_first_to_checkpoint():
            return False
        grown = store.grown_histories(MOST_HEADS)
        for clinic, heads in grown.items():
            made = desk.checkpoints.following(store.last_checkpoint(clinic), clinic, desk.now, heads)
            store.add_checkpoint(made, heads)
            state = CheckpointState(at=made.at, hash=made.hash)
            publish(store, desk, Occurrence(HISTORY_CHECKPOINTED, clinic, clinic, made.number, state))
    return sum(map(len, grown.values())) == MOST_HEADS
