"""What is older than a clinic keeps it goes by itself, counted before and told afterwards (PRODUCT A3, ADR 58)."""
