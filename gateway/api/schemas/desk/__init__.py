"""What the staff's day is shown by (CONTRACTS 2a), and what has become of many (A2)."""
