"""Every word of the demo company's pages is asked for a translation, or is somebody's data.

The pages are read in a language that puts each text between ⟦ and ⟧. What stands outside must be
found in the database, or is a sign that has no translation.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import deque
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client, TestCase, override_settings
from django.utils.translation import trans_real

from common import tenancy
from demo import seeding
from designer.models.drafts import Draft
from designer.models.reviews import Review
from engine.models.instances import Variable
from governance.models.people import Account
from governance.models.units import Unit
from tests.journeys.places import STARTS, WALKERS
from tests.support.tongues import Bracketed, without_brackets

#: Names, keys and formats, the same in every language.
_SIGNS = {"Interlock", "CSV", "RUN", "UTC", "http", "PENDING", "RV", "v", "CET"}
_MOST_PAGES = 30
_LIBRARY = (settings.BASE_DIR / "designer" / "library").glob("*.json")
_SPOKEN = {"placeholder", "title", "aria-label", "alt"}
_SILENT = {"script", "style", "code", "kbd", "time"}


class InBrackets(Bracketed, trans_real.DjangoTranslation):
    """Django's own translation of English, with each answer in brackets."""


class Page(HTMLParser):
    """Collects what a page says, to eyes and to ears, and where it leads."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self._within: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        self.said += [value or "" for name, value in attrs if name in _SPOKEN]
        self.links += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not _SILENT & set(self._within):
            self.said.append(data)


def segments(text: str) -> list[str]:
    """Return the runs of words outside brackets."""
    found = re.split(r"[^\w\s’'-]|[\d_]|\s-|-\s|\n", without_brackets(text))
    runs = (" ".join(run.split()).strip("’'- ") for run in found)
    return [run for run in runs if re.search(r"[^\W\d_]{2}", run)]


def everything_kept() -> str:
    """Return all text of the database, as one."""
    kept: list[str] = []
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if _holds_text(field)]
        for row in model._default_manager.values_list(*names) if names else ():
            kept += [_text(value) for value in row]
    # Steps that come with the product are files that anybody may add to, and say what they say.
    kept += [json.dumps(json.loads(path.read_text()), ensure_ascii=False) for path in _LIBRARY]
    # A page tells a variable by its name in plain words.
    variables = Variable.objects.values_list("name", flat=True).distinct()
    kept += [name.replace("_", " ").capitalize() for name in variables]
    return " ".join("\n".join(kept).split())


def _holds_text(field: models.Field[object, object]) -> bool:
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(field, kinds) or field.get_internal_type() == "ArrayField"


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


class TestEveryWord(TestCase):
    """Seeded once; every page is read in brackets."""

    kept: ClassVar[str]

    @classmethod
    def setUpTestData(cls) -> None:
        data = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.enterClassContext(override_settings(DATA_DIR=data))
        seeding.seed(itsm_url="http://127.0.0.1:8401")
        cls.enterClassContext(tenancy.units_in_scope(Unit.objects.values_list("pk", flat=True)))
        cls.kept = everything_kept()

    def setUp(self) -> None:
        tongue = InBrackets("en-gb")
        self.enterContext(
            patch.dict("django.utils.translation.trans_real._translations", {"en-gb": tongue})
        )
        self.enterContext(patch.object(trans_real, "_default", tongue))
        trans_real.activate("en-gb")
        self.addCleanup(trans_real.deactivate)

    def client_of(self, name: str) -> Client:
        client = Client()
        client.force_login(Account.objects.filter(person__name=name).earliest("created_at"))
        return client

    def test_every_page_says_nothing_but_translations_and_data(self) -> None:
        told: dict[str, str] = {}
        pages = 0
        for name in WALKERS:
            client, waiting, seen = self.client_of(name), deque(STARTS), set(STARTS)
            for _page in range(_MOST_PAGES):
                if not waiting:
                    break
                path = waiting.popleft()
                answer = client.get(path, follow=True)
                if answer.status_code != 200 or "html" not in answer["content-type"]:
                    continue
                pages += 1
                page = Page(answer.content.decode())
                told |= {run: path for text in page.said for run in segments(text)}
                for link in page.links:
                    target = urlsplit(urljoin(path, link)).path
                    if target not in seen and not urlsplit(link).netloc:
                        seen.add(target)
                        waiting.append(target)

        assert pages > 50
        missed = {run: path for run, path in told.items() if not self.is_data(run)}
        assert not missed, "\n".join(f"{path}: {run}" for run, path in sorted(missed.items()))

    def is_data(self, run: str) -> bool:
        # Two capitals are somebody's initials.
        signs = (word in _SIGNS or re.fullmatch(r"[A-Z]{2}", word) for word in run.split())
        return run in self.kept or all(signs)

    def test_problems_and_changes_leave_the_api_in_the_readers_language(self) -> None:
        draft = Draft.objects.get(process__key="dns-record-change")
        review = Review.objects.get(outcome="PENDING")
        drawn = self.client_of("Ana Ruiz").get(f"/api/v1/drafts/{draft.pk}").json()
        judged = self.client_of("Grace Okafor").get(f"/api/v1/reviews/{review.pk}").json()

        problems = [row[key] for row in drawn["problems"] for key in ("message", "hint")]
        changes = [row["sentence"] for row in judged["changes"]]
        labels = [one["label"] for row in judged["changes"] for one in row["properties"]]
        for texts in (problems, changes, labels):
            assert texts
            assert all(segments(text) == [] for text in texts)

    def test_the_catalogue_of_the_islands_is_a_script_of_our_own_for_everybody(self) -> None:
        answer = Client().get("/texts.js")

        assert answer.status_code == 200
        assert answer["content-type"].startswith("text/javascript")
        assert "django.gettext" in answer.content.decode()
        assert "private" in answer["cache-control"]
