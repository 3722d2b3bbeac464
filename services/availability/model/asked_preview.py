"""What is asked of a document that is not in force: which times patients would see (PRODUCT C3)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class AskedPreview:
    """The dates from `first` to `last`, both included, perhaps of one type and one practitioner."""

    first: date
    last: date
    type: str | None = None
    practitioner: str | None = None
    present: bool = False
    """Whether the document in force is searched as well, and compared."""
    bookings: bool = True
    """Whether it is told which bookings would lie outside."""
    as_if_on: bool = False
    """Whether it is searched as if patients could book, where they can by neither document."""
    one: bool = False
    """Whether the times of one type are listed, of all others only how many there are: of `type`, else of the first
    that is offered otherwise, else of the first. A type or practitioner that neither document has counts as not named.
    """
