from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock

MOMENT = timedelta(minutes=1)


def test_a_block_may_live_at_another_time_and_only_that_block() -> None:
    before = clock.now()

    with clock.shifted(timedelta(days=-3)):
        then = clock.now()

    assert timedelta(days=-3) <= then - before < timedelta(days=-3) + MOMENT
    assert timedelta() <= clock.now() - before < MOMENT


def test_the_present_returns_where_the_block_breaks_off() -> None:
    before = clock.now()

    with pytest.raises(LookupError), clock.shifted(timedelta(days=-3)):
        raise LookupError

    assert clock.now() >= before
