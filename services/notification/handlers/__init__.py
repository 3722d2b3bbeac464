"""What notification does, one module per use case."""
