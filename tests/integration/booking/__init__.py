"""Booking's use cases on its own database."""
