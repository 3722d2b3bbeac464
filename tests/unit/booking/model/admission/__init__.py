"""Who is let in, and with which details."""
