"""Pure rules of what absences make impossible (PRODUCT C12)."""
