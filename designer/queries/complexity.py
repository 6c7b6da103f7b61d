"""How hard a drawing is to read: our measures of each level, and another program's beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.context import Actor
from designer import files
from designer.models.drafts import Draft
from designer.queries import rules
from designer.queries.resources import Holder
from designer.versioning import model_digest
from engine import bridge
from engine.bpmn.parser import read
from engine.bpmn.process import Process
from engine.complexity import Measures, measured
from engine.lint import BY_CODE, Level, Setting
from engine.soundness import levels
from engine.xml import UnreadableModel
from governance import access

_KEPT_FOR = 24 * 60 * 60
_WORDS = {
    "size": gettext_lazy("Steps, events and gateways"),
    "activities": gettext_lazy("Steps"),
    "gateways": gettext_lazy("Gateways"),
    "flows": gettext_lazy("Flows"),
    "control_flow": gettext_lazy("Control-flow complexity (CFC)"),
    "depth": gettext_lazy("Splits around a step"),
    "network": gettext_lazy("Flows for each node (CNC)"),
    "density": gettext_lazy("Density"),
    "sequentiality": gettext_lazy("Sequentiality"),
    "heterogeneity": gettext_lazy("Mixture of gateways"),
    "cyclicity": gettext_lazy("Share on loops"),
    "degree": gettext_lazy("Flows at a gateway, on average"),
    "widest": gettext_lazy("Flows at a gateway, at most"),
}
#: Which rule sets the limit of a measure.
_LIMITS = {"size": "too_many_steps", "control_flow": "control_flow_complex", "depth": "nested_deep"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure. Texts are as people read them; empty where there is nothing to say."""

    key: str
    words: str
    value: str
    limit: str
    above: bool
    other: str


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level: the process itself, or the inside of a sub-process by its id."""

    level: str
    name: str
    measures: list[Measured]


@dataclass(frozen=True, slots=True)
class Beside:
    """What bpmn-python says: whether it could be asked, a sentence about that, its measures."""

    state: str
    sentence: str
    measures: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class ComplexityView:
    """The measures of a drawing."""

    levels: list[LevelView]
    beside: Beside


def of_draft(*, actor: Actor, draft_id: UUID) -> ComplexityView:
    """Measure what a draft holds.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    beside = _beside(bytes(draft.xml))
    return ComplexityView(levels=list(_levels(draft, beside.measures)), beside=beside)


def of_holder(holder: Holder) -> list[LevelView]:
    """Return our own measures of a draft, a candidate or a version."""
    return list(_levels(holder, {}))


def _levels(holder: Holder, others: Mapping[str, float | None]) -> Iterator[LevelView]:
    settings = rules.settings_of(holder.process)
    try:
        model = read(bytes(holder.xml))
    except UnreadableModel:
        return
    for process in model.executable:
        for level in levels(process):
            told = others if level == "" else {}
            yield LevelView(
                level=level,
                name=_name(process, level),
                measures=list(_rows(measured(process, level), settings, told)),
            )


def _name(process: Process, level: str) -> str:
    node = process.nodes.get(level)
    return (node.name if node else process.name) or _("Without a name")


def _rows(
    found: Measures, settings: Mapping[str, Setting], others: Mapping[str, float | None]
) -> Iterator[Measured]:
    for key, words in _WORDS.items():
        value: float = getattr(found, key)
        limit = _limit(key, settings)
        other = others.get(key)
        yield Measured(
            key=key,
            words=str(words),
            value=f"{value:g}",
            limit="" if limit is None else f"{limit:g}",
            above=limit is not None and value > limit,
            other="" if other is None else f"{other:g}",
        )


def _limit(key: str, settings: Mapping[str, Setting]) -> int | None:
    code = _LIMITS.get(key)
    if code is None:
        return None
    setting = settings.get(code) or Setting.usual(BY_CODE[code])
    return None if setting.level is Level.OFF else setting.limit


def _beside(xml: bytes) -> Beside:
    """Ask bpmn-python; what it says of a model is kept, for it takes seconds."""
    key = f"bpmn-python.{model_digest(xml)}"
    known: Mapping[str, float | None] | None = cache.get(key)
    if known is None:
        asked = _asked(xml)
        if isinstance(asked, Beside):
            return asked
        known = asked
        cache.set(key, known, _KEPT_FOR)
    sentence = _(
        "bpmn-python measures the file as a whole, and keeps one flow where two connect the same "
        "steps, as in a loop of two."
    )
    return Beside("told", sentence, known)


def _asked(xml: bytes) -> Any:
    try:
        return bridge.ask("measures", files.text_of(xml))
    except bridge.BridgeMissing:
        sentence = _("bpmn-python is not installed beside Interlock: its figures are left out.")
        return Beside("absent", sentence, {})
    except bridge.BridgeFailed as refusal:
        words = _("bpmn-python could not measure it: {reason}.")
        return Beside("failed", words.format(reason=refusal.context["reason"]), {})
