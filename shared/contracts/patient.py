"""What patient shows others: its RPC methods and its events.

`data` of `PatientCreated` and `PatientUpdated`: `patient, booking, sms_reminder, person`; `booking` is the reference
whose event made or found the patient, or null; `person` is sealed JSON `{first_name, last_name, mobile, email,
sms_ok, email_ok}`. Subject: the patient's id.
A patient that was found unchanged for a booking still gives a `PatientUpdated`, so that booking can link the two.
"""

SERVICE = "patient"

METHODS = ("identify", "find", "get", "update", "ping")

PATIENT_CREATED = "PatientCreated"
PATIENT_UPDATED = "PatientUpdated"

EVENTS = (PATIENT_CREATED, PATIENT_UPDATED)
