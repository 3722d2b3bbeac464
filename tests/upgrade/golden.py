"""The golden files of released versions, as tests read them."""

import gzip
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.settings import new_seal_key
from tests.servers.providers import Providers
from tests.upgrade.stores import Stores, restore

BASELINES = Path(__file__).parent / "baseline"


@dataclass(frozen=True)
class Baseline:
    """One version's golden files."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """The environment, addresses left out, of the installations that it was made with."""
        found: dict[str, str] = self.read("settings")
        return found

    def environment(self, providers: Providers) -> dict[str, str]:
        """Return the environment for an upgrade of these files that sends by `providers`.

        What these files hold, and what tests publish again, is unsigned: docs/operations.md says how that is upgraded.
        """
        new = {"EVENT_SIGNING_KEYS": new_seal_key(), "ACCEPT_UNSIGNED_EVENTS": "1"}
        return {**providers.settings(), **new, **self.settings}

    def read(self, name: str) -> Any:
        """Return what a file of JSON holds; large ones are compressed."""
        plain = self.folder / f"{name}.json"
        packed = self.folder / f"{name}.json.gz"
        return json.loads(plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes()))

    def unpack(self, folder: Path) -> None:
        """Write the data folder of the embedded installation into `folder`, as if it had stopped just now."""
        with tarfile.open(self.folder / "data-folder.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        urls = Stores.in_folder(folder / "data").urls
        of_then = {service: url for service, url in urls.items() if (folder / "data" / f"{service}.sqlite3").exists()}
        Stores(of_then).let_be_recent()

    def restore(self, service: str, url: str) -> None:
        """Fill an empty PostgreSQL database with a service's, as if it had stopped just now."""
        restore(url, gzip.decompress((self.folder / f"{service}.sql.gz").read_bytes()).decode())


def released() -> list[Baseline]:
    """Return the baselines of all versions, the oldest first."""
    folders = sorted(BASELINES.glob("*.*.*/"), key=lambda path: [int(part) for part in path.name.split(".")])
    return [Baseline(folder) for folder in folders]
