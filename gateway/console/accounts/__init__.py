"""Who works at the clinic, for its administrators (C1)."""
