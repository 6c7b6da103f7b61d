"""Every address and every websocket is classified by an act; what nobody classified is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from designer.live.routing import routes as designer_routes
from engine.live.routing import routes as engine_routes
from governance.access_table import PUBLIC, SIGNED_IN, TABLE
from governance.gatekeeper import act_of

#: Open to strangers, each for a reason. A new line here is a decision, and is reviewed as one.
OPEN_TO_STRANGERS = {
    "sign-in": "the door",
    "sign-out": "leaving needs no right",
    "first-administrator": "answers only while there is no administrator",
    "theme": "a cookie of the browser's own",
    "texts.js": "words of the pages, also of the door",
    "health/live": "asked by what watches the process",
    "health/ready": "asked by what balances the load",
}

METHODS = ("get", "post", "put", "patch", "delete")


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for item in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from routes(item.url_patterns, path)
        else:
            yield path, item.callback


def class_of(view: Callable[..., Any]) -> type | None:
    return getattr(view, "cls", None) or getattr(view, "view_class", None)


def methods_of(view: Callable[..., Any]) -> list[str]:
    """Return the methods a class answers; a function answers any, and is classified as a whole."""
    kind = class_of(view)
    return [m.upper() for m in METHODS if hasattr(kind, m)] if kind else ["GET"]


def test_there_are_routes() -> None:
    assert len(list(routes())) > 20


def test_every_route_is_classified_for_each_method_it_answers() -> None:
    unknown = [
        f"{method} /{path}"
        for path, view in routes()
        for method in methods_of(view)
        if act_of(view, method) not in {*TABLE, PUBLIC, SIGNED_IN}
    ]

    assert not unknown, "give the view an act of governance.access_table"


def test_only_the_named_routes_are_open_to_strangers() -> None:
    found = {
        path
        for path, view in routes()
        for method in methods_of(view)
        if act_of(view, method) == PUBLIC
    }

    assert found == set(OPEN_TO_STRANGERS)


def test_a_method_without_an_act_is_refused_even_where_another_has_one() -> None:
    class View:
        acts = {"GET": "run.view"}

    def view() -> None: ...

    view.cls = View  # type: ignore[attr-defined]

    assert act_of(view, "HEAD") == "run.view"
    assert act_of(view, "POST") is None
    assert act_of(lambda: None, "GET") is None


def test_no_route_is_an_act_that_nobody_is_offered() -> None:
    built = {name for name, rule in TABLE.items() if rule.built} | {PUBLIC, SIGNED_IN}

    assert not [
        path for path, view in routes() for m in methods_of(view) if act_of(view, m) not in built
    ]


def test_what_changes_something_is_no_act_of_seeing() -> None:
    """A POST that asks for the right to look would let every viewer change things."""
    wrong = [
        f"{method} /{path}"
        for path, view in routes()
        for method in methods_of(view)
        if method != "GET" and str(act_of(view, method)).endswith(".view")
    ]

    assert not wrong


def test_every_websocket_is_classified() -> None:
    for route in [*engine_routes, *designer_routes]:
        consumer = route.callback.consumer_class
        assert getattr(consumer, "act", None) in TABLE, consumer.__name__


def test_api_addresses_carry_their_version() -> None:
    assert not [
        path for path, _view in routes() if path.startswith("api/") and "api/v1/" not in path
    ]
