"""What store contracts share: whether they call each query, and who has to wait for whom."""

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from shared.bus.events.unit_of_work import ServiceStore, StoreT, UnitOfWork
from shared.contracts.errors import Unavailable
from shared.storage.database import Database

_PATIENCE = 0.1


def not_called(store: type[ServiceStore], *contract: Path) -> set[str]:
    """Return the store's own public methods that the modules of its contract call on no `store`."""
    trees = [ast.parse(module.read_text(encoding="utf-8")) for module in contract]
    reached = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {
        function.attr
        for function in reached
        if isinstance(function, ast.Attribute) and getattr(function.value, "id", None) == "store"
    }
    own = {name for name in dir(store) if not name.startswith("_") and callable(getattr(store, name))}
    return own - set(dir(ServiceStore)) - called


def waits(work: UnitOfWork[StoreT], act: Callable[[StoreT], object]) -> bool:
    """Tell whether another process that does `act` must wait for what the caller's open transaction holds.

    On SQLite whoever writes waits for every other that does.
    """
    with _elsewhere(work) as other:
        try:
            with other() as store:
                act(store)
        except Unavailable:
            return True
    return False


@contextmanager
def _elsewhere(work: UnitOfWork[StoreT]) -> Iterator[UnitOfWork[StoreT]]:
    """Yield another process's units of work, which give up where they would have to wait."""
    url = make_url(work.database.url)
    if not work.database.is_sqlite:
        url = url.update_query_dict({"options": f"-c lock_timeout={round(_PATIENCE * 1000)}"})
    other = copy.copy(work)
    other.database = Database(url.render_as_string(hide_password=False), patience=_PATIENCE)
    try:
        yield other
    finally:
        other.database.close()
