"""Stored bookings, written straight into availability's projection: that is what a search reads.

Of a thousand bookings per practitioner of the searched clinic and the rest on 1,990 other practitioners of 199 other
clinics; half an hour each, on a grid of half hours from a year ago to eleven months ahead, never two at one time.
"""

from sqlalchemy import create_engine, text

PER_PRACTITIONER = 1000
_OWN = 10 * PER_PRACTITIONER
_OTHER_CLINICS = 199

_NUMBERED = """
SELECT lpad(number::text, 10, 'B') AS reference, {clinic} AS clinic, {practitioner} AS practitioner,
       date_trunc('day', now()) + interval '7 hours' - interval '365 days'
       + ({turn} * 695 / {turns}) * interval '1 day' + ({turn} * 7 % 18) * interval '30 minutes' AS starts_at
FROM generate_series({first}, {last}) AS number
"""


def store(url: str, bookings: int) -> None:
    """Bring the number of stored bookings up to `bookings`: 0, 10,000 or more."""
    if not bookings:
        return
    own = _NUMBERED.format(
        clinic="'bench'", practitioner="'practitioner:p' || number % 10", turn="(number / 10)",
        turns=PER_PRACTITIONER, first=0, last=_OWN - 1,
    )  # fmt: skip
    _insert(url, own)
    rest = bookings - _OWN
    if rest > 0:
        people = _OTHER_CLINICS * 10
        others = _NUMBERED.format(
            clinic=f"'clinic-' || number / 10 % {_OTHER_CLINICS}", practitioner="'practitioner:p' || number % 10",
            turn=f"((number - {_OWN}) / {people})", turns=rest // people + 1, first=_OWN, last=bookings - 1,
        )  # fmt: skip
        _insert(url, others)


def _insert(url: str, numbered: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS {numbered}"))
        connection.execute(
            text("INSERT INTO occupants SELECT 'booking', reference, 1, starts_at + interval '15 days' FROM fresh"
                 " ON CONFLICT DO NOTHING")
        )  # fmt: skip
        connection.execute(
            text("INSERT INTO occupancy (owner, reference, resource, clinic, starts_at, ends_at)"
                 " SELECT 'booking', reference, practitioner, clinic, starts_at, starts_at + interval '30 minutes'"
                 " FROM fresh ON CONFLICT DO NOTHING")
        )  # fmt: skip
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
