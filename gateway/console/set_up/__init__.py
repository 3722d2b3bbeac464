"""The clinic's set-up, for its administrators (PRODUCT C3)."""
