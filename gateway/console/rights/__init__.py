"""What patients may ask of the clinic about their data."""
