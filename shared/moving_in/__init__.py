"""What a clinic's former system has written, CSV and iCalendar, read as lines that services take (C14, ADR 49)."""
