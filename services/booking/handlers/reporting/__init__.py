"""The use cases of the report on online booking (PRODUCT A2, ADR 50)."""
