"""The day on paper, and for the hour in which nobody can be asked."""
