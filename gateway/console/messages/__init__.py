"""What was sent to patients and practitioners, and what did not reach them (PRODUCT N6)."""
