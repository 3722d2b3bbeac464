"""Clinics, bookings and their messages, and what sends them."""
