"""One key, and what it is still needed for."""

import json
from collections import Counter
from dataclasses import dataclass, field

from cli.keys.lookups import FORMER_LOOKUP_KEYS


@dataclass
class Key:
    """One key of a setting, and by place how many texts are sealed with it, or rows are found by it.

    What is `kept` by a key of lookups was hashed once and cannot be hashed anew: so it goes to FORMER_LOOKUP_KEYS.
    """

    setting: str
    name: str
    is_newest: bool
    needed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    @property
    def may_go(self) -> bool:
        """Whether it may be taken out of its setting: the newest is needed always, a former one for what is kept."""
        return not self.is_newest and not self.needed and not (self.setting == FORMER_LOOKUP_KEYS and self.kept)

    def as_json(self) -> str:
        """Return it as a line for programs."""
        told = {"setting": self.setting, "key": self.name, "newest": self.is_newest, "may_go": self.may_go}
        return json.dumps({**told, "needed": dict(self.needed), "kept": dict(self.kept)})
