"""What keys are still needed for, as Prometheus reads it from a file."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from cli.keys.key import Key

_LABELS = ("setting", "key", "place")


def exposition(keys: Iterable[Key]) -> str:
    """Return gauges of what each key but the newest is needed for and of what is kept by it, by place.

    Of a key that nothing needs there is one of 0 with no place, so that an alert that watches it ends.
    """
    registry = CollectorRegistry()
    left = Gauge("frontdesk_keys_left", "Texts and rows that older keys are needed for", _LABELS, registry=registry)
    kept = Gauge("frontdesk_keys_kept", "What cannot be done anew and keeps its key", _LABELS, registry=registry)
    for key in keys:
        if not key.is_newest:
            for gauge, counts in ((left, key.needed), (kept, key.kept)):
                for place, count in counts.items() or [("", 0)]:
                    gauge.labels(key.setting, key.name, place).set(count)
    return generate_latest(registry).decode()
