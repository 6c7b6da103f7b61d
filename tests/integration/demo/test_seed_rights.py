"""Who may fill an installation with the demo company, and where it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from demo import seeding
from governance.errors import DemoRefused
from governance.models.units import Unit
from tests.support.sign_ins import signed_in_as


@pytest.mark.django_db
def test_a_server_refuses_and_stays_empty(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.ALLOW_DEMO = False

    with pytest.raises(DemoRefused):
        seeding.seed(itsm_url="http://127.0.0.1:8401")
    assert not Unit.objects.exists()
    assert not (tmp_path / seeding.SIGN_INS).exists()


@pytest.mark.django_db(transaction=True)
def test_the_sign_in_of_the_web_is_enough(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    with signed_in_as("app"), transaction.atomic():
        sign_ins = seeding.seed(itsm_url="http://127.0.0.1:8401")
        transaction.set_rollback(True)

    assert sign_ins
