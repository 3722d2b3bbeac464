"""Time as the clinic document writes it: lengths, the wall clock, ISO weeks."""
