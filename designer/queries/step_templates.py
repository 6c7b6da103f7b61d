"""The catalogue of steps: what can be chosen, one template, and who uses it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, F, Func, IntegerField, Value

from common.context import Actor
from common.problems import NotFound
from designer.models.drafts import Draft, Stage
from designer.models.step_templates import StepTemplate, StepTemplateVersion
from designer.models.versions import Version
from designer.steps import fitting, impact, reader, shipped
from designer.steps.elements import Binding, Template
from designer.steps.fitting import Found
from engine.problems import Problem
from engine.xml import UnreadableModel
from governance import access

_MOST_USERS = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """One template in a unit's catalogue with all its versions.

    `retired` says why it may not be used any more, and is "" while it may.
    """

    key: str
    versions: Mapping[int, Template]
    is_shipped: bool
    retired: str = ""
    rows: tuple[StepTemplateVersion, ...] = ()

    @property
    def latest(self) -> Template:
        """Return the version that is offered."""
        return self.versions[max(self.versions)]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a reader finds in the catalogue, by what a step does."""

    shelves: list[Shelf]
    total: int
    may_keep: bool
    text: str


@dataclass(frozen=True, slots=True)
class User:
    """A step of a draft or of a live version that was made from a template.

    `effects` are what the latest version would change there; none where it has that already.
    """

    holder: Draft | Version
    step: str
    element: str
    version: int
    effects: list[impact.Effect] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TemplateView:
    """One template as its page shows it."""

    shelf: Shelf
    users: list[User]
    may_keep: bool


def list_templates(*, actor: Actor, unit_id: UUID, text: str = "") -> Listing:
    """Return the templates of a unit whose words hold all words of a text.

    Raises:
        NotFound, NotAllowed: the actor may not see them.
    """
    access.require_in_unit("template.view", actor=actor, unit_id=unit_id)
    found = list(shelves(unit_id).values())
    wanted = text.casefold().split()
    shown = [shelf for shelf in found if all(word in _words_of(shelf.latest) for word in wanted)]
    return Listing(
        shelves=sorted(shown, key=lambda one: (bool(one.retired), _place_of(one.latest))),
        total=len(found),
        may_keep=access.may_in_unit("catalogue.keep", actor=actor, unit_id=unit_id),
        text=text,
    )


def get_template(*, actor: Actor, unit_id: UUID, key: str) -> TemplateView:
    """Return one template with its versions and who uses it.

    Raises:
        NotFound: there is none that the actor may see.
    """
    access.require_in_unit("template.view", actor=actor, unit_id=unit_id)
    shelf = _shelf(unit_id, key)
    return TemplateView(
        shelf=shelf,
        users=_users(unit_id, shelf),
        may_keep=access.may_in_unit("catalogue.keep", actor=actor, unit_id=unit_id),
    )


def get_version(*, actor: Actor, unit_id: UUID, key: str, number: int) -> Template:
    """Return one version of a template.

    Raises:
        NotFound: there is none that the actor may see.
    """
    access.require_in_unit("template.view", actor=actor, unit_id=unit_id)
    found = _shelf(unit_id, key).versions.get(number)
    if found is None:
        raise NotFound
    return found


def impact_on_step(
    *, actor: Actor, draft_id: UUID, key: str, before: int, said: Mapping[Binding, str]
) -> tuple[Template, list[impact.Effect]]:
    """Return the latest version of a template, and what it changes in a step that says so much.

    Raises:
        Draft.DoesNotExist, NotFound: there is no such draft or template for the actor.
        NotAllowed: they may not edit the draft.
    """
    draft = Draft.objects.get(pk=draft_id)
    access.require("draft.edit", actor=actor, subject=draft)
    shelf = _shelf(draft.unit_id, key)
    earlier = shelf.versions.get(before, shelf.latest)
    return shelf.latest, impact.between(earlier, shelf.latest, said)


def shelves(unit_id: UUID, keys: Collection[str] | None = None) -> dict[str, Shelf]:
    """Return what the catalogue of a unit holds by key: all of it, or these."""
    rows = StepTemplate.objects.filter(unit_id=unit_id).prefetch_related("versions__added_by")
    if keys is not None:
        rows = rows.filter(key__in=keys)
    ours = shipped.templates()
    found = {
        key: Shelf(key, versions, is_shipped=True)
        for key, versions in ours.items()
        if keys is None or key in keys
    }
    for row in rows:
        kept = tuple(row.versions.all())
        versions = ours.get(row.key) or {one.number: _read(one) for one in kept}
        retired = row.retired_because if row.retired_at else ""
        if not versions:
            # It came with an earlier release of the product.
            continue
        found[row.key] = Shelf(row.key, versions, row.key in ours, retired, kept)
    return found


def problems_of(unit_id: UUID, model: bytes) -> list[Problem]:
    """Return what is wrong with the steps of a model that were made from templates.

    A model that cannot be read has no steps; what is wrong with it is said elsewhere.
    """
    if not fitting.has_uses(model):
        return []
    try:
        return fitting.problems(model, _finder(unit_id, model))
    except UnreadableModel:
        return []


def digests_of(unit_id: UUID, model: bytes) -> dict[str, str]:
    """Return the digests by which the templates of a model's steps enter an approval.

    A template that was retired is another than it was.
    """
    return {
        f"{template.id}@{template.version}": "retired"
        if shelf.retired
        else digest_of(template.content)
        for shelf, template in _used_by(unit_id, model)
    }


def names_of(unit_id: UUID, model: bytes) -> dict[str, str]:
    """Return what the templates are called that a readable model's steps were made from, by step.

    A step is left out whose template the catalogue no longer holds.
    """
    used = fitting.uses(model) if fitting.has_uses(model) else []
    known = shelves(unit_id, {use.template for use in used})
    return {use.element: known[use.template].latest.name for use in used if use.template in known}


def first_retired(unit_id: UUID, model: bytes) -> str:
    """Return what the first retired template of a model's steps is called; "" for none."""
    used = _used_by(unit_id, model)
    return next((template.name for shelf, template in used if shelf.retired), "")


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a template's JSON, in one form whatever the order of its members."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _used_by(unit_id: UUID, model: bytes) -> list[tuple[Shelf, Template]]:
    """Return the templates of the catalogue that a model's steps were made from, each version."""
    if not fitting.has_uses(model):
        return []
    try:
        named = fitting.uses(model)
    except UnreadableModel:
        return []
    known = shelves(unit_id, {use.template for use in named})
    found = ((known.get(use.template), use.version) for use in named)
    return [
        (shelf, shelf.versions[version])
        for shelf, version in found
        if shelf and version in shelf.versions
    ]


def _finder(unit_id: UUID, model: bytes) -> fitting.Find:
    found = shelves(unit_id, {use.template for use in fitting.uses(model)})

    def find(key: str, version: int) -> Found:
        shelf = found.get(key)
        return Found() if shelf is None else Found(shelf.versions.get(version), shelf.retired)

    return find


def _shelf(unit_id: UUID, key: str) -> Shelf:
    found = shelves(unit_id, [key]).get(key)
    if found is None:
        raise NotFound
    return found


def _read(row: StepTemplateVersion) -> Template:
    return _parsed(row.digest, json.dumps(row.content))


@lru_cache(maxsize=256)
def _parsed(_digest: str, text: str) -> Template:
    return reader.read(json.loads(text))


def _words_of(template: Template) -> str:
    told = (template.name, template.description, template.category, *template.keywords)
    return " ".join(told).casefold()


def _place_of(template: Template) -> tuple[str, str]:
    return template.category.casefold(), template.name.casefold()


def _users(unit_id: UUID, shelf: Shelf) -> list[User]:
    """Return the steps of open drafts and of live versions that were made from a template."""
    drafts = _naming(
        Draft.objects.filter(unit_id=unit_id).exclude(stage=Stage.PUBLISHED), shelf.key
    )
    live = Version.objects.filter(unit_id=unit_id).order_by("process_id", "-number")
    newest = live.distinct("process_id").values("pk")
    versions = _naming(Version.objects.filter(pk__in=newest), shelf.key)
    holders: list[Draft | Version] = [*versions.select_related("process")[:_MOST_USERS]]
    holders += drafts.select_related("process")[:_MOST_USERS]
    return [user for holder in holders for user in _steps(holder, shelf)]


def _naming(rows: Any, key: str) -> Any:
    """Narrow rows down to those whose model holds the name of a template at all."""
    escaped = key.replace("&", "&amp;").encode()
    place = Func(
        Value(escaped, BinaryField()),
        F("xml"),
        template="position(%(expressions)s)",
        arg_joiner=" IN ",
        output_field=IntegerField(),
    )
    return rows.alias(place=place).filter(place__gt=0)


def _steps(holder: Draft | Version, shelf: Shelf) -> list[User]:
    model = bytes(holder.xml)
    try:
        named = [use for use in fitting.uses(model) if use.template == shelf.key]
    except UnreadableModel:
        return []
    found = []
    for use in named:
        before, after = shelf.versions.get(use.version), shelf.latest
        effects = []
        if before is not None and before.version < after.version:
            said = fitting.said_at(model, use.element, (before, after))
            effects = impact.between(before, after, said)
        found.append(User(holder, use.name, use.element, use.version, effects))
    return found
