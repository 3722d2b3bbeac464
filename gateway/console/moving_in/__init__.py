"""Moving in: files of the former system, mapped by sight, looked through and taken over (PRODUCT C14, ADR 49)."""
