"""Bookings, holds and what happens to them."""
