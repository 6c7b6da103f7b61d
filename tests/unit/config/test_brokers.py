"""Each kind of broker is spoken to with the options that it knows."""

from __future__ import annotations

import pytest

from config import brokers


@pytest.mark.parametrize("url", ["amqp://a:b@host:5672//", "amqps://host/v", "pyamqp://host"])
def test_rabbitmq_is_given_time_limits_and_a_heartbeat(url: str) -> None:
    chosen = brokers.settings(url)

    assert chosen["broker_transport_options"] == {"read_timeout": 3, "write_timeout": 3}
    assert chosen["broker_heartbeat"] == 10


@pytest.mark.parametrize("url", ["redis://host:6379/0", "rediss://host", "redis+socket:///s?x=0"])
def test_the_redis_family_is_given_back_what_was_not_acknowledged(url: str) -> None:
    chosen = brokers.settings(url)

    assert chosen["broker_transport_options"]["visibility_timeout"] == 300
    assert chosen["broker_transport_options"]["socket_timeout"] == 3
    assert chosen["broker_heartbeat"] is None
