"""What a clinic's desk sees and does, from the command line (PRODUCT C5)."""
