"""Booking's rules, one by one."""
