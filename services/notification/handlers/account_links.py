"""Writes the links by which the people of clinics choose passwords, to those people alone (PRODUCT C4).

They are kept as login codes are: what lets somebody in is listed to nobody, not sent again, and soon forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from services.notification.handlers import limiting
from services.notification.handlers.calling import CODE_KEPT
from services.notification.handlers.drafting import Draft, draft
from services.notification.model.clinic import Clinic
from services.notification.model.messages import STAFF, Addressee
from services.notification.model.told import LinkPersonTold, LinkTold
from services.notification.wording.account_notice import invitation_notice, reset_notice
from services.notification.wording.compose import written
from services.notification.wording.facts import facts_of_clinic, language_for_reader
from shared.bus.events.effects import Effect
from shared.clinic.message_keys import EMAIL, LOGIN_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.notification.handlers.desk import Desk
    from services.notification.handlers.limiting import Written
    from services.notification.model.messages import Content
    from services.notification.store import NotificationStore
    from shared.clinic_documents import ClinicDocument
    from shared.contracts.envelope import Event

_OF_ACCOUNTS = "account_link"
"""No key of the document's `messages`: clinics have no templates of their own for it."""

_NOTICES = {"reset": reset_notice, "invitation": invitation_notice}


def send_links(desk: Desk, events: Sequence[Event]) -> Effect[Draft]:
    """Write to the people whom links are for; what is no use any more when it could be sent is not."""
    return Effect(desk.made_ready(events, partial(_draft, desk)), partial(_add, desk))


def _add(desk: Desk, store: NotificationStore, drafts: Sequence[Draft]) -> Written:
    return limiting.add(store, desk, drafts)


def _draft(desk: Desk, event: Event, document: ClinicDocument) -> Draft:
    clinic = document.as_read(Clinic.from_document)
    told = LinkTold.read(event.data)
    person = LinkPersonTold.read(desk.keys.people.open(told.person))
    to = Addressee(STAFF, EMAIL, person.email, "")
    return draft(
        desk, clinic, LOGIN_CODE, to, _content(desk, told, person, to, clinic),
        source_event=event.id,
        correlation_id=event.correlation_id,
        expires_at=min(told.until, desk.now + CODE_KEPT),
    )  # fmt: skip


def _content(desk: Desk, told: LinkTold, person: LinkPersonTold, to: Addressee, clinic: Clinic) -> Content:
    language = language_for_reader(person.language, clinic)
    facts = replace(facts_of_clinic(clinic, language), link=desk.links.of_password(told.link))
    return written(_OF_ACCOUNTS, _NOTICES[told.purpose](facts), facts, to, clinic)
