"""A new clinic from nothing: a few questions, what patients will see, and somebody who administers it (ADR 47)."""
