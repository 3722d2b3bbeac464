"""Availability's use cases.

`searching` for times and `keeping` what was found, `set_up` of clinics, `absences`, and `taking` booked time.
"""
