"""Bookings that are there: shown, changed, and what others' events say of them (PRODUCT M1 to M7, A1)."""
