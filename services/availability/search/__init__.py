"""Which times are offered: search by bits, and how long an answer lasts."""
