"""How full a day is, as its colour in the calendar says (PRODUCT S15)."""

MANY, FEW, NONE = "many", "few", "none"


def level_of(free: int, few: int) -> str:
    """Return the level of a day with `free` times: at most `few` of them are few."""
    if free == 0:
        return NONE
    return FEW if free <= few else MANY
