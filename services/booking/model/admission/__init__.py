"""Who is let in: what patients fill in, against what the clinic asks for and whom it takes (PRODUCT B3 to B9)."""
