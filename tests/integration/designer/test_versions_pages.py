"""Versions beside each other, as a document, and as a picture."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from tests.integration.designer.conftest import Desk
from tests.integration.designer.test_api import browser
from tests.integration.designer.test_changes import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(desk: Desk) -> Client:
    return browser(desk, "Ana Ruiz")


def test_any_two_versions_are_compared_and_the_newest_two_by_default(
    desk: Desk, ana: Client
) -> None:
    for name in ("Done", "Finished", "Over"):
        publish(desk, name)
    key = desk.process.key

    newest = ana.get(f"/processes/{key}/compare").content.decode()
    assert "compare?from=2&amp;to=3" in newest
    chosen = ana.get(f"/processes/{key}/compare?from=1&to=3").content.decode()
    assert "Over" in chosen
    assert "nothing else" not in chosen

    told = ana.get(f"/api/v1/processes/{key}/compare?from=1&to=3").json()
    assert (told["base"]["number"], told["version"]["number"]) == (1, 3)
    assert [change["element"] for change in told["changes"]] == ["E"]
    back = ana.get(f"/api/v1/processes/{key}/compare?from=3&to=1").json()
    assert (back["base"]["number"], back["version"]["number"]) == (3, 1)
    assert ana.get(f"/api/v1/processes/{key}/compare?from=99&to=x").json()["base"]["number"] == 2


def test_one_version_has_nothing_to_be_compared_with(desk: Desk, ana: Client) -> None:
    publish(desk, "Done")
    page = ana.get(f"/processes/{desk.process.key}/compare").content.decode()
    assert "only one version" in page
    assert ana.get(f"/api/v1/processes/{desk.process.key}/compare").json()["base"] is None


def test_a_published_process_is_told_as_a_document_with_its_drawing(
    desk: Desk, ana: Client
) -> None:
    url = f"/processes/{desk.process.key}/documentation"
    assert "Nothing is published yet" in ana.get(url).content.decode()
    version = publish(desk, "Done")
    page = ana.get(url).content.decode()
    assert "How to stop it" in page
    assert 'data-element="E"' in page
    assert version.digest in page

    answer = ana.get(f"/versions/{version.pk}/picture.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    assert etree.QName(etree.fromstring(answer.content)).localname == "svg"


def test_a_draft_is_handed_out_as_a_picture(desk: Desk, ana: Client) -> None:
    draft = desk.draft()
    answer = ana.get(f"/api/v1/drafts/{draft.pk}/picture")
    assert b'data-element="StartEvent_1"' in answer.content
    assert answer["Content-Disposition"].startswith("attachment")
