"""Clinic documents: in normal form, as people write them, and random ones."""
