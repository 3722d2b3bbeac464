"""Who somebody is and how they are reached, as they type it (PRODUCT B3, B4)."""
