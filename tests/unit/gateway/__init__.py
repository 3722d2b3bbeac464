"""The HTTP gateway without network."""
