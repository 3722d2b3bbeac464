"""The clinic document as a person reads and edits it: YAML. Reading what others wrote is availability's part."""

from typing import Any

import yaml


class _Dumper(yaml.CSafeDumper):
    """Writes every part in full, so that an exported document can be edited anywhere."""

    def ignore_aliases(self, data: Any) -> bool:
        """Say that nothing is worth an alias."""
        return True


def to_yaml(document: dict[str, Any]) -> str:
    """Return `document` (normal form, in its order) as YAML; applying that changes nothing (C3)."""
    written: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return written


def from_yaml(text: str) -> dict[str, Any]:
    """Return what one of our own documents says (`demo/`); those of others are read by availability's rules."""
    found: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found
