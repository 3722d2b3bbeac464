"""What booking shows others: its RPC methods and its events.

`data` of the five booking events: `reference, status, origin, type, practitioner, resources, start, end,
busy_from, busy_to, minutes, hold, need, language, sms_reminder, epoch, changeable, created_at, version,
previous, person`. Moments are ISO 8601 in UTC; `busy_from`/`busy_to` include the buffers; `previous` is
`{type, practitioner, start, end, minutes, resources}` before a move or change, else null; `epoch` goes into the
manage token; `changeable` says whether a patient may move or cancel it at all (M1, M3); `person` is sealed (see
`shared.sealed`) JSON `{identity: {scheme, number}|null, birth_date, first_name, last_name, mobile, email, sms_ok,
email_ok, message, answers, patient, comment}` where `patient` is the id that staff named, or null. `need` is the id of
the need that the booking uses, or null; once the booking is cancelled the need is open again.

`data` of `SlotHeld`: `hold, type, practitioner, resources, start, end, busy_from, busy_to, expires_at`; of
`SlotReleased`: `hold`. Subjects: the booking's reference, the hold's id.

`data` of `RecallIssued`: `reference, need, type, practitioner, start, end, minutes, week, usable_until, language,
epoch, changeable, version, send, person`. Of a booked time `usable_until` is null, `need` the one that it uses or null,
and `version` the booking's; of a need without a time `reference, start, end, epoch, changeable, version` are null, and
`practitioner` may be. `week` is an ISO
week, `usable_until` a date; `send` holds `sms` and `email` where it is to go out by them (a card is no message);
`person` is as above, with `code` as cards show it (null where it would open nothing). Subject: the booking's reference
or the need's id; version: how often the recall was issued.
"""

SERVICE = "booking"

METHODS = (
    "hold", "release", "book", "get", "find", "open_link", "slots_for", "days_for_need", "slots_for_need", "rebook",
    "cancel", "mark_no_show", "my_bookings", "recall", "issue_recalls", "recall_cards", "open_recall", "open_need",
    "watch_list", "watch_done", "history", "verify_history", "set_sms_reminder", "collisions", "ping",
)  # fmt: skip

BOOKING_CREATED = "BookingCreated"
BOOKING_MOVED = "BookingMoved"
BOOKING_CHANGED = "BookingChanged"
BOOKING_CANCELLED = "BookingCancelled"
BOOKING_MISSED = "BookingMissed"
SLOT_HELD = "SlotHeld"
SLOT_RELEASED = "SlotReleased"
RECALL_ISSUED = "RecallIssued"

BOOKING_STATES = (BOOKING_CREATED, BOOKING_MOVED, BOOKING_CHANGED, BOOKING_CANCELLED, BOOKING_MISSED)
EVENTS = (*BOOKING_STATES, SLOT_HELD, SLOT_RELEASED, RECALL_ISSUED)
