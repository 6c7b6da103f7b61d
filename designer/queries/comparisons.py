"""Two versions of a process side by side: any two, and what lies between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.context import Actor
from designer.models.versions import Version
from designer.queries import models
from governance import access
from governance.models.processes import Process


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and what changed from the first to the second; `versions` are all there are."""

    process: Process
    versions: list[Version]
    before: Version | None
    after: Version | None
    changes: list[dict[str, Any]]


def compare(
    *, actor: Actor, unit_id: UUID, key: str, before: int | None = None, after: int | None = None
) -> Comparison:
    """Return two versions of a process by their numbers; without numbers the newest two.

    A number that there is no version of counts as none. With one version there is nothing to
    compare, and `before` is None.

    Raises:
        Process.DoesNotExist, NotFound: there is none of this key that the actor may see.
    """
    process = Process.objects.get(unit_id=unit_id, key=key)
    access.require("version.view", actor=actor, subject=process)
    versions = list(process.versions.defer("xml").select_related("published_by"))
    numbers = [version.number for version in versions]
    second = after if after in numbers else next(iter(numbers), None)
    earlier = [number for number in numbers if second is not None and number < second]
    first = before if before in numbers else next(iter(earlier), None)
    found = {
        version.number: version
        for version in process.versions.filter(number__in=[first, second]).select_related("process")
    }
    one, other = found.get(first or 0), found.get(second or 0)
    changes = models.changes_between(bytes(one.xml), bytes(other.xml)) if one and other else []
    return Comparison(process, versions, one, other, changes)
