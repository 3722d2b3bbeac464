"""The rules of the report on online booking: what counts as what, on which day, and how it is summed up (A2)."""
