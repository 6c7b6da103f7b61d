"""What a page makes a browser load at once: JavaScript of its static closure, as gzip sends it."""

from __future__ import annotations

import gzip

import pytest

from common.bundle import entry
from tests.journeys.installation import ROOT, provide_bundle

KB = 1024
#: Of every page the shell is a part.
BUDGETS = {"shell": 20 * KB, "editor": 420 * KB}


@pytest.fixture(scope="module", autouse=True)
def bundle() -> None:
    provide_bundle()


def loaded(name: str) -> dict[str, int]:
    """Return the size of each file that an entry needs before it begins."""
    found = entry(name)
    assert found is not None, name
    files = (found.script, *found.preload)
    return {path: len(gzip.compress((ROOT / "static" / path).read_bytes())) for path in files}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_loads_no_more_than_it_may(name: str) -> None:
    parts = loaded("shell") | loaded(name)

    assert sum(parts.values()) <= BUDGETS[name], parts


@pytest.mark.parametrize("part", ["layout", "simulation"])
def test_what_few_people_use_is_loaded_when_they_ask(part: str) -> None:
    lazy = [path.name for path in (ROOT / "static" / "app" / "assets").glob(f"{part}-*.js")]

    assert len(lazy) == 1
    assert not any(lazy[0] in path for path in loaded("editor"))
