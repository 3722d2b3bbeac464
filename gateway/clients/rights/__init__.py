"""What patients and the law may ask for."""
