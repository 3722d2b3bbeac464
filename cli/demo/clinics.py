"""The five demo clinics, loaded through the same `apply_document` that anyone uses, and then given a day's work."""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

import eventlet
from nameko.extensions import Entrypoint

from shared.bus.rpc import ServiceClient
from shared.clinic_documents import ClinicDocuments
from shared.contracts.errors import Timeout, Unavailable
from shared.given import Cache, Documents

READY_KEY = "frontdesk:demo"
"""In Redis: `loading` or `loaded`; `/readyz` of an installation with demo clinics waits for the latter."""

PATIENCE = 60.0
"""Seconds that services have to come up before loading gives up."""


def demo_documents() -> Mapping[str, str]:
    """Return the documents' texts (YAML) by clinic, in the order of their names."""
    files = sorted((file for file in resources.files("demo").iterdir() if file.name.endswith(".yaml")), key=str)
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in files}


def demo_pictures(clinic: str) -> Mapping[str, bytes]:
    """Return by name the pictures of a demo clinic, which are drawn: they show nobody."""
    folder = resources.files("demo") / "pictures" / clinic
    return {file.name.removesuffix(".webp"): file.read_bytes() for file in folder.iterdir()}


class AtStart(Entrypoint):
    """Runs the method once when the service has started."""

    starts_by_itself = True

    def start(self) -> None:
        """Hand the work to a worker; the container's start goes on meanwhile."""
        self.container.spawn_managed_thread(self._fire)

    def _fire(self) -> None:
        self.container.spawn_worker(self, (), {})


at_start = AtStart.decorator


def demo_loader(
    documents: Mapping[str, str],
    loaded: Callable[[str], None],
    done: Callable[[Sequence[str]], None],
    afterwards: Callable[[Sequence[str], ClinicDocuments], None],
) -> type[Any]:
    """Return a service that loads those of `documents` whose clinic is missing, and tells of each.

    With all that are new it tells of the end, too.
    What somebody changed in a demo clinic since it was loaded is left alone. `afterwards` gets those that are new, when
    the installation is ready.
    """

    class DemoLoader:
        name = "demo"
        availability = ServiceClient("availability", timeout=10.0)
        cache = Cache()
        documents = Documents()

        @at_start
        def load(self) -> None:
            known = {clinic["clinic"] for clinic in _when_ready(self.availability)["clinics"]}
            new = [clinic for clinic in documents if clinic not in known]
            for clinic in new:
                self.availability.apply_document(clinic, document=documents[clinic])
                for name, picture in demo_pictures(clinic).items():
                    self.availability.put_picture(clinic, name, content=b64encode(picture).decode())
                loaded(clinic)
            self.cache.set(READY_KEY, "loaded")
            done(new)
            afterwards(new, self.documents)

    return DemoLoader


def _when_ready(availability: Any) -> Any:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return availability.clinics()
        except (Unavailable, Timeout):
            if time.monotonic() > end:
                raise
            eventlet.sleep(0.1)
