"""Nameko's container, which asks once more, when a worker is free at last, whether anybody still waits."""

from typing import Any

from nameko.containers import ServiceContainer

from shared.bus.calls.serving import Rpc
from shared.bus.wires.budget import budget_of


class Container(ServiceContainer):
    """Runs workers; a call that outlived its time limit in the queue for a free worker is not run."""

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        if isinstance(worker_ctx.entrypoint, Rpc) and budget_of(worker_ctx.data).left() <= 0:
            worker_ctx.entrypoint.give_up(handle_result)
        else:
            super()._run_worker(worker_ctx, handle_result)
