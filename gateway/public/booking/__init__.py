"""The steps of the booking page."""
