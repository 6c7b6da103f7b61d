"""One installation and one browser for every test of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, StorageState, expect

from config.setup import browser as browsers
from tests.journeys.browsing import Watch
from tests.journeys.installation import Installation, provide_bundle

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_HERE = Path(__file__).parent

Visit = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and run them last: the browser's loop stays until the end."""
    here = [item for item in items if _HERE in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.journey)
    items[:] = [item for item in items if item not in here] + here


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = browsers.on_path()
    if chromium is None:
        pytest.skip("There is no Chromium on the PATH; `make test` says how to get it.")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture(scope="session")
def base_url(installation: Installation) -> str:
    return installation.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "locale": "en-GB",
        "timezone_id": "UTC",
    }


@pytest.fixture(scope="session")
def installation(
    browser_type_launch_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    provide_bundle()
    home = tmp_path_factory.mktemp("interlock")
    # PostgreSQL runs as a user of its own when we are root; it must reach its files.
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o755)
    found = Installation(home)
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the browser complained about during the test; the test fails on any of it."""
    found = Watch()
    yield found
    assert found.complaints == []


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """The sessions opened so far, by person: each signs in once."""
    return {}


@pytest.fixture
def visit(
    new_context: Callable[..., BrowserContext],
    installation: Installation,
    sessions: dict[str, StorageState],
    watch: Watch,
) -> Visit:
    """Return a function that opens a browser of a person's own, signed in."""

    def open_as(name: str, **options: Any) -> Page:
        state = signed_in(new_context, sessions, installation, name)
        context = new_context(storage_state=state, **options)
        watch.over(context)
        return context.new_page()

    return open_as


def signed_in(
    new_context: Callable[..., BrowserContext],
    sessions: dict[str, StorageState],
    installation: Installation,
    name: str,
) -> StorageState:
    """Return the session of a person, who signs in once."""
    if name not in sessions:
        sessions[name] = _sign_in(new_context(), installation, name)
    return sessions[name]


def _sign_in(context: BrowserContext, installation: Installation, name: str) -> StorageState:
    person = installation.sign_ins[name]
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(f"{installation.url}/sign-in", timeout=15_000)
    state = context.storage_state()
    context.close()
    return state
