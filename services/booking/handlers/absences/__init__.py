"""What stands in the way of absences is found, offered other times, moved, or left to its patient (PRODUCT S8, C12)."""
