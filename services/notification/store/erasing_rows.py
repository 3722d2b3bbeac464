"""What takes a person out of messages, and of what is remembered to remind them (PRODUCT A3, ADR 53)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, case, delete, literal, null, or_, select, union_all, update

from services.notification.model.messages import FAILED, PATIENT, PLANNED, WITHDRAWN
from services.notification.model.remembered import OVER
from services.notification.store.tables import appointments, booked_patients, bookings, erased_needs, messages, patients
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.message_keys import LOGIN_CODE


class ErasingRows(ServiceStore):
    """What is left of messages about erased patients."""

    def erase_messages(self, references: Collection[str], needs: Collection[str], content: str) -> list[str]:
        """Leave of the messages of bookings, and of recalls for needs, that they were; return their ids.

        `content` is nothing to nobody, sealed. What still waited is withdrawn, and what failed and was not sent again,
        since nobody can do so any more. Looked for once more when all that was found is kept from others: one of them
        may just have been sent again. Login codes to the same addresses, which no booking tells of, go with them.
        """
        about = or_(messages.c.booking.in_(sorted(references)), messages.c.recall.in_(sorted({*references, *needs})))
        theirs = select(messages.c.id, messages.c.audience, messages.c.recipient).where(about)
        theirs = theirs.order_by(messages.c.id).with_for_update()
        self.connection.execute(theirs)
        found = self.connection.execute(theirs).all()
        ids = [id for id, _, _ in found]
        addresses = sorted({recipient for _, audience, recipient in found if audience == PATIENT})
        unsent = or_(messages.c.state == PLANNED, and_(messages.c.state == FAILED, messages.c.resent_at.is_(None)))
        left = case((unsent, WITHDRAWN), else_=messages.c.state)
        nobody = {"content": content, "recipient": messages.c.id, "provider_id": null(), "failure": null()}
        self.connection.execute(update(messages).where(messages.c.id.in_(ids)).values(**nobody, state=left))
        is_code = and_(
            messages.c.event == literal(LOGIN_CODE, literal_execute=True), messages.c.expires_at.is_not(None)
        )
        codes = select(messages.c.id).where(is_code, messages.c.recipient.in_(addresses)).with_for_update()
        also = list(self.connection.scalars(codes))
        emptied = update(messages).where(messages.c.id.in_(also))
        self.connection.execute(emptied.values(**nobody, state=left, expires_at=null()))
        return [*ids, *also]

    def erase_bookings(self, clinic: str, references: Collection[str], patient: str, now: datetime) -> None:
        """Forget what bookings' patients would be reminded of, and whose they were; nothing of them is news now.

        The rows are taken in the order in which whoever writes of a booking takes them.
        """
        for reference in sorted(references):
            kept = self.insert_into(appointments).values(
                reference=reference, clinic=clinic, version=OVER, start=now, sms_reminder=False, facts=None
            )
            over = {"version": OVER, "facts": None}
            self.connection.execute(kept.on_conflict_do_update(index_elements=["reference"], set_=over))
            told = self.insert_into(bookings).values(
                reference=reference, version=OVER, practitioner="", link_version=OVER
            )
            news = {"version": OVER, "link_version": OVER}
            self.connection.execute(told.on_conflict_do_update(index_elements=["reference"], set_=news))
        theirs = or_(booked_patients.c.patient == patient, booked_patients.c.booking.in_(sorted(references)))
        self.connection.execute(delete(booked_patients).where(theirs))
        self.connection.execute(delete(patients).where(patients.c.id == patient))

    def erase_needs(self, needs: Collection[str]) -> None:
        """Note that needs were erased; once more changes nothing."""
        for need in sorted(needs):
            row = self.insert_into(erased_needs).values(need=need)
            self.connection.execute(row.on_conflict_do_nothing())

    def erased_among(self, subjects: Collection[str]) -> set[str]:
        """Return which of these bookings and needs were of patients who were erased."""
        if not subjects:
            return set()
        named = sorted(subjects)
        over = select(bookings.c.reference).where(bookings.c.reference.in_(named), bookings.c.version == OVER)
        gone = select(erased_needs.c.need).where(erased_needs.c.need.in_(named))
        return set(self.connection.scalars(union_all(over, gone)))
