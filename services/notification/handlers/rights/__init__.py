"""What patients may ask for of what is held of them."""
