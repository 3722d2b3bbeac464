"""The report on online booking: as a file, and what the gateway notes for it (A2, ADR 50)."""
