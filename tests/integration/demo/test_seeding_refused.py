"""A server takes no demo company."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demo import seeding
from governance.errors import DemoRefused
from governance.models.units import Unit


@pytest.mark.django_db
def test_a_server_refuses_and_stays_empty(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.ALLOW_DEMO = False

    with pytest.raises(DemoRefused):
        seeding.seed(itsm_url="http://127.0.0.1:8401")
    assert not Unit.objects.exists()
    assert not (tmp_path / seeding.SIGN_INS).exists()
