"""Calls between services, both sides: what services import."""

from shared.bus.calling import DEFAULT_TIMEOUT, RemoteMethod, RemoteService, Reply, ServiceClient
from shared.bus.context import CurrentActor, WorkerActor
from shared.bus.serving import rpc
from shared.bus.wire import RemoteFault

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
