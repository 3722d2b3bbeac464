"""Practitioners' calendars for calendar programs: kept by their owners, fetched by a secret address (PRODUCT C16)."""
