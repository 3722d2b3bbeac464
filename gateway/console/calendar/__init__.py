"""The clinic's day, week and list: the place from which everything else is opened (PRODUCT C6)."""
