"""A service's side of RPC: calls that came too late (DESIGN rule 5)."""

import logging
from unittest.mock import Mock

import pytest

from shared.bus.calls import serving


@pytest.mark.parametrize(("settling", "level"), [(3600.0, logging.INFO), (-1.0, logging.WARNING)])
def test_calls_that_waited_for_the_service_to_start_make_nobody_wonder_about_clocks(
    settling: float, level: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "SETTLING_SECONDS", settling)
    monkeypatch.setattr(serving.NamekoRpcConsumer, "start", lambda _self: None)
    caplog.set_level(logging.INFO, logger="shared.bus.calls.serving")
    queue, message = serving.RequestQueue(), Mock(delivery_info={"routing_key": "booking.hold"})
    queue.queue_consumer = Mock()
    queue.start()
    queue.drop_overdue(message)
    assert [(record.levelno, "booking.hold" in record.message) for record in caplog.records] == [(level, True)]
    queue.queue_consumer.ack_message.assert_called_once_with(message)
