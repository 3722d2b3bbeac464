"""Links to the booking page for the clinic's own site (PRODUCT B15, B16)."""
