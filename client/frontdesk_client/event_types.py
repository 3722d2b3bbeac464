"""What services publish. Made by `make contracts`."""

EVENT_TYPES = {
    "availability": (
        "ClinicChanged",
        "ScheduleChanged",
    ),
    "booking": (
        "BookingCreated",
        "BookingMoved",
        "BookingChanged",
        "BookingCancelled",
        "BookingMissed",
        "BookingRestored",
        "BookingArrived",
        "BookingNoted",
        "LinkRenewed",
        "MoveInvited",
        "SlotHeld",
        "SlotReleased",
        "RecallIssued",
        "HistoryCheckpointed",
        "BookingsErased",
    ),
    "patient": (
        "PatientCreated",
        "PatientUpdated",
        "NeedAdded",
        "NeedClosed",
        "PatientErased",
    ),
    "notification": (
        "MessageSent",
        "MessageFailed",
        "MessagesErased",
    ),
    "staff": (
        "AccountAdded",
        "AccountChanged",
        "AccountRemoved",
        "ResetAsked",
        "LinkIssued",
    ),
}
