"""One row of taken time after the other, each in a transaction of its own, which the database lets overlap with none.

    python -m bench.bookings.bare_insert ADDRESS ROWS CLIENTS

Prints a line of JSON: rows, seconds, and the seconds of its own processor time.
"""

import json
import sys
import threading
import time

import psycopg2

_TABLE = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
DROP TABLE IF EXISTS bare;
CREATE TABLE bare (
    id serial PRIMARY KEY, resource text NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    EXCLUDE USING gist (resource WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
)
"""
_ROW = """
INSERT INTO bare (resource, starts_at, ends_at)
VALUES (%s, now() + %s * interval '15 minutes', now() + %s * interval '15 minutes' + interval '14 minutes')
"""


def insert(address: str, client: int, rows: int) -> None:
    """Insert rows of a resource of its own."""
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for number in range(rows):
            cursor.execute(_ROW, (f"practitioner:p{client}", number, number))
    connection.close()


def measured(address: str, rows: int, clients: int) -> dict[str, float]:
    """Return what so many rows by so many clients took."""
    connection = psycopg2.connect(address)
    connection.autocommit = True
    connection.cursor().execute(_TABLE)
    connection.close()
    threads = [threading.Thread(target=insert, args=(address, client, rows // clients)) for client in range(clients)]
    begun, used = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used}
    return {"calls": rows // clients * clients, **took}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
