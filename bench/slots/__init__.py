"""Searches for free times through the real gateway on the real parts: `python -m bench.slots.run`."""
