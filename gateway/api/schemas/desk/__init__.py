"""What the staff's day is shown by (CONTRACTS 2a)."""
