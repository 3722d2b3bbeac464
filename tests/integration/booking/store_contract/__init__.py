"""What each query of booking's store must promise, on PostgreSQL and on SQLite alike."""
