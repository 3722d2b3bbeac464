"""Keeps anybody from being flooded by us: so many messages of a clinic to one address a day (CONTRACTS 2, limits).

Practitioners and clinics are told of their own work, login codes have limits of their own, and what staff send again
is their decision. Reminders are counted apart, where they go out: they are written long before, and nobody's own shall
stay out because of what others have booked meanwhile.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.notification.handlers.telling import delivery_event
from services.notification.model.delivery import A_DAY
from services.notification.model.messages import FAILED, PATIENT
from services.notification.store import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.notification.handlers.desk import Desk
    from services.notification.handlers.drafting import Draft
    from services.notification.store import Added, NotificationStore

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """What was written and is to be sent: what this process has in hand by now, and whether there are `others`."""

    in_hand: list[Claim] = field(default_factory=list)
    others: bool = False

    def __add__(self, more: Written) -> Written:
        """Return what both say together."""
        return Written([*self.in_hand, *more.in_hand], self.others or more.others)


def add(store: NotificationStore, desk: Desk, drafts: Sequence[Draft]) -> Written:
    """Write messages; one to a patient beyond the limit is kept as failed, where staff see it and may send it again.

    That is told in the house as any failure is, and in the log, where it names nobody. What comes back is still to
    be sent: what is in this process's hands already, and whether anything else is.
    """
    added = store.add(*(each.message for each in drafts), since=desk.now - A_DAY)
    written = [each for each in drafts if each.message.id in added]
    beyond = {each.message.id: each for each in _beyond(written, added, desk.messages_a_day)}
    store.refuse(list(beyond))
    for each in beyond.values():
        _tell_failed(store, desk, each)
    waiting = [each for each in written if each.message.id not in beyond]
    in_hand = [
        Claim(each.message, stopped=added[each.message.id].stopped, content=each.content)
        for each in waiting
        if each.message.lease_until is not None
    ]
    return Written(in_hand, others=len(waiting) > len(in_hand))


def _beyond(written: Sequence[Draft], added: Mapping[str, Added], most: int | None) -> Iterator[Draft]:
    """Yield those to patients beyond the limit. Two transactions at once may exceed it together."""
    together = Counter[tuple[str, str]]()
    for each in written:
        whom = each.message.clinic, each.message.recipient
        if each.message.audience == PATIENT and most is not None:
            if added[each.message.id].told + together[whom] >= most:
                yield each
            together[whom] += 1


def _tell_failed(store: NotificationStore, desk: Desk, failed: Draft) -> None:
    message = failed.message
    _log.warning(
        "message limit: %s to one recipient of %s within a day, of booking %s now",
        desk.messages_a_day, message.clinic, message.booking,
    )  # fmt: skip
    store.publish(delivery_event(message, failed.content, FAILED, desk.now, desk.keys.people))
