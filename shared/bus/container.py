"""Nameko's container, which asks once more, when a worker is free at last, whether a call is still to be run."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

from nameko.containers import ServiceContainer

from shared.bus.calls.serving import Rpc

_log = logging.getLogger(__name__)


class Container(ServiceContainer):
    """Runs workers; a call that outlived its time limit as it waited for one, or was handed on, is not run.

    Of what Nameko does around a worker it leaves out what only tells debuggers of each step. `config["workers_of"]`
    says of how many workers of a service there are, where these are not `max_workers`.
    """

    def __init__(self, service_cls: Any, config: Mapping[str, Any]) -> None:
        workers = config.get("workers_of", {}).get(service_cls.name, config["max_workers"])
        super().__init__(service_cls, {**config, "max_workers": workers})

    @property
    def has_free_worker(self) -> bool:
        """Whether a worker can be had without waiting, and nobody waits for one already."""
        free: int = self._worker_pool.sem.balance
        return free > 0

    @property
    def is_working(self) -> bool:
        """Whether a worker runs."""
        running: int = self._worker_pool.running()
        return running > 0

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        entrypoint = worker_ctx.entrypoint
        if isinstance(entrypoint, Rpc) and not entrypoint.begin(handle_result):
            return
        self._inject_dependencies(worker_ctx)
        self._worker_setup(worker_ctx)
        result = exc_info = None
        try:
            result = getattr(worker_ctx.service, entrypoint.method_name)(*worker_ctx.args, **worker_ctx.kwargs)
        except Exception as error:  # noqa: BLE001  # as Nameko takes whatever a method raises
            if not isinstance(error, entrypoint.expected_exceptions):
                _log.exception("error handling worker %s: %s", worker_ctx, error)
            exc_info = sys.exc_info()
        if handle_result is not None:
            result, exc_info = handle_result(worker_ctx, result, exc_info)
        self._worker_result(worker_ctx, result, exc_info)
        del exc_info  # which holds this frame, and would keep all of it until it is searched for
        self._worker_teardown(worker_ctx)
