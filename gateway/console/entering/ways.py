"""Where a sign-in leads: to what was wanted, if that is a page of the console."""

import re

HOME = "/staff"
_OURS = re.compile(r"/staff(/[A-Za-z0-9._~/-]*)?(\?[A-Za-z0-9._~%&=:+,-]*)?")


def is_ours(wanted: str) -> bool:
    """Tell whether an address is one of the console's. It comes from a link that anybody can have made."""
    return _OURS.fullmatch(wanted) is not None and "//" not in wanted


def safe(wanted: str) -> str:
    """Return the address that was wanted, or where the console begins where that is none of it, or asks who one is."""
    leads_in = wanted.startswith(("/staff/-/sign-", "/staff/-/second-step"))
    return wanted if is_ours(wanted) and not leads_in else HOME
