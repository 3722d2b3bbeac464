"""Leave, closures and blocked times, and what becomes of the bookings in their way (PRODUCT S8, C12)."""
