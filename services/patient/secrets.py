"""How identity numbers are kept: sealed to be shown, hashed to be found (DESIGN rule 9)."""

from dataclasses import dataclass

from shared.sealed import Sealer, keyed_hash
from shared.settings import Settings


@dataclass(frozen=True)
class Secrets:
    """The keys of the service: `numbers` seals identity numbers at rest, `people` personal data in events."""

    numbers: Sealer
    people: Sealer
    lookup_key: str

    @classmethod
    def from_settings(cls, settings: Settings) -> "Secrets":
        """Return the installation's keys."""
        return cls(Sealer(settings.identity_keys), Sealer(settings.event_keys), settings.lookup_key)

    def number_hash(self, clinic: str, scheme: str, number: str) -> str:
        """Return what a canonical number is found by; the same number gives another hash in another clinic."""
        return keyed_hash(self.lookup_key, clinic, scheme, number)
