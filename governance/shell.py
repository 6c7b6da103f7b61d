"""What every page shows around its content: where one is, who one is, what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import context
from common.context import Actor
from governance import access
from governance.models.people import Account
from governance.models.units import Unit

_NAV = (
    ("/work", _("My work"), "work.view"),
    ("/processes", _("Processes"), "process.view"),
    ("/steps", _("Steps"), "template.view"),
    ("/runs", _("Runs"), "run.view"),
    ("/operations", _("Operations"), "incident.view"),
    ("/reviews", _("Reviews"), "review.view"),
    ("/governance", _("Governance"), "report.view"),
)

#: How many things wait in a section for a person in a unit; each counts in one statement.
Count = Callable[[Actor, UUID | None], int]
_COUNTS: dict[str, list[Count]] = defaultdict(list)

#: Pages that stand under a section without carrying its name.
_SECTIONS = {"/audit": "/governance", "/drafts": "/processes"}


def register_count(url: str, count: Count) -> None:
    """Let a section of the navigation say what waits; its apps know, and governance does not."""
    _COUNTS[url].append(count)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `templates/base.html`."""
    theme = request.COOKIES.get("theme", "")
    found: dict[str, Any] = {"theme": theme if theme in ("light", "dark") else ""}
    actor = context.current().actor
    if actor is None or not isinstance(request.user, Account):
        return {"shell": found}
    unit_id = getattr(request, "unit_id", None)
    person = request.user.person
    section = _section_of(request.path)
    found["nav"] = [
        {
            "url": url,
            "label": label,
            "current": section == url,
            "count": sum(count(actor, unit_id) for count in _COUNTS[url]),
        }
        for url, label, name in _NAV
        if access.may_somewhere(name, actor=actor)
    ]
    home = access.units_of(person.pk)
    found["units"] = [
        {"id": unit.pk, "name": unit.name, "current": unit.pk == unit_id}
        for unit in Unit.objects.filter(pk__in=home)
    ]
    found["person"] = {
        "name": person.name,
        "initials": person.initials,
        "email": request.user.email,
    }
    return {"shell": found}


def _section_of(path: str) -> str:
    """Return the address in the navigation under which a page stands."""
    first = f"/{path.split('/')[1]}"
    return _SECTIONS.get(first, first)
