"""The locks: every file by its hash, no address of a registry, one version of each package."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config.setup.licences import locked_names

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)( ; .*?)?(?: \\)?$")


def _entries(lock: Path) -> list[str]:
    """Return each requirement with its hashes as one text."""
    lines = [line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")]
    return re.split(r"\n(?=\S)", "\n".join(lines).strip())


def _pins(lock: Path) -> set[str]:
    found = [_PIN.match(entry.splitlines()[0]) for entry in _entries(lock)]
    return {f"{match[1]}=={match[2]}{match[3] or ''}" for match in found if match}


def test_there_are_locks_for_the_product_its_tools_and_its_neighbours() -> None:
    assert [lock.stem for lock in LOCKS] == [
        "base",
        "bpmn-python-build",
        "bpmn-python",
        "core-peers",
        "dev",
        "durable-peers",
        "feel-peers",
        "node",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_one_version_with_its_hashes(lock: Path) -> None:
    for entry in _entries(lock):
        first = entry.splitlines()[0]
        assert _PIN.match(first), f"not pinned: {first}"
        assert "--hash=sha256:" in entry, f"no hash: {first}"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_lock_says_where_packages_come_from(lock: Path) -> None:
    text = lock.read_text()

    assert "://" not in text
    assert "index" not in re.sub(r"# via.*", "", text)


def test_the_tools_lock_has_the_products_versions() -> None:
    base, dev = ROOT / "requirements/base.txt", ROOT / "requirements/dev.txt"

    assert _pins(base) <= _pins(dev)


def test_the_locks_cover_what_the_project_asks_for() -> None:
    import tomllib  # noqa: PLC0415

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {
        "base": project["dependencies"],
        **project["optional-dependencies"],
    }
    for name, requirements in asked.items():
        locked = locked_names(ROOT / "requirements" / f"{name}.txt")
        for requirement in requirements:
            plain = re.split(r"[\[<>=~! ]", requirement)[0].lower()
            assert plain in locked, f"{plain} is missing in {name}.txt: run `make lock`"


def test_the_browsers_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())

    for place, entry in lock["packages"].items():
        assert "resolved" not in entry, place
        assert not place or entry.get("link") or entry["integrity"].startswith("sha512-"), place
