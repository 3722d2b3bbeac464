"""What proves somebody: passwords. The room alone knows the libraries for it."""
