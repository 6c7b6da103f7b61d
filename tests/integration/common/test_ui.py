"""The template tags: what they show, what they escape, and how they say a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from common import bundle
from common.templatetags import ui

NOW = datetime(2026, 11, 19, 14, 8, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_state_is_told_by_sign_and_word() -> None:
    shown = rendered('{% pill "failed" %}')

    assert "pill--failed" in shown
    assert "#x" in shown
    assert "Needs help" in shown


def test_a_name_is_escaped() -> None:
    assert "<script>" not in rendered("{% person who %}", who="<script>alert(1)</script>")


def test_nobody_is_said() -> None:
    assert "nobody" in rendered("{% person who %}", who=None)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Ruiz", "AR"), ("Claire Anne Dubois", "CD"), ("Automation", "A"), ("", "")],
)
def test_initials_are_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.24, "0.2 s"), (4, "4 s"), (273, "4 min 33 s"), (3600, "1 h"), (4565, "1 h 16 min")],
)
def test_a_span_has_at_most_two_units(seconds: float, words: str) -> None:
    assert ui.span_words(seconds) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=38), "38 min ago"),
        (timedelta(hours=3), "11:08"),
        (timedelta(days=1), "yesterday 14:08"),
        (timedelta(days=17), "2 Nov"),
    ],
)
def test_the_past_is_said_as_people_do(before: timedelta, words: str) -> None:
    assert ui.past_words(NOW - before, NOW) == words


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (timedelta(minutes=-38), "38 min overdue"),
        (timedelta(hours=2, minutes=52), "in 2 h 52 min"),
        (timedelta(days=1), "tomorrow 14:08"),
        (timedelta(days=4), "Mon 23 Nov"),
    ],
)
def test_a_deadline_is_said_as_people_do(until: timedelta, words: str) -> None:
    assert ui.due_words(NOW + until, NOW) == words


def test_an_island_comes_with_its_chunks_its_styles_and_the_nonce(
    settings: object, tmp_path: Path
) -> None:
    entry = {"file": "e.js", "imports": ["_chunk.js"], "css": ["e.css"]}
    manifest = {
        "src/entrypoints/run.ts": entry,
        "_chunk.js": {"file": "chunk.js", "imports": ["_deep.js"], "css": ["chunk.css"]},
        "_deep.js": {"file": "deep.js"},
    }
    written(tmp_path, manifest)
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    request = RequestFactory().get("/")
    request.csp_nonce = "n0nce"  # type: ignore[attr-defined]

    shown = rendered('{% island "run" %}', request=request)

    places = [shown.index(name) for name in ("chunk.css", "e.css", "deep.js", "chunk.js", "e.js")]
    assert places == sorted(places)
    assert 'nonce="n0nce"' in shown


def test_a_page_works_without_the_bundle(settings: object, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]

    assert rendered('{% island "run" %}') == ""


def test_a_new_build_is_seen_without_a_restart(settings: object, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    written(tmp_path, {"src/entrypoints/run.ts": {"file": "old.js"}})
    bundle.entry("run")

    written(tmp_path, {"src/entrypoints/run.ts": {"file": "new.js"}})

    found = bundle.entry("run")
    assert found is not None
    assert found.script == "app/new.js"


def written(root: Path, manifest: dict[str, object]) -> None:
    folder = root / "static" / "app"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
