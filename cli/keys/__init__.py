"""Keys: made, and replaced by others until nothing needs the old ones (PRODUCT A3, ADR 54)."""
