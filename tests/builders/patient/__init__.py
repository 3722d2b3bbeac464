"""Clinics, people, their bookings and needs."""
