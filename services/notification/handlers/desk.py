"""What notification's use cases work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from services.notification.model.clinic import Clinic
from services.notification.model.messages import recipient_of
from services.notification.wording.compose import Links
from shared import desk
from shared.contracts.notification import SERVICE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from services.notification.store import NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocument, ClinicDocuments
    from shared.contracts.envelope import Event
    from shared.desk import Keys

Ready = TypeVar("Ready")


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings, or some events'. `messages_a_day` go to one patient's address; None: without limit.

    `room` says how many messages of each channel the process may take in hand as it writes them.
    """

    source = SERVICE

    work: UnitOfWork[NotificationStore]
    documents: ClinicDocuments
    messages_a_day: int | None = None
    room: Mapping[str, int] = field(default_factory=dict)

    @property
    def links(self) -> Links:
        """What personal links in messages are made of."""
        return links_of(self.keys)

    @property
    def sees_codes(self) -> bool:
        """Whether login codes are shown: in the outbox of an installation without providers, and nowhere else."""
        return self.actor.kind == "service"

    def clinic(self, key: str) -> Clinic:
        """Return the clinic as its document in force says; raise NotFound where there is none."""
        return self.documents.get(key).as_read(Clinic.from_document)

    def made_ready(
        self, events: Sequence[Event], make: Callable[[Event, ClinicDocument], Ready]
    ) -> list[tuple[Event, Ready]]:
        """Return events with what `make` makes of each by the document in force; raise NotFound where there is none."""
        documents = {clinic: self.documents.get(clinic) for clinic in {event.clinic for event in events}}
        return [(event, make(event, documents[event.clinic])) for event in events]

    def recipient(self, channel: str, address: str) -> str:
        """Return by what an address is known where it does not stand itself, however it is written."""
        return recipient_of(self.keys.lookup, channel, address)

    def recipients(self, channel: str, address: str) -> tuple[str, ...]:
        """Return everything by which an address is known, the newest first: after a key was replaced by several."""
        return recipients_of(self.keys, channel, address)


def recipients_of(keys: Keys, channel: str, address: str) -> tuple[str, ...]:
    """Return what `Desk.recipients` does."""
    return tuple(recipient_of(key, channel, address) for key in keys.every_lookup)


def links_of(keys: Keys) -> Links:
    """Return what personal links are made of."""
    return Links(keys.public_url, keys.link)
