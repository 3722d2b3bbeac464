"""Whom the clinic is to call back: who cancelled, and who stands in the way of an absence (PRODUCT M5, C12)."""
