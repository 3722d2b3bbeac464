"""Practitioners' calendars in other programs."""
