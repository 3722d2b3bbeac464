"""Why a file cannot be taken in."""


class Unreadable(ValueError):
    """A file that is no table or calendar, or larger than what is taken; its sentence says what to do."""
