"""Moving in: patients and needs of the former system, a batch at a time (PRODUCT C14)."""
