"""What staff does: one function per use case."""
