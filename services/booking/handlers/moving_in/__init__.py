"""Moving in: the former system's appointments, a batch at a time (PRODUCT C14)."""
