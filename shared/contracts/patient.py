"""What patient shows others: its RPC methods and its events.

`data` of `PatientCreated` and `PatientUpdated`: `patient, booking, sms_reminder, person`; `booking` is the reference
whose event made or found the patient, or null; `person` is sealed JSON `{first_name, last_name, mobile, email,
sms_ok, email_ok}`. Subject: the patient's id.
A patient that was found unchanged for a booking still gives a `PatientUpdated`, so that booking can link the two.

`data` of `NeedAdded` and `NeedClosed`: `need, patient, type, practitioner, minutes, week, state, person`; `need` and
`patient` are ids, `practitioner` a key or null (whoever takes the type), `week` an ISO week (`2026-W49`), `state`
`open` or `closed`; `person` is sealed JSON `{identity: {scheme, number}|null, birth_date, first_name, last_name,
mobile, email, sms_ok, email_ok}` of the patient at that moment. Subject: the need's id. `NeedAdded` comes again, with
the next version, when the patient's record changes, so that a recall reaches them where they are and as they consented.
A closed need never opens again; whether a booking uses one is told by that booking's events (`need`).

A need over RPC is `{id, patient, type, practitioner, minutes, week, state: open|used|expired|closed, usable_until,
booking}`: `usable_until` is a date or null (no limit), `booking` the reference that uses it or null. Patients are shown
only what they may book with, and `patient` as null.
"""

SERVICE = "patient"

METHODS = (
    "identify", "of_login", "find", "get", "update", "needs", "add_need", "close_need", "ping",
)  # fmt: skip

PATIENT_CREATED = "PatientCreated"
PATIENT_UPDATED = "PatientUpdated"
NEED_ADDED = "NeedAdded"
NEED_CLOSED = "NeedClosed"

EVENTS = (PATIENT_CREATED, PATIENT_UPDATED, NEED_ADDED, NEED_CLOSED)
