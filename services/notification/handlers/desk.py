"""What notification's use cases work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.notification.model.clinic import Clinic
from services.notification.wording.compose import Links
from shared import desk
from shared.contracts.notification import SERVICE
from shared.sealed import keyed_hash

if TYPE_CHECKING:
    from services.notification.store import NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments
    from shared.desk import Keys


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings, or one event's. `messages_a_day` go to one patient's address; None: without limit."""

    source = SERVICE

    work: UnitOfWork[NotificationStore]
    documents: ClinicDocuments
    messages_a_day: int | None = None

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
        return Clinic.from_document(self.documents.get(key).document)

    def recipient(self, channel: str, address: str) -> str:
        """Return by what an address is known where it does not stand itself, however it is written."""
        return keyed_hash(self.keys.lookup, channel, address.strip().casefold())


def links_of(keys: Keys) -> Links:
    """Return what personal links are made of."""
    return Links(keys.public_url, keys.link)
