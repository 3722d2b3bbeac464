"""Patients: found while typing, made, corrected, with all that belongs to them (PRODUCT C8)."""
