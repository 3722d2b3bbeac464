"""What comes in: fields and their checks, what is read later, pages of lists."""
