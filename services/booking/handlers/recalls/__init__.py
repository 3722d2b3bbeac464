"""Calling patients in: recalls booked, sent, printed on cards, and what their codes and links open (PRODUCT R1, R2)."""
