"""Names that people read are what they look like."""

from __future__ import annotations

import pytest

from common.names import BadKey, UnsafeName, clean_key, clean_name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "x" * 121,
        "Change\u202egnol",
        "Chan\u200bge",
        "Chan\u00adge",
        "\ufeffChange",
        "Ch\u0430nge",
        "\u0391lpha",
        "Line\u0007bell",
    ],
)
def test_a_name_that_hides_something_is_refused(text: str) -> None:
    with pytest.raises(UnsafeName):
        clean_name(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Production  change ", "Production change"),
        ("Änderung für São Paulo", "Änderung für São Paulo"),
        ("Изменение", "Изменение"),
        ("Ｃhange", "Change"),
        ("变更 Change", "变更 Change"),
    ],
)
def test_a_name_in_any_language_is_kept_composed(text: str, kept: str) -> None:
    assert clean_name(text) == kept


@pytest.mark.parametrize("key", ["production-change", "a", "v2"])
def test_a_key_stands_in_an_address(key: str) -> None:
    assert clean_key(key) == key


@pytest.mark.parametrize("key", ["", "A", "a--b", "-a", "a-", "a b", "../a", "a" * 41, "ä", "a\n"])
def test_what_cannot_stand_in_an_address_is_no_key(key: str) -> None:
    with pytest.raises(BadKey):
        clean_key(key)
