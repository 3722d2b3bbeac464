"""Names of queues hold messages, so they are frozen; addresses are read alike by all clients."""

from kombu import Connection

from cli.serve import house
from shared.bus.client import connection_parameters
from shared.bus.events.topology import Subscription, subscriptions_of
from tests.contract.bus.services import service_classes

RELEASED = [
    "evt-availability-ClinicChanged--availability.repeat_announcement",
    "evt-availability-ClinicChanged--notification.plan_reminders_anew",
    "evt-availability-ScheduleChanged--availability.repeat_announcement",
    "evt-booking-BookingArrived--notification.remember_booking",
    "evt-booking-BookingCancelled--availability.take_time",
    "evt-booking-BookingCancelled--booking.count_change",
    "evt-booking-BookingCancelled--booking.watch_cancellation",
    "evt-booking-BookingCancelled--notification.send_cancellation",
    "evt-booking-BookingCancelled--patient.note_use_of_need",
    "evt-booking-BookingChanged--availability.take_time",
    "evt-booking-BookingChanged--booking.count_change",
    "evt-booking-BookingChanged--notification.send_change",
    "evt-booking-BookingChanged--patient.note_use_of_need",
    "evt-booking-BookingCreated--availability.take_time",
    "evt-booking-BookingCreated--booking.count_change",
    "evt-booking-BookingCreated--notification.send_confirmation",
    "evt-booking-BookingCreated--patient.create_or_fill",
    "evt-booking-BookingCreated--patient.note_use_of_need",
    "evt-booking-BookingMissed--availability.take_time",
    "evt-booking-BookingMissed--booking.count_change",
    "evt-booking-BookingMissed--notification.withdraw_reminders",
    "evt-booking-BookingMissed--patient.note_use_of_need",
    "evt-booking-BookingMoved--availability.take_time",
    "evt-booking-BookingMoved--booking.count_change",
    "evt-booking-BookingMoved--notification.send_change",
    "evt-booking-BookingMoved--patient.note_use_of_need",
    "evt-booking-BookingNoted--notification.remember_booking",
    "evt-booking-BookingRestored--availability.take_time",
    "evt-booking-BookingRestored--booking.count_change",
    "evt-booking-BookingRestored--notification.keep_untold",
    "evt-booking-BookingRestored--patient.note_use_of_need",
    "evt-booking-BookingsErased--notification.forget_patient",
    "evt-booking-BookingsErased--patient.note_bookings_erased",
    "evt-booking-HistoryCheckpointed--patient.keep_anchor",
    "evt-booking-LinkRenewed--notification.send_new_link",
    "evt-booking-MoveInvited--notification.send_invitation",
    "evt-booking-RecallIssued--notification.send_recall",
    "evt-booking-SlotHeld--availability.hold_time",
    "evt-booking-SlotReleased--availability.free_hold",
    "evt-notification-MessageFailed--booking.note_delivery",
    "evt-notification-MessageSent--booking.note_delivery",
    "evt-notification-MessagesErased--patient.note_messages_erased",
    "evt-patient-NeedAdded--booking.keep_need",
    "evt-patient-NeedClosed--booking.keep_need",
    "evt-patient-PatientCreated--booking.link_patient",
    "evt-patient-PatientCreated--notification.keep_consent",
    "evt-patient-PatientErased--booking.forget_patient",
    "evt-patient-PatientUpdated--booking.link_patient",
    "evt-patient-PatientUpdated--notification.keep_consent",
    "evt-staff-AccountAdded--staff.end_sessions",
    "evt-staff-AccountChanged--staff.end_sessions",
    "evt-staff-AccountRemoved--staff.end_sessions",
    "evt-staff-LinkIssued--notification.send_account_link",
    "evt-staff-ResetAsked--staff.issue_reset",
]
"""The installation's queues: one that loses its consumer fills up, one that is renamed leaves its messages behind."""


def test_every_queue_that_was_released_has_its_consumer() -> None:
    assert [subscription.queue_name for subscription in subscriptions_of(house())] == RELEASED


def test_queue_names_are_those_of_a_nameko_service_pool() -> None:
    subscription = Subscription("booking", "BookingCreated", "availability", "take_time")
    assert subscription.queue_name == "evt-booking-BookingCreated--availability.take_time"
    assert subscription.dead_queue_name == "evt-booking-BookingCreated--availability.take_time.dead"


def test_all_subscriptions_of_the_house_can_be_read_from_its_classes() -> None:
    found = subscriptions_of(service_classes("").values())
    assert [(each.source, each.type, each.service, each.method) for each in found] == [
        ("teller", "Shown", "listener", "look"),
        ("teller", "Sung", "listener", "take"),
        ("teller", "Told", "listener", "take"),
    ]


def test_pika_goes_where_kombu_goes() -> None:
    for address in (
        "pyamqp://guest:guest@127.0.0.1:5673//",
        "amqp://fd:p%40ss@rabbit.example/front%2Fdesk",
        "amqp://rabbit.example",
    ):
        theirs, ours = Connection(address), connection_parameters(address)
        assert (ours.host, ours.port) == (theirs.hostname, theirs.port or 5672)
        assert ours.virtual_host == (theirs.virtual_host or "/")
        assert (ours.credentials.username, ours.credentials.password) == (
            theirs.userid or "guest",
            theirs.password or "guest",
        )
