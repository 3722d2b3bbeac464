"""Moving in: the former system's appointments (PRODUCT C14)."""
