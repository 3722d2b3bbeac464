"""The people a clinic knows."""
