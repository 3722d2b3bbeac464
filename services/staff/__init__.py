"""Staff: the accounts of the people who work at the clinics, and what proves them."""
