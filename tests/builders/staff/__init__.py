"""Accounts, and who has them."""
