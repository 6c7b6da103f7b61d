"""Who does a user task: execution details, or the standard's resource roles. BPMN 2.0.2, 10.3.4.

A human performer is the assignee, a potential owner a candidate. In a resource expression
`user(ana), group(ops)` names both kinds and a bare name is a group's, as engines have it; a
resource of the file is the group of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypedDict

from lxml import etree

from engine.bpmn import extensions
from engine.bpmn.extensions import Extensions
from engine.bpmn.references import References, local_name
from engine.bpmn.vocabulary import model, zeebe

_DETAILS: Final = zeebe("assignmentDefinition")
_NAMED: Final = re.compile(r"(?:(user|group)\s*\(([^()]*)\)|([^,()]+))\s*(?:,|$)")


class People(TypedDict):
    """The fields of a user task that say who does it."""

    assignee: str | None
    candidate_groups: str | None
    candidate_users: str | None


def of(element: etree._Element, details: Extensions, known: References) -> People:
    """Return who does a user task; the details say it all where they are."""
    if details.first(_DETAILS) is not None:
        return {
            "assignee": details.attribute(_DETAILS, "assignee"),
            "candidate_groups": details.attribute(_DETAILS, "candidateGroups"),
            "candidate_users": details.attribute(_DETAILS, "candidateUsers"),
        }
    performers = [name for _, name in _named(element, "humanPerformer", known)]
    owners = list(_named(element, "potentialOwner", known))
    groups = ", ".join(name for kind, name in owners if kind == "group")
    users = ", ".join(name for kind, name in owners if kind == "user")
    return {
        "assignee": next(iter(performers), None),
        "candidate_groups": groups or None,
        "candidate_users": users or None,
    }


def _named(element: etree._Element, role: str, known: References) -> Iterator[tuple[str, str]]:
    """Yield whom the roles of this kind name, each as a user or a group."""
    for found in element.iterchildren(model(role)):
        reference = local_name(found.findtext(model("resourceRef")))
        if name := known.resources.get(reference):
            yield "group", name
        for expression in found.iterchildren(model("resourceAssignmentExpression")):
            yield from _written(extensions.text_in(expression))


def _written(text: str) -> Iterator[tuple[str, str]]:
    if text.startswith("="):
        yield "group", text
        return
    for found in _NAMED.finditer(text):
        kind, inside, bare = found.groups()
        name = (inside or bare or "").strip()
        if name:
            yield kind or "group", name
