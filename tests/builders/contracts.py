"""How the services' methods are called, for fakes that refuse whatever the services would.

Read from the text of each service's class: to import it would mean its database, its bus and its providers.
"""

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class NotInContract(BaseException):
    """A call that no service takes. No `except Exception` on the way may make an answer of it."""


@cache
def methods_of(service: str) -> Mapping[str, inspect.Signature]:
    """Return what each method of a service's contract takes, by name."""
    contract = import_module(f"shared.contracts.{service}")
    tree = ast.parse((ROOT / f"services/{service}/service.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {name: _signature(functions[name]) for name in contract.METHODS}


def require_known(service: str, method: str) -> None:
    """Raise NotInContract for a method that the service does not have."""
    if method not in methods_of(service):
        raise NotInContract(f"{service} has no method {method}.")


def require_fitting(service: str, method: str, args: tuple[Any, ...], fields: Mapping[str, Any]) -> None:
    """Raise NotInContract for arguments that the method does not take, or without those that it needs."""
    try:
        methods_of(service)[method].bind(*args, **fields)
    except TypeError as wrong:
        raise NotInContract(f"{service}.{method}: {wrong}.") from wrong


def _signature(function: ast.FunctionDef) -> inspect.Signature:
    """Return the signature of a method as its callers see it, without `self`; defaults are only there or not."""
    taken = function.args
    if taken.posonlyargs or taken.kwonlyargs or taken.vararg:
        raise TypeError(f"{function.name}: methods take arguments by name, and what else is named")
    optional = {each.arg for each in taken.args[len(taken.args) - len(taken.defaults) :]}
    parameters = [
        inspect.Parameter(
            each.arg,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if each.arg in optional else inspect.Parameter.empty,
        )
        for each in taken.args[1:]
    ]
    if taken.kwarg:
        parameters.append(inspect.Parameter(taken.kwarg.arg, inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)
