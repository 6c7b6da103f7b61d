"""Every page there is: readable by everybody, within its window, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize

from tests.journeys import places
from tests.journeys.browsing import Watch, audit_colours, audit_page, go, overflow
from tests.journeys.conftest import Visit, signed_in
from tests.journeys.installation import Installation
from tests.journeys.places import Place
from tests.support.routes import Route

ROUTES = places.page_routes()
#: A diagram needs room; these pages are not made for a phone.
CANVAS = ("#editor", "#review", "#run", "#viewer", "#form-builder", "#decision-editor", "#sandbox")
WINDOWS = ((1440, 900), (1280, 800))
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE = (320, 640)


@pytest.fixture(scope="session")
def found(installation: Installation) -> dict[str, Place]:
    """Return a place for each page, by its route."""
    known: dict[str, Place] = {path: Place(path, "") for path in places.DOOR}
    for person in places.WALKERS:
        with httpx.Client(base_url=installation.url, follow_redirects=True, timeout=30) as client:
            places.sign_in(client, installation.sign_ins[person])
            places.walk(client, person, ROUTES, known)
    return known


@pytest.fixture(scope="session")
def kept() -> dict[str, tuple[Page, Watch]]:
    """A page of each person's that stays open: what pages share is fetched once."""
    return {}


@pytest.fixture
def readers(
    browser: Browser,
    browser_context_args: dict[str, Any],
    installation: Installation,
    sessions: dict[str, StorageState],
    kept: dict[str, tuple[Page, Watch]],
) -> Iterator[Callable[[str], Page]]:
    """Return a function that gives a person's page; what its browser complains about fails."""

    def reader(name: str) -> Page:
        if name not in kept:
            new_context = partial(browser.new_context, **browser_context_args)
            state = signed_in(new_context, sessions, installation, name)
            context = new_context(storage_state=state)
            watch = Watch()
            watch.over(context)
            kept[name] = context.new_page(), watch
        return kept[name][0]

    yield reader
    complaints = [line for _, watch in kept.values() for line in watch.complaints]
    for _, watch in kept.values():
        watch.complaints.clear()
    assert complaints == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_a_page_can_be_read_by_everybody_in_any_light_and_window(
    route: Route,
    found: dict[str, Place],
    visit: Visit,
    readers: Callable[[str], Page],
    page: Page,
) -> None:
    if route.path in places.UNREACHABLE:
        pytest.skip("There is none once somebody can sign in.")
    if route.path not in found and _only_acts(visit, route):
        return
    assert route.path in found, "Nothing links to this page, or it cannot be shown."
    place = found[route.path]
    shown = readers(place.person) if place.person else page
    shown.set_viewport_size(DESK)
    shown.emulate_media(color_scheme="light")
    go(shown, place.path)
    wrong = audit_page(shown)
    shown.emulate_media(color_scheme="dark")
    wrong += [f"dark: {line}" for line in audit_colours(shown)]
    windows = WINDOWS if _has_canvas(shown) else (*WINDOWS, PHONE)
    for width, height in windows:
        shown.set_viewport_size({"width": width, "height": height})
        if over := overflow(shown):
            wrong.append(f"{over} px wider than a window of {width} px")

    assert wrong == []


def _only_acts(visit: Visit, route: Route) -> bool:
    """Tell whether there is nothing to see: it takes forms, hands out a file, or leads on."""
    if route.path in (*places.FILES, *places.LEADING_ON):
        return True
    values = dict.fromkeys(route.parameters, places.NOBODYS)
    asked = (visit(name).request.get(route.url(values)).status for name in places.WALKERS)
    return httpx.codes.METHOD_NOT_ALLOWED in asked


def _has_canvas(page: Page) -> bool:
    return any(page.locator(root).count() for root in CANVAS)
