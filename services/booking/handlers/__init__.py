"""One function per use case; each is given a `Desk` with everything it works with."""
