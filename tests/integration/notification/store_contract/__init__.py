"""What notification's store must promise, on PostgreSQL and on SQLite alike (PRODUCT N1 to N6)."""
