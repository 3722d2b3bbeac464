"""Countries by their names in a reader's language."""

import functools

import babel

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@functools.cache
def territories(reader: str) -> list[tuple[str, str]]:
    """Return code (ISO 3166-1) and name of all countries, by name."""
    names = babel.Locale.parse(reader).territories
    found = [(code, name) for code, name in names.items() if _is_country(code)]
    return sorted(found, key=lambda pair: pair[1].casefold())


def _is_country(code: str) -> bool:
    """Tell them from the unions and odd ones that CLDR lists as well."""
    return len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
