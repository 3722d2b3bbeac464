"""The pages of those who work at clinics (CONSOLE)."""
