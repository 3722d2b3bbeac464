"""What keys have sealed and hashed, by newer keys: found, counted, and made anew (ADR 54, ADR 59)."""
