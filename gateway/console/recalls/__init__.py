"""Needs and recalls: who is to come, who has been called in, and what became of it (PRODUCT R1, R2, R3)."""
