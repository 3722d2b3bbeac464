"""What happens to a booking: looked at, moved, cancelled, arrived or missed, and taken back (PRODUCT C6, C9, C10)."""
