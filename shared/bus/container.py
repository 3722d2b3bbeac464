"""Nameko's container, which asks once more, when a worker is free at last, whether a call is still to be run."""

from typing import Any

from nameko.containers import ServiceContainer

from shared.bus.calls.serving import Rpc


class Container(ServiceContainer):
    """Runs workers; a call that outlived its time limit as it waited for one, or was handed on, is not run."""

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        if not isinstance(worker_ctx.entrypoint, Rpc) or worker_ctx.entrypoint.begin(handle_result):
            super()._run_worker(worker_ctx, handle_result)
