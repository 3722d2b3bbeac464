"""The notification service as Nameko runs it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import eventlet
from nameko.timer import timer

from services.notification.channels import Posted, Webhooks
from services.notification.channels.hands import Hands, limited_ways_out
from services.notification.channels.waking import WakeSender, when_due
from services.notification.handlers import (
    account_links,
    calling,
    hearing,
    previewing,
    reading,
    reconciling,
    reminding,
    resending,
    writing,
)
from services.notification.handlers.desk import Desk
from services.notification.handlers.due_reminders import DueReminders
from services.notification.handlers.limiting import Written
from services.notification.handlers.rights import erasing, retention
from services.notification.handlers.sending import AHEAD, Sender, together
from services.notification.schemas import (
    AddresseesSchema,
    CodeSchema,
    ExportSchema,
    MessagesSchema,
    OfRecallsSchema,
    PostedSchema,
    PreviewSchema,
    ReportedSchema,
)
from services.notification.store import NotificationStore
from shared.bus.events.consumer import consumes
from shared.bus.events.effects import Effect
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ADMINISTRATOR, ALL_CLINICS, ANYBODY, HOUSE, STAFF, STAFF_OR_ALL, TOOLS
from shared.contracts.envelope import Event
from shared.contracts.notification import SERVICE
from shared.contracts.reconciling import PATIENCE
from shared.desk import Keys
from shared.given import Configuration, Documents, FromSettings, Time, Work
from shared.incoming.fields import ReconcileSchema, RetentionSchema, checked
from shared.retention.deleting import EVERY_SECONDS

_FORGET_SECONDS = 600


class NotificationService:
    """Tells everybody concerned."""

    name = SERVICE

    work = Work(SERVICE, NotificationStore)
    booking = ServiceClient("booking", timeout=PATIENCE)
    availability = ServiceClient("availability", timeout=PATIENCE)
    documents = Documents()
    actor = CurrentActor()
    clock = Time()
    keys = FromSettings(Keys.from_settings)
    channels = FromSettings(limited_ways_out)
    hands = Hands()
    webhooks = FromSettings(Webhooks)
    settings = Configuration()
    wake_sender = WakeSender()

    @rpc(by=STAFF_OR_ALL)
    def messages(self, clinic: str | None = None, **query: Any) -> dict[str, Any]:
        """Return a page of messages; without a clinic (or with `*`) those of the whole installation."""
        of = None if clinic == ALL_CLINICS else clinic
        found = reading.messages(self._desk(), of, checked(MessagesSchema(), query))
        if of is not None and not found["messages"]:
            self.documents.get(of)  # a clinic that does not exist is not found, rather than silent
        return found

    @rpc(by=STAFF)
    def failed_count(self, clinic: str) -> dict[str, int]:
        """Return how many messages wait for staff to see why they failed."""
        return reading.failed_count(self._desk(), clinic)

    @rpc(by=STAFF_OR_ALL)
    def message(self, clinic: str | None, id: str) -> dict[str, Any]:
        """Return one message with its attachments."""
        of = None if clinic == ALL_CLINICS else clinic
        return reading.message(self._desk(), of, id)

    @rpc(by=STAFF)
    def of_recalls(self, clinic: str, **which: Any) -> dict[str, Any]:
        """Return what became of the messages of recalls."""
        return reading.of_recalls(self._desk(), clinic, checked(OfRecallsSchema(), which)["recalls"])

    @rpc(by=ADMINISTRATOR)
    def export(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Return a page of all messages about one patient."""
        return reading.export(self._desk(), clinic, checked(ExportSchema(), asked))

    @rpc(by=ADMINISTRATOR)
    def retention(self, clinic: str, **periods: Any) -> dict[str, Any]:
        """Return what of old messages periods would delete, and what they have deleted."""
        return retention.retention(self._desk(), clinic, checked(RetentionSchema(), periods))

    @rpc(by=STAFF)
    def resend(self, clinic: str, id: str) -> dict[str, Any]:
        """Send a message once more, and return the new one."""
        again = resending.resend(self._desk(), clinic, id)
        self.wake_sender()
        return again

    @rpc(by=STAFF)
    def confirm_again(self, clinic: str, reference: str) -> dict[str, Any]:
        """Write a booking's patient what it is now."""
        written = resending.confirm_again(self._desk(), clinic, reference)
        self.wake_sender()
        return written

    @rpc(by=STAFF)
    def addressees(self, clinic: str, reference: str, **fields: Any) -> dict[str, Any]:
        """Return who would be told if a booking were moved or cancelled."""
        wanted = checked(AddresseesSchema(), fields)
        return previewing.addressees(self._desk(), clinic, reference, **wanted)

    @rpc(by=STAFF)
    def preview(self, clinic: str, **fields: Any) -> dict[str, Any]:
        """Return a message as it would look, by the clinic's templates or by others that are tried."""
        return previewing.preview_message(self._desk(), clinic, checked(PreviewSchema(), fields))

    @rpc(by=HOUSE)
    def send_code(self, clinic: str, mobile: str, code: str, language: str | None = None) -> None:
        """Send a login code by SMS; for the house's own services only."""
        fields = checked(CodeSchema(), {"mobile": mobile, "code": code, "language": language})
        calling.send_code(self._desk(), clinic, fields)
        self.wake_sender()

    @rpc(by=HOUSE)
    def provider_status(self, **posted: Any) -> None:
        """Take in what a provider posted of messages, as it came; raise NotFound, Forbidden where it is not signed."""
        found = checked(ReportedSchema(), posted)
        desk = self._desk()
        hearing.hear_reports(desk, self.webhooks.reports(found.pop("provider"), Posted(**found), desk.now))

    @rpc(by=HOUSE)
    def provider_inbound(self, **posted: Any) -> None:
        """Take in an SMS that somebody sent to us, as Twilio posted it; raise NotFound, Forbidden."""
        answer = self.webhooks.answer(Posted(**checked(PostedSchema(), posted)))
        hearing.hear_answer(self._desk(), answer)

    @rpc(by=TOOLS)
    def reconcile(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Compare what is remembered, told and planned of bookings with what booking says."""
        bookings = self.booking.in_own_name()
        compared = reconciling.reconcile(self._desk(), bookings, clinic, checked(ReconcileSchema(), asked))
        self.wake_sender()
        return compared

    @rpc(by=TOOLS)
    def reconcile_unknown(self, clinic: str, **asked: Any) -> dict[str, Any]:
        """Find what is held of bookings that booking does not have."""
        bookings = self.booking.in_own_name()
        return reconciling.reconcile_unknown(self._desk(), bookings, clinic, checked(ReconcileSchema(), asked))

    @rpc(by=ANYBODY)
    def ping(self) -> str:
        """Say that the service answers."""
        return "pong"

    @consumes("booking", "BookingCreated")
    def send_confirmation(self, events: Sequence[Event]) -> Effect[Any]:
        """Tell everybody of new bookings."""
        return self._sending(writing.tell(self._desk(), events))

    @consumes("booking", "BookingMoved")
    @consumes("booking", "BookingChanged")
    def send_change(self, events: Sequence[Event]) -> Effect[Any]:
        """Tell everybody of moves, or of another practitioner, type or length."""
        return self._sending(writing.tell(self._desk(), events))

    @consumes("booking", "BookingCancelled")
    def send_cancellation(self, events: Sequence[Event]) -> Effect[Any]:
        """Tell everybody of cancellations."""
        return self._sending(writing.tell(self._desk(), events))

    @consumes("booking", "BookingRestored")
    def keep_untold(self, events: Sequence[Event]) -> Effect[Any]:
        """Keep from people what was taken back."""
        return self._sending(writing.tell(self._desk(), events))

    @consumes("booking", "MoveInvited")
    def send_invitation(self, events: Sequence[Event]) -> Effect[Any]:
        """Ask patients to choose another time."""
        return self._sending(writing.tell(self._desk(), events))

    @consumes("booking", "RecallIssued")
    def send_recall(self, events: Sequence[Event]) -> Effect[Any]:
        """Call patients in."""
        return self._sending(calling.call_in(self._desk(), events))

    @consumes("staff", "LinkIssued")
    def send_account_link(self, events: Sequence[Event]) -> Effect[Any]:
        """Write to the people of clinics how they choose a password."""
        return self._sending(account_links.send_links(self._desk(), events))

    @timer(interval=_FORGET_SECONDS)
    def forget_codes(self) -> None:
        """Let old login codes be forgotten."""
        calling.forget_codes(self._desk())

    @timer(interval=EVERY_SECONDS)
    def delete_old(self) -> None:
        """Delete what is older than clinics keep it."""
        retention.delete_old(self._desk(), self.availability.in_own_name().clinics(), eventlet.sleep)

    @consumes("booking", "LinkRenewed")
    def send_new_link(self, events: Sequence[Event]) -> Effect[Any]:
        """Write the new links of bookings whose older ones are void."""
        return self._sending(writing.tell_new_link(self._desk(), events))

    @consumes("booking", "BookingMissed")
    def withdraw_reminders(self, events: Sequence[Event]) -> Effect[Any]:
        """Withdraw what is planned for bookings that were missed."""
        return reminding.follow_ended_bookings(self._desk(), events)

    @consumes("booking", "BookingArrived")
    @consumes("booking", "BookingNoted")
    def remember_booking(self, events: Sequence[Event]) -> Effect[Any]:
        """Remember the newest states of bookings of which nobody is told anything."""
        return reminding.follow_ended_bookings(self._desk(), events)

    @consumes("booking", "BookingsErased")
    def forget_patient(self, events: Sequence[Event]) -> Effect[Any]:
        """Empty what was written about erased patients."""
        return erasing.forget_patients(self._desk(), events)

    @consumes("patient", "PatientCreated", by_version=True)
    @consumes("patient", "PatientUpdated", by_version=True)
    def keep_consent(self, events: Sequence[Event]) -> Effect[Any]:
        """Note what patients' records say of messages, and plan their reminders by it."""
        return reminding.follow_patients(self._desk(), events)

    @consumes("availability", "ClinicChanged", alone=True)
    def plan_reminders_anew(self, event: Event) -> None:
        """Plan the reminders of all bookings anew where the clinic's document says something else of them."""
        desk = self._desk()
        reminding.follow_document(desk, event)
        while reminding.plan_anew(desk, event):
            eventlet.sleep(0)

    @when_due()
    def send_due(self) -> None:
        """Let a hand of each channel look for what is due."""
        sender = self._sender()
        for channel in self.channels:
            self.hands.look(channel, partial(sender.send_due, channel))

    def _sending(self, effect: Effect[Any]) -> Effect[Any]:
        return replace(effect, afterwards=self._send)

    def _send(self, written: Written) -> None:
        """Send what was written: what is in hand already at once, all else as soon as a look finds it."""
        if written.in_hand:
            self._sender().send(written.in_hand)
        if written.others:
            self.wake_sender()

    def _sender(self) -> Sender:
        hands, reminders = self.hands, DueReminders(self.work, self.documents, self.keys, self.clock)

        def again(channel: str) -> bool:
            hands.look(channel, partial(sender.send_due, channel))
            return False

        sender = Sender(
            self.work,
            self.channels,
            self.keys.people,
            self.clock,
            wants_none=partial(hearing.wants_none, self.work, self.keys),
            reminded=reminders.ready,
            reminders_a_day=self.settings.messages_a_day,
            ask=hands.ask,
            note=hands.note,
            again=again,
            goes_on=hands.goes_on,
            pause=hands.pause,
        )
        return sender

    def _desk(self) -> Desk:
        return Desk(
            actor=self.actor.get(),
            correlation_id=self.actor.correlation_id,
            now=self.clock.now(),
            work=self.work,
            documents=self.documents,
            keys=self.keys,
            messages_a_day=self.settings.messages_a_day,
            room={name: self.hands.room(name, AHEAD) * together(way) for name, way in self.channels.items()},
        )
