"""What a use case works with: who acts, what time it is, the database, the clinics' documents, the keys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from shared.contracts.envelope import Event, new_event
from shared.proofs import Proof, proof_of
from shared.sealed import Sealer

if TYPE_CHECKING:
    from datetime import datetime

    from shared.actor import Actor
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.settings import Settings


@dataclass(frozen=True)
class Keys:
    """The installation's secrets that services work with, and where its pages are.

    `link` is what personal links are derived from, and those of `other_links` open too. `lookup` is what is hashed with
    that is to be found and not read, and what `other_lookups` have hashed is found too; by `former_lookups` only what
    cannot be hashed anew (ADR 59). `people` seals personal data in events and rows.
    """

    link: str
    lookup: str
    people: Sealer
    public_url: str
    other_links: tuple[str, ...] = field(default=(), kw_only=True)
    other_lookups: tuple[str, ...] = field(default=(), kw_only=True)
    former_lookups: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def links(self) -> tuple[str, ...]:
        """By which personal links open: while a key is replaced, by the former one too."""
        return (self.link, *self.other_links)

    @property
    def lookups(self) -> tuple[str, ...]:
        """What hashes by which something is found are made with, the newest first: of two while a key is replaced."""
        return (self.lookup, *self.other_lookups)

    @property
    def every_lookup(self) -> tuple[str, ...]:
        """The same, with those of before: for what was hashed once and cannot be hashed anew."""
        return (*self.lookups, *self.former_lookups)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return the installation's keys."""
        people = Sealer(settings.event_keys)
        return cls(
            settings.link_key,
            settings.lookup_key,
            people,
            settings.public_url,
            other_links=settings.other_link_keys,
            other_lookups=settings.other_lookup_keys,
            former_lookups=settings.former_lookup_keys,
        )


@dataclass(frozen=True)
class Desk:
    """One call's surroundings, or one event's. `now` is one moment for the whole of it.

    Each service says which store its work is on, how it knows the clinics' documents, and adds what only it needs.
    """

    source: ClassVar[str]
    """The service, as its events name it."""

    actor: Actor
    correlation_id: str
    now: datetime
    work: UnitOfWork[Any]
    documents: Any
    keys: Keys

    def proof(self, clinic: str) -> Proof:
        """Return what the patient who acts has proven for a clinic (PRODUCT B14, B9)."""
        return proof_of(self.actor, clinic, self.keys.people)

    def because_of(self, cause: Event) -> Self:
        """Return the same for what follows from one event, where a batch of them is taken in."""
        return replace(self, correlation_id=cause.correlation_id)

    def event(self, type: str, clinic: str, subject: str, version: int, data: Any, cause: Event | None = None) -> Event:
        """Return an event that this call caused, or that followed from the event `cause`; `data` is its contract's."""
        return new_event(
            self.source,
            type,
            clinic=clinic,
            subject=subject,
            version=version,
            data=data,
            now=self.now,
            actor=cause.actor if cause else self.actor.brief(),
            correlation_id=cause.correlation_id if cause else self.correlation_id,
        )
