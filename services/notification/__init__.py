"""The messages that tell them."""
