"""The report on online booking, once a month for whoever owns the clinic (A2)."""
