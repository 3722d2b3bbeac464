"""A small clinic with its bookings, and what booking asks of others."""
