"""A new booking by staff: patient first or time first, the next times at once, the chosen one held (PRODUCT C2, C7)."""
