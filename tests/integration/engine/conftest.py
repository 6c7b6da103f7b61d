"""The floor that the engine's tests work on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.floor import Floor, a_floor
from tests.support.office import an_office


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)
