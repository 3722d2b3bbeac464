"""What the gateway asks of others, and in whose name."""
