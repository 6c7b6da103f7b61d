"""Identifiers are UUIDv7 and sort by the time they were made."""

from __future__ import annotations

import threading
import time
from uuid import UUID

from common.ids import new_id


def test_it_is_a_uuid_of_version_seven_that_begins_with_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_each_is_greater_than_the_one_before_within_a_millisecond_too() -> None:
    made = [new_id() for _ in range(20_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_threads_share_no_id() -> None:
    made: list[UUID] = []
    threads = [
        threading.Thread(target=lambda: made.extend(new_id() for _ in range(2_000)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 8_000


def test_two_in_a_row_cannot_be_told_from_each_other() -> None:
    steps = {new_id().int - new_id().int for _ in range(500)}

    assert len(steps) == 500
