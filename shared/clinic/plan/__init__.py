"""The clinic document as values: all that rules its times, read from the normal form once per revision."""
