"""Stored bookings with all that has followed from them, written straight into the four databases.

At most 80,000 are the booked clinic's own, of the year before; the rest are of 1,990 practitioners of 199 other
clinics, from a year ago to eleven months ahead. Published and taken-in events are left out: they go after 14 days.
"""

from bench.bookings.clinic import NAME
from bench.bookings.observer import Observer

OWN, MOST = 80_000, 1_000_000
_OTHER_CLINICS = 199

_NUMBERED = """
CREATE TEMPORARY TABLE fresh AS
SELECT lpad(number::text, 10, 'B') AS reference, md5('p' || number) AS person, clinic,
       'p' || number %% 10 AS practitioner, number, starts_at, starts_at + interval '15 minutes' AS ends_at
FROM (
    SELECT number, clinic, date_trunc('day', now()) - interval '365 days' + interval '8 hours'
           + (turn * days / turns) * interval '1 day' + (turn %% 48) * interval '15 minutes' AS starts_at
    FROM (
        SELECT number, %(name)s AS clinic, number / 10 AS turn, %(own)s / 10 AS turns, 360 AS days
        FROM generate_series(%(first)s, least(%(last)s, %(own)s) - 1) AS number
        UNION ALL
        SELECT number, 'clinic-' || number / 10 %% %(clinics)s, number / 10 / %(clinics)s, %(most)s / 10 / %(clinics)s,
               690
        FROM generate_series(greatest(%(first)s, %(own)s)::int, %(last)s - 1) AS number
    ) AS turns
) AS times
"""
_FILLED = {
    "booking": (
        """
        INSERT INTO bookings (
            reference, clinic, status, origin, type, practitioner, starts_at, ends_at, busy_from, busy_to, minutes,
            resources, patient_id, person, language, sms_reminder, epoch, version, revision, created_at, history_length,
            history_head, typed_hash
        )
        SELECT reference, clinic, 'booked', 'web', 'visit', practitioner, starts_at, ends_at, starts_at, ends_at, 15,
               '{}', person, repeat(person, 10), 'en', true, 0, 1, 1, starts_at - interval '30 days', 1,
               md5(reference), md5(person)
        FROM fresh
        """,
        """
        INSERT INTO occupancy (clinic, resource, starts_at, ends_at, booking)
        SELECT clinic, 'practitioner:' || practitioner, starts_at, ends_at, reference FROM fresh
        """,
        """
        INSERT INTO history (booking, position, clinic, at, type, actor, changes, version, previous_hash, hash)
        SELECT reference, 1, clinic, starts_at - interval '30 days', 'BookingCreated', '{"kind": "patient"}', '{}', 1,
               '', md5(reference)
        FROM fresh
        """,
    ),
    "availability": (
        "INSERT INTO occupants SELECT 'booking', reference, 1, starts_at + interval '15 days' FROM fresh",
        """
        INSERT INTO occupancy (owner, reference, resource, clinic, starts_at, ends_at)
        SELECT 'booking', reference, 'practitioner:' || practitioner, clinic, starts_at, ends_at FROM fresh
        """,
    ),
    "patient": (
        """
        INSERT INTO patients (
            id, clinic, birth_date, first_name, last_name, name_key, sort_key, mobile, email, sms_reminder, origin,
            created_at, version, doubts_told
        )
        SELECT person, clinic, '1980-01-01', 'Test', 'Stored ' || number, 'test stored ' || number, 'stored ' || number,
               '+4673' || lpad(number::text, 7, '0'), 'stored' || number || '@patients.example', true, 'web',
               starts_at, 1, true
        FROM fresh
        """,
    ),
    "notification": (
        """
        INSERT INTO messages (
            id, clinic, time_zone, event, channel, audience, content, state, booking, booking_version, source_event,
            correlation_id, recipient, created_at, due_at, attempts, sent_at, version
        )
        SELECT md5(channel || number), clinic, 'Europe/Stockholm', 'booked', channel, 'patient', repeat(person, 20),
               'sent', reference, 1, md5(reference), reference, md5(person), starts_at, starts_at, 1, starts_at, 1
        FROM fresh, unnest(ARRAY['sms', 'email']) AS channel
        """,
        "INSERT INTO bookings SELECT reference, 1, practitioner FROM fresh",
        """
        INSERT INTO appointments (reference, clinic, version, start, sms_reminder, facts)
        SELECT reference, clinic, 1, starts_at, true, repeat(person, 10) FROM fresh
        """,
        "INSERT INTO booked_patients SELECT reference, person FROM fresh",
    ),
}


def store(observer: Observer, before: int, bookings: int) -> None:
    """Bring the number of stored bookings from `before` up to `bookings`, at most a million."""
    for service, inserts in _FILLED.items():
        values = {"name": NAME, "own": OWN, "first": before, "last": bookings, "most": MOST, "clinics": _OTHER_CLINICS}
        observer.execute(service, _NUMBERED, **values)
        for insert in inserts:
            observer.execute(service, insert)
        observer.execute(service, "DROP TABLE fresh")
        observer.execute(service, "VACUUM ANALYZE")
