"""The notification service as Nameko runs it."""

from typing import Any

import eventlet
from nameko.timer import timer

from services.notification.channels import Posted, Webhooks
from services.notification.channels.hands import Hands, limited_ways_out
from services.notification.channels.waking import WakeSender, when_due
from services.notification.handlers import (
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
from services.notification.handlers.sending import Sender
from services.notification.schemas import CodeSchema, MessagesSchema, PostedSchema, PreviewSchema, ReportedSchema
from services.notification.store import NotificationStore
from shared.bus.events.consumer import consumes
from shared.bus.rpc import CurrentActor, ServiceClient, rpc
from shared.callers import ALL_CLINICS, ANYBODY, HOUSE, STAFF, STAFF_OR_ALL, TOOLS
from shared.contracts.envelope import Event
from shared.contracts.notification import SERVICE
from shared.contracts.reconciling import PATIENCE
from shared.desk import Keys
from shared.given import Configuration, Documents, FromSettings, Time, Work
from shared.incoming.fields import ReconcileSchema, checked

_FORGET_SECONDS = 600


class NotificationService:
    """Tells everybody concerned."""

    name = SERVICE

    work = Work(SERVICE, NotificationStore)
    booking = ServiceClient("booking", timeout=PATIENCE)
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

    @rpc(by=STAFF_OR_ALL)
    def message(self, clinic: str | None, id: str) -> dict[str, Any]:
        """Return one message with its attachments."""
        of = None if clinic == ALL_CLINICS else clinic
        return reading.message(self._desk(), of, id)

    @rpc(by=STAFF)
    def resend(self, clinic: str, id: str) -> dict[str, Any]:
        """Send a message once more, and return the new one."""
        again = resending.resend(self._desk(), clinic, id)
        self.wake_sender()
        return again

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

    @consumes("booking", "BookingCreated", alone=True)
    def send_confirmation(self, event: Event) -> None:
        """Tell everybody of a new booking."""
        self._tell(event, "send_confirmation")

    @consumes("booking", "BookingMoved", alone=True)
    @consumes("booking", "BookingChanged", alone=True)
    def send_change(self, event: Event) -> None:
        """Tell everybody of a move, or of another practitioner, type or length."""
        self._tell(event, "send_change")

    @consumes("booking", "BookingCancelled", alone=True)
    def send_cancellation(self, event: Event) -> None:
        """Tell everybody of a cancellation."""
        self._tell(event, "send_cancellation")

    @consumes("booking", "RecallIssued", alone=True)
    def send_recall(self, event: Event) -> None:
        """Call a patient in."""
        calling.call_in(self._desk(), event, "send_recall")
        self.wake_sender()

    @timer(interval=_FORGET_SECONDS)
    def forget_codes(self) -> None:
        """Let old login codes be forgotten."""
        calling.forget_codes(self._desk())

    @consumes("booking", "LinkRenewed", alone=True)
    def send_new_link(self, event: Event) -> None:
        """Write the new link of a booking whose older ones are void."""
        writing.tell_new_link(self._desk(), event, "send_new_link")
        self.wake_sender()

    @consumes("booking", "BookingMissed", alone=True)
    def withdraw_reminders(self, event: Event) -> None:
        """Withdraw what is planned for a booking that was missed."""
        reminding.follow_ended_booking(self._desk(), event, "withdraw_reminders")

    @consumes("patient", "PatientCreated", alone=True)
    @consumes("patient", "PatientUpdated", alone=True)
    def keep_consent(self, event: Event) -> None:
        """Note what a patient's record says of messages, and plan their reminders by it."""
        reminding.follow_patient(self._desk(), event)

    @consumes("availability", "ClinicChanged", alone=True)
    def plan_reminders_anew(self, event: Event) -> None:
        """Plan the reminders of all bookings anew where the clinic's document says something else of them."""
        desk = self._desk()
        reminding.follow_document(desk, event)
        while reminding.plan_anew(desk, event):
            eventlet.sleep(0)

    @when_due()
    def send_due(self) -> None:
        """Put a hand of each channel to work on what is due."""
        reminders = DueReminders(self.work, self.documents, self.keys, self.clock)
        ask, sending = self.hands.ask, (self.work, self.channels, self.keys.people, self.clock, reminders.ready)
        most = self.settings.messages_a_day
        send = Sender(
            *sending, more_hands=lambda channel: ask(channel, send), reminders_a_day=most, pause=self.hands.pause
        ).send_due
        for channel in self.channels:
            ask(channel, send)

    def _tell(self, event: Event, consumer: str) -> None:
        writing.tell(self._desk(), event, consumer)
        self.wake_sender()

    def _desk(self) -> Desk:
        return Desk(
            actor=self.actor.get(),
            correlation_id=self.actor.correlation_id,
            now=self.clock.now(),
            work=self.work,
            documents=self.documents,
            keys=self.keys,
            messages_a_day=self.settings.messages_a_day,
        )
