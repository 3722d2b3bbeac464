"""Files of a clinic's former system from the command line (PRODUCT C14)."""
