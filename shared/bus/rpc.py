"""Calls between services, both sides: what services import."""

from shared.bus.calls.calling import DEFAULT_TIMEOUT, RemoteMethod, RemoteService, Reply, ServiceClient
from shared.bus.calls.context import CurrentActor, WorkerActor
from shared.bus.calls.serving import rpc
from shared.bus.calls.wire import RemoteFault

__all__ = [
    "DEFAULT_TIMEOUT",
    "CurrentActor",
    "RemoteFault",
    "RemoteMethod",
    "RemoteService",
    "Reply",
    "ServiceClient",
    "WorkerActor",
    "rpc",
]
