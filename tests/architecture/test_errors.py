"""Every refusal has a code of its own, says what would mend it, and is listed."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.errors import Conflict, DomainError, Forbidden, Invalid, Missing, Transient
from common.problems import status_of

ROOT = Path(__file__).parents[2]
APPS = ("common", "governance", "engine", "designer", "demo")
KINDS = {Invalid, Forbidden, Missing, Conflict, Transient}
ROW = re.compile(r"^\| ([a-z_]+\.[a-z_]+) \| (\d{3}) \| (.+) \|$")


def every_module() -> Iterator[str]:
    for app in APPS:
        package = importlib.import_module(app)
        yield app
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations." not in found.name and not found.name.endswith("__main__"):
                yield found.name


def refusals() -> list[type[DomainError]]:
    for name in every_module():
        importlib.import_module(name)
    found: list[type[DomainError]] = []
    work: list[type[DomainError]] = [DomainError]
    while work:
        kind = work.pop()
        work += kind.__subclasses__()
        if kind is not DomainError and kind not in KINDS and kind.__module__.startswith(APPS):
            found.append(kind)
    return [kind for kind in found if kind.code]


def listed() -> dict[str, tuple[str, str]]:
    lines = (ROOT / "docs" / "errors.md").read_text().splitlines()
    rows = [match.groups() for match in map(ROW.match, lines) if match]
    return {code: (status, meaning) for code, status, meaning in rows}


@pytest.fixture(scope="module")
def found() -> list[type[DomainError]]:
    return refusals()


def test_each_code_belongs_to_one_refusal(found: list[type[DomainError]]) -> None:
    codes = [kind.code for kind in found]

    assert len(codes) > 20
    assert sorted(codes) == sorted(set(codes))


def test_a_code_names_the_app_that_owns_it(found: list[type[DomainError]]) -> None:
    for kind in found:
        assert kind.code.split(".")[0] == kind.__module__.split(".")[0], kind.code


def test_every_refusal_is_listed_with_its_status(found: list[type[DomainError]]) -> None:
    documented = listed()

    for kind in found:
        assert kind.code in documented, f"{kind.code} is missing in docs/errors.md"
        assert documented[kind.code][0] == str(status_of(kind.__new__(kind))), kind.code


def test_nothing_is_listed_that_is_not_there(found: list[type[DomainError]]) -> None:
    assert set(listed()) <= {kind.code for kind in found}


def test_the_list_is_in_order() -> None:
    assert list(listed()) == sorted(listed())


def test_every_refusal_speaks_in_a_sentence(found: list[type[DomainError]]) -> None:
    for kind in found:
        assert kind.title, kind.code
        assert kind.title.rstrip().endswith((".", "}")), kind.code


def test_a_concrete_refusal_has_a_code() -> None:
    nameless = [
        kind.__name__
        for base in KINDS
        for kind in base.__subclasses__()
        if not kind.code and not kind.__subclasses__() and kind.__module__.startswith(APPS)
    ]

    assert not nameless
