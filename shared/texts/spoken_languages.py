"""Languages that people speak, by their names in a reader's language."""

import functools
from collections.abc import Mapping, Sequence

import babel
import babel.lists

_ALSO_CALLED: Mapping[str, str] = {"nb": "no", "nn": "no"}
"""Norwegian is written in two ways, and spoken in one."""

_LOCALES: Mapping[str, str] = {"en": "en_GB"}
"""Whose rows differ from those of the language alone: British ones have no comma before `and`."""

_NO_LANGUAGES = frozenset({"mul", "und", "zxx"})


def is_language(code: str) -> bool:
    """Tell whether this is the code of a language, by CLDR: `sv`, `ckb`."""
    return code in _names("en")


def languages_in_a_row(codes: Sequence[str], reader: str) -> str:
    """Return languages by their names in the reader's: `Swedish and English`, `svenska och engelska`."""
    names = _names(reader)
    spoken = dict.fromkeys(_ALSO_CALLED.get(code, code) for code in codes)
    return babel.lists.format_list([names.get(code, code) for code in spoken], locale=_LOCALES.get(reader, reader))


@functools.cache
def _names(reader: str) -> Mapping[str, str]:
    """Return the names of all languages by code; what are two ways of writing one are none of their own."""
    names = babel.Locale.parse(reader).languages
    return {code: name for code, name in names.items() if code.isalpha() and code not in _NO_LANGUAGES}
