"""What a clinic is to availability: its current plan, profile, links and taken time."""
