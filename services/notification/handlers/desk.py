"""What writing and reading messages needs besides the database: keys and addresses."""

from dataclasses import dataclass

from services.notification.wording.compose import Links
from shared.sealed import Sealer, keyed_hash
from shared.settings import Settings


@dataclass(frozen=True)
class Desk:
    """What writing messages needs: `people` opens events and seals messages, `lookup_key` hashes addresses."""

    people: Sealer
    lookup_key: str
    links: Links

    @classmethod
    def from_settings(cls, settings: Settings) -> "Desk":
        """Return the installation's desk."""
        links = Links(settings.public_url, settings.link_key)
        return cls(Sealer(settings.event_keys), settings.lookup_key, links)

    def recipient(self, channel: str, address: str) -> str:
        """Return by what an address is known where it does not stand itself, however it is written."""
        return keyed_hash(self.lookup_key, channel, address.strip().casefold())
