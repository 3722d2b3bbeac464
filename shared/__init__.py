"""The house's common tools; knows no service."""
