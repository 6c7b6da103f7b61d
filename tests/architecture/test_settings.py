"""Every setting is described where people look for it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from config.env import Env

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_of_settings_and_the_settings_name_the_same() -> None:
    described = set(re.findall(r"^\| `([A-Z_]+)`", PAGE.read_text(), re.MULTILINE))

    assert described >= {field.name.upper() for field in fields(Env)}


def test_every_setting_says_what_it_is_for() -> None:
    for field in fields(Env):
        assert field.metadata.get("help", "").endswith("."), field.name
