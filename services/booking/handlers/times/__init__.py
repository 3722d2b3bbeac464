"""Times: which are legal, which are free, how one is taken, and what is offered instead (PRODUCT B11)."""
