"""What somebody wants who answers an SMS: no more of them, or to have them again (PRODUCT N5)."""

import re
import unicodedata

STOP, START = "stop", "start"

_STOPPING = {
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",  # Twilio's own
    "stopp", "sluta", "avsluta", "slutt", "avslutt", "afmeld", "arret", "arreter", "desabonner", "لغو", "لغو11", "توقف",
}  # fmt: skip
_STARTING = {"start", "unstop", "yes"}
_SIGNS = re.compile(r"[\W_]+")


def wish_of(text: str, opt_out: str) -> str | None:
    """Return STOP, START or None for anything else; the whole answer has to be the word, however it is written.

    `opt_out` is Twilio's own reading (`OptOutType`), which counts where there is one: it has acted by it already.
    """
    if opt_out:
        return {"STOP": STOP, "START": START}.get(opt_out.upper())
    word = _plain(text)
    return STOP if word in _STOPPING else START if word in _STARTING else None


def _plain(text: str) -> str:
    """Return the letters and digits of `text`, small, without accents, digits as ASCII."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in bare)
    return _SIGNS.sub("", digits.casefold())
