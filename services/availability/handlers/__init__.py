"""Availability's use cases: `searching` for times, `set_up` of clinics, `absences`, and `taking` booked time."""
