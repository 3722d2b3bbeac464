"""Writes messages as bookings change, each once (PRODUCT N1, N2, N6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from services.notification.handlers import limiting
from services.notification.handlers.drafting import Draft, draft
from services.notification.handlers.limiting import Written
from services.notification.handlers.reminding import Followed, follow_bookings, followed, in_turns
from services.notification.model.clinic import Clinic
from services.notification.model.delivery import LEASE
from services.notification.model.messages import (
    Addressee,
    Appointment,
    addressees,
    appointment_told,
    to_patient,
)
from services.notification.model.remembered import STANDING
from services.notification.model.told import BookingTold, RenewedTold
from services.notification.store import News
from services.notification.wording.compose import compose_each, event_key
from shared.bus.events.effects import Effect
from shared.clinic.message_keys import BOOKED, CANCELLED, CHOOSE_AGAIN, MOVED
from shared.contracts.booking import (
    BOOKING_CANCELLED,
    BOOKING_CHANGED,
    BOOKING_CREATED,
    BOOKING_MOVED,
    BOOKING_RESTORED,
    MOVE_INVITED,
)
from shared.contracts.envelope import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from services.notification.store.message_rows import Noted
    from shared.clinic_documents import ClinicDocument

HAPPENED = {
    BOOKING_CREATED: BOOKED,
    BOOKING_MOVED: MOVED,
    BOOKING_CHANGED: MOVED,
    BOOKING_CANCELLED: CANCELLED,
    BOOKING_RESTORED: BOOKED,
    MOVE_INVITED: CHOOSE_AGAIN,
}
"""What each event of booking means to those who are told."""

CONSUMERS = {
    BOOKING_CREATED: "send_confirmation",
    BOOKING_MOVED: "send_change",
    BOOKING_CHANGED: "send_change",
    BOOKING_CANCELLED: "send_cancellation",
    BOOKING_RESTORED: "keep_untold",
    MOVE_INVITED: "send_invitation",
}
"""As whom the inbox knows who has taken in each of them."""

LATELY = timedelta(hours=1)
MANY = 3
"""So many changes of a booking are told one by one within that time (CONTRACTS 2, limits)."""
TOGETHER_AFTER = timedelta(minutes=1)
"""From then on only the last change of so long is told."""


@dataclass(frozen=True)
class Letter:
    """What is to be told of a booking's event, and to whom; composed before the transaction, which should be short."""

    event: Event
    clinic: Clinic
    appointment: Appointment
    drafts: list[Draft]
    followed: Followed

    @property
    def news(self) -> News:
        """The version of its booking that it tells of."""
        return News(self.event.subject, self.event.subject_version, self.appointment.practitioner)


def tell(desk: Desk, events: Sequence[Event]) -> Effect[Letter]:
    """Write messages to everybody concerned by bookings' events.

    One that tells of a version which a newer event has overtaken is withdrawn at once, not sent; of a booking that
    changes time and again, all wait a little for the newer event. A change of which nobody is told (an SMS reminder
    switched off) overtakes nothing: what earlier messages say stays true. What staff may still take back waits as long;
    of what takes another change back nobody is told, and what that had kept from people is true again (PRODUCT C10).
    """
    return Effect(desk.made_ready(events, partial(letter_of, desk)), partial(_tell, desk))


def _tell(desk: Desk, store: NotificationStore, letters: Sequence[Letter]) -> Written:
    written, room = Written(), Counter(desk.room)
    overtaken = _overtaken([letter.event for letter in letters if _is_news(letter)])
    for once in in_turns(letters, lambda letter: letter.event.subject):
        follow_bookings(store, desk, [letter.followed for letter in once])
        written += write(store, desk, list(filter(_is_news, once)), room, overtaken)
    return written


def _is_news(letter: Letter) -> bool:
    return letter.appointment.is_news(HAPPENED[letter.event.type])


def _overtaken(events: Sequence[Event]) -> set[str]:
    """Return the ids of the events whose booking has a newer one among them."""
    newest = {event.subject: event.id for event in sorted(events, key=lambda event: event.subject_version)}
    return {event.id for event in events} - set(newest.values())


def letter_of(desk: Desk, event: Event, document: ClinicDocument) -> Letter:
    """Return what is to be told of a booking's event, and to whom."""
    return _letter(desk, event, document, partial(_drafts, desk, event))


def _letter(
    desk: Desk,
    event: Event,
    document: ClinicDocument,
    drafted: Callable[[BookingTold, Appointment, Clinic], list[Draft]],
) -> Letter:
    clinic, follow = document.as_read(Clinic.from_document), followed(desk, event, document)
    appointment = appointment_told(event.subject, event.subject_version, follow.told, follow.person)
    return Letter(event, clinic, appointment, drafted(follow.told, appointment, clinic), follow)


def write(
    store: NotificationStore,
    desk: Desk,
    letters: Sequence[Letter],
    room: Counter[str],
    overtaken: Collection[str] = (),
) -> Written:
    """Write bookings' news, each of one booking, to everybody concerned, and withdraw what they have made untrue.

    What is true is taken in hand as far as there is `room`, which becomes less by it; of events that are `overtaken` by
    one that the same transaction is still to tell of, nothing is.
    """
    noted = store.note_versions([letter.news for letter in letters], desk.now - LATELY)
    erased = store.erased_among({letter.event.subject for letter in letters} - noted.keys())
    drafts: list[Draft] = []
    for letter in letters:
        if letter.event.subject in erased:
            continue
        known = noted.get(letter.event.subject)
        stays_true = _is_newest(letter, known) and letter.event.id not in overtaken
        drafts += _in_hand(_as_it_is_told(desk, letter, known), desk, room, is_true=stays_true)
        if letter.followed.told.undoes is not None and letter.followed.told.tell == "all":
            store.keep_true(letter.event.subject, letter.followed.told.undoes, letter.event.subject_version, desk.now)
    written = limiting.add(store, desk, drafts)
    overtaking = [each.event.subject for each in letters if not _is_first(each, noted.get(each.event.subject))]
    store.withdraw_of_bookings(overtaking, desk.now)
    return written


def _as_it_is_told(desk: Desk, letter: Letter, known: Noted | None) -> list[Draft]:
    """Return the letter's messages, or where its booking changes time and again such as wait for the next change."""
    if known is None or known.changes_told < MANY:
        return letter.drafts
    return _drafts(desk, letter.event, letter.followed.told, letter.appointment, letter.clinic, together=True)


def _is_newest(letter: Letter, known: Noted | None) -> bool:
    """Tell whether what a letter says is true, and stays so until the commit: its booking's row is held."""
    return known is not None and known.link_version <= letter.event.subject_version


def _is_first(letter: Letter, known: Noted | None) -> bool:
    """Tell whether nothing can have been told of the booking before, nor anything newer by now."""
    return letter.event.subject_version == 1 and _is_newest(letter, known)


def _in_hand(drafts: list[Draft], desk: Desk, room: Counter[str], *, is_true: bool) -> Iterator[Draft]:
    """Yield the messages, those that are true and due now as taken in hand by this process, as far as it has room."""
    for each in drafts:
        message = each.message
        if is_true and message.due_at <= desk.now and room[message.channel] > 0:
            room[message.channel] -= 1
            message = replace(message, attempts=message.attempts + 1, lease_until=desk.now + LEASE)
        yield replace(each, message=message)


def tell_new_link(desk: Desk, events: Sequence[Event]) -> Effect[Letter]:
    """Let nothing go out with links that open nothing any more, and send the new ones (PRODUCT C13).

    One goes out where staff asked for that, and where something with the old one was waiting to be sent: the patient
    would not be told at all else. Reminders are planned anew with it.
    """
    return Effect(desk.made_ready(events, partial(_link_letter, desk)), partial(_tell_new_links, desk))


def _tell_new_links(desk: Desk, store: NotificationStore, letters: Sequence[Letter]) -> Written:
    written = Written()
    for once in in_turns(letters, lambda letter: letter.event.subject):
        follow_bookings(store, desk, [letter.followed for letter in once])
        for letter in once:
            told = RenewedTold.read(letter.event.data)
            if told.status == STANDING:
                written += _renew_link(store, desk, letter, letter.event.subject_version, send=told.send)
    return written


def tell_link_anew(desk: Desk, document: ClinicDocument, event: Event, version: int) -> None:
    """Note of a booking from which version on it has its link, where no event has told so.

    Whether staff wanted it sent is not known: it goes out where something with an older one was waiting.
    """
    letter = _link_letter(desk, event, document)
    with desk.work() as store:
        _renew_link(store, desk, letter, version, send=False)


def _link_letter(desk: Desk, event: Event, document: ClinicDocument) -> Letter:
    """Return what tells a booking's patient of its link."""

    def told(_told: BookingTold, appointment: Appointment, clinic: Clinic) -> list[Draft]:
        to = to_patient(appointment.person, clinic.channels[BOOKED], clinic)
        return _drafted(desk, event, BOOKED, [(appointment, each) for each in to], clinic, desk.now)

    return _letter(desk, event, document, told)


def _renew_link(store: NotificationStore, desk: Desk, letter: Letter, version: int, *, send: bool) -> Written:
    reference = letter.event.subject
    store.note_link(reference, version, letter.appointment.practitioner)
    is_owed = store.owes_patient(reference)
    store.withdraw_of_bookings([reference], desk.now)
    is_told = (send or is_owed) and not store.erased_among({reference})
    return limiting.add(store, desk, letter.drafts if is_told else [])


def _drafts(
    desk: Desk, event: Event, said: BookingTold, appointment: Appointment, clinic: Clinic, *, together: bool = False
) -> list[Draft]:
    """Return what everybody concerned is told; what is told `together` with changes that follow waits a little.

    It says nothing of what was before, then, but to a practitioner whom the booking left: who is told may never have
    heard of that.
    """
    if said.undoes is not None or event.type == BOOKING_RESTORED:
        return []
    happened = HAPPENED[event.type]
    as_now = replace(appointment, former=None) if together else appointment
    told = [(appointment if to.left else as_now, to) for to in addressees(appointment, happened, clinic, said.tell)]
    due_at = max(desk.now + TOGETHER_AFTER if together else desk.now, said.undo_until or desk.now)
    return _drafted(desk, event, happened, told, clinic, due_at)


def _drafted(
    desk: Desk,
    event: Event,
    happened: str,
    told: list[tuple[Appointment, Addressee]],
    clinic: Clinic,
    due_at: datetime,
) -> list[Draft]:
    contents = compose_each(told, happened, clinic, desk.links, datetime.fromisoformat(event.time))
    return [
        draft(
            desk, clinic, event_key(to.audience, happened), to, content,
            booking=event.subject,
            booking_version=event.subject_version,
            source_event=event.id,
            correlation_id=event.correlation_id,
            due_at=due_at,
        )
        for (_, to), content in zip(told, contents, strict=True)
    ]  # fmt: skip
