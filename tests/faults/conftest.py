"""The floor that is shaken, and the crew that works on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.crew import Crew, a_crew
from tests.support.floor import Floor, a_floor
from tests.support.office import an_office


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


@pytest.fixture
def crew() -> Iterator[Crew]:
    with a_crew() as crew:
        yield crew
