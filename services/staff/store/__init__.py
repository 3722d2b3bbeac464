"""Staff's own database: its tables and its queries."""

from services.staff.store.accounts import AccountRows
from services.staff.store.feeds import FeedRows
from services.staff.store.links import LinkRows
from services.staff.store.tables import inbox, metadata, outbox
from services.staff.store.two_steps import TwoStepRows


class StaffStore(AccountRows, FeedRows, LinkRows, TwoStepRows):
    """All queries of the service, over one transaction."""

    outbox = outbox
    inbox = inbox


__all__ = ["StaffStore", "metadata"]
