"""What is kept: databases and their migrations, Redis, searched days, files that are nobody else's."""
