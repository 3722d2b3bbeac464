"""What a store contract is measured by: each query of the store, called by name."""

import ast
from pathlib import Path

from shared.bus.events.unit_of_work import ServiceStore


def not_called(store: type[ServiceStore], contract: str) -> set[str]:
    """Return the store's own public methods that the module at the path `contract` calls on no `store`."""
    tree = ast.parse(Path(contract).read_text(encoding="utf-8"))
    reached = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {
        function.attr
        for function in reached
        if isinstance(function, ast.Attribute) and getattr(function.value, "id", None) == "store"
    }
    own = {name for name in dir(store) if not name.startswith("_") and callable(getattr(store, name))}
    return own - set(dir(ServiceStore)) - called
