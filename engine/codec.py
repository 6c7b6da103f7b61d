"""Events and state to JSON and back, each with its schema number.

The text is canonical (sorted names, no spaces), because journals are hashed as text. Values never
stand in an event's text: they are *sealed*, which puts a salted digest in their place and the value
into a vault that lies apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, TypeAlias

from engine.errors import NewerJournal
from engine.references import Reference, reference_to, referred
from engine.semantics import events
from engine.semantics.events import BY_TYPE, Event, Passage, Passing
from engine.semantics.state import (
    Activation,
    Awaited,
    Call,
    Compensable,
    Compensation,
    Incident,
    InstanceState,
    Job,
    JobStatus,
    Loop,
    Scope,
    Status,
    Subscription,
    Timer,
    Token,
    TokenStatus,
    UserTask,
    Vote,
)

#: Of journal rows, of the state's text, and of all rows of a run. A release that writes what the
#: one before cannot read counts it up: workers of that one then leave the run to others.
SCHEMA = 2
Json: TypeAlias = dict[str, Any]

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

#: What may hold words or data of persons, or be large: sealed as a whole.
SEALED: Mapping[type[Event], tuple[str, ...]] = {
    events.InstanceStarted: ("business_key", "title"),
    events.InstancePaused: ("reason",),
    events.InstanceResumed: ("reason",),
    events.InstanceCancelled: ("reason",),
    events.UserTaskCreated: ("assignee", "candidate_users"),
    events.UserTaskVoted: ("reason",),
    events.AttemptFailed: ("cause",),
    events.IncidentRaised: ("cause",),
    events.MessageAwaited: ("key",),
    events.LoopStarted: ("items",),
    events.LoopItemCompleted: ("value",),
    events.LoopItemsPassed: ("outputs",),
    events.DecisionMade: ("record",),
    events.CallStarted: ("variables",),
    events.CallFailed: ("cause",),
    events.SignalThrown: ("variables",),
    events.MessageThrown: ("key", "variables"),
    events.ErrorThrown: ("message",),
    events.ErrorEscaped: ("message", "variables"),
    events.EscalationEscaped: ("variables",),
    events.ActivityCompensable: ("variables",),
}
#: Variables, which have names: each value is sealed by itself.
SEALED_EACH: Mapping[type[Event], str] = {
    events.VariablesSet: "values",
    events.Glided: "written",
    events.LoopItemsPassed: "written",
}
#: Fields that came after their class: they are written where they say something, so that what an
#: earlier release wrote is still the text of its event.
_LATER: Mapping[type[Event], tuple[str, ...]] = {
    events.InstanceStarted: (
        *("called", "number", "title", "deployment", "starter", "account"),
        *("caller", "visit", "depth"),
    ),
    events.TimerScheduled: ("joint",),
    events.MessageAwaited: ("joint",),
    events.JobCreated: ("listener", "deadline_at"),
    events.JobRetried: ("deadline_at",),
}
_LATER_DEFAULTS: Mapping[type[Event], Sequence[tuple[str, Any]]] = {
    kind: [(item.name, item.default) for item in fields(kind) if item.name in names]
    for kind, names in _LATER.items()
}
_FIELDS: Mapping[type[Event], tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind)) for kind in BY_TYPE.values()
}
_TUPLES = frozenset({"candidate_groups", "candidate_users", "flows"})
#: How fields are read that JSON does not say as they are.
_ITEMS: Mapping[str, Callable[[Any], Any]] = {
    "passages": lambda found: tuple(
        Passage(element, Passing(passing), tuple(flows)) for element, passing, flows in found
    ),
    "written": lambda found: [(name, value) for name, value in found],
    "passing": Passing,
}
#: What stands where a value was erased; where none is allowed, the empty value of its kind.
ERASED = None

# Made once: json.dumps would make one at each call, and most values are shorter than that takes.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
#: Among the values of an advance, which all have digests for names: those that lie apart.
_APART = "apart"

#: The tables of a state. Those that came later are left out of its text where they are empty.
_FIRST_TABLES: Mapping[str, type[Any]] = {
    "scopes": Scope,
    "tokens": Token,
    "user_tasks": UserTask,
    "jobs": Job,
    "timers": Timer,
    "subscriptions": Subscription,
    "incidents": Incident,
}
TABLES: Mapping[str, type[Any]] = {
    **_FIRST_TABLES,
    "loops": Loop,
    "calls": Call,
    "compensables": Compensable,
    "compensations": Compensation,
    "activations": Activation,
}
#: How a field of a row is read, where JSON does not say it as it is.
_READ: Mapping[tuple[type[Any], str], Callable[[Any], Any]] = {
    (Token, "status"): TokenStatus,
    (Token, "resumes"): lambda text: None if text is None else TokenStatus(text),
    (UserTask, "votes"): lambda votes: tuple(Vote(**vote) for vote in votes),
    (Job, "status"): JobStatus,
    (Subscription, "kind"): Awaited,
    (Loop, "outputs"): lambda outputs: {int(number): value for number, value in outputs.items()},
    (Activation, "flows"): tuple,
}


@dataclass(slots=True)
class Vault:
    """The values of one advance, by the digest that stands for them in its events."""

    salt: str
    values: dict[str, Any] = field(default_factory=dict)
    apart: dict[str, Reference] = field(default_factory=dict)
    """Of the values that were put away, those that are too large to lie with the others."""

    def seal(self, value: Any) -> str:
        """Put a value away and return its digest (SHA-256 over the salt and canonical JSON)."""
        text = canonical(value)
        digest = hashlib.sha256(f"{self.salt}{text}".encode()).hexdigest()
        self.values[digest] = value
        if (reference := reference_to(text)) is not None:
            self.apart[digest] = reference
        return digest

    def open(self, digest: str) -> Any:
        """Return the value of a digest, or None once it was erased."""
        return self.values.get(digest, ERASED)


def values_text(vault: Vault) -> str:
    """Return the values of an advance as they are kept; of large ones, where they lie."""
    if not vault.apart:
        return canonical(vault.values)
    near = {key: value for key, value in vault.values.items() if key not in vault.apart}
    apart = {key: reference.text for key, reference in vault.apart.items()}
    return canonical({**near, _APART: apart})


def values_of(text: str, read: Callable[[Reference], Any] | None = None) -> dict[str, Any]:
    """Return the values of an advance by digest; for large ones their references, or what is read.

    Those of which nothing can be read were erased, and are missing.
    """
    values: dict[str, Any] = json.loads(text)
    for key, stored in values.pop(_APART, {}).items():
        reference = referred(stored)
        value = read(reference) if read and reference else reference
        if value is not ERASED:
            values[key] = value
    return values


def canonical(value: Any) -> str:
    """Return the one JSON text of a value."""
    return _CANONICAL.encode(value)


def value_of(text: str) -> Any:
    """Return the value of a variable's text."""
    return json.loads(text)


def plain(event: Event) -> Json:
    """Return an event as JSON can say it, values and all."""
    found: Json = {"type": event.type, "schema": event.schema}
    for name in _FIELDS[type(event)]:
        value = getattr(event, name)
        found[name] = value.isoformat() if isinstance(value, datetime) else value
    return _without_defaults(event, found)


def sealed(event: Event, vault: Vault) -> Json:
    """Return an event with digests where values stood; what is empty needs no digest."""
    found = plain(event)
    if type(event) in SEALED_EACH:
        values = SEALED_EACH[type(event)]
        found[values] = _each(found[values], vault.seal)
    for name in SEALED.get(type(event), ()):
        if not _is_empty(found.get(name)):
            found[name] = vault.seal(found[name])
    return found


def encode(happened: Iterable[Event], vault: Vault) -> str:
    """Return the canonical text of some events, their values put into the vault."""
    return canonical([sealed(event, vault) for event in happened])


def decode(text: str, vault: Vault | None = None) -> list[Event]:
    """Return the events of a journal row; without the vault, digests stand for values.

    Raises:
        NewerJournal: a newer release wrote one of them.
    """
    return [event_of(_opened(found, vault) if vault else found) for found in json.loads(text)]


def event_of(found: Mapping[str, Any]) -> Event:
    """Return the event that a JSON object says.

    Raises:
        NewerJournal: its type or schema is not known here.
    """
    kind = BY_TYPE.get(found["type"])
    if kind is None or found["schema"] > kind.schema:
        raise NewerJournal(type=found["type"], schema=found["schema"])
    return kind(**{name: _field(name, found[name]) for name in _FIELDS[kind] if name in found})


def state_text(state: InstanceState) -> str:
    """Return the canonical text of a state: what two states are compared by."""
    found: Json = {
        "schema": SCHEMA,
        "instance": state.instance,
        "process": state.process,
        "status": state.status.value,
        "seq": state.seq,
        "transitions": state.transitions,
    }
    if state.called:
        found["called"] = True
    for table in TABLES:
        rows = getattr(state, table)
        if rows or table in _FIRST_TABLES:
            found[table] = {key: _json_of(row) for key, row in rows.items()}
    return canonical(found)


def state_of(text: str) -> InstanceState:
    """Return the state that a text says, its indexes not yet filled."""
    found = json.loads(text)
    state = InstanceState(
        instance=found["instance"],
        process=found["process"],
        status=Status(found["status"]),
        seq=found["seq"],
        transitions=found["transitions"],
        called=found.get("called", False),
    )
    for table, kind in TABLES.items():
        rows = {key: _row(kind, row) for key, row in found.get(table, {}).items()}
        setattr(state, table, rows)
    return state


def _row(kind: type[Any], found: Json) -> Any:
    return kind(
        **{
            name: _READ[kind, name](value) if (kind, name) in _READ else _field(name, value)
            for name, value in found.items()
        }
    )


def journal_hash(prev_hash: str, header: Sequence[str | int | None], text: str) -> str:
    """Return the hash of a journal row: over its header, its events' text and the hash before."""
    content = canonical([prev_hash, *header, text])
    return hashlib.sha256(content.encode()).hexdigest()


def _opened(found: Json, vault: Vault) -> Json:
    kind = BY_TYPE.get(found["type"])
    if kind is None:
        return found
    if kind in SEALED_EACH:
        values = SEALED_EACH[kind]
        found = {**found, values: _each(found[values], vault.open)}
    sealed_fields = [name for name in SEALED.get(kind, ()) if not _is_empty(found.get(name))]
    return {**found, **{name: _open(kind, name, found[name], vault) for name in sealed_fields}}


def _each(values: Any, change: Callable[[Any], Any]) -> Any:
    """Return values by name, or pairs of a name and a value, with each value changed."""
    if isinstance(values, dict):
        return {name: change(value) for name, value in values.items()}
    return [(name, change(value)) for name, value in values]


def _open(kind: type[Event], name: str, digest: str, vault: Vault) -> Any:
    opened = vault.open(digest)
    return _empty_of(kind, name) if opened is ERASED else opened


def _empty_of(kind: type[Event], name: str) -> Any:
    factory = {item.name: item.default_factory for item in fields(kind)}[name]
    if factory is not MISSING:
        return factory()
    return None if kind is events.LoopItemCompleted else ""


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def _without_defaults(event: Event, found: Json) -> Json:
    """Leave out the later fields that say nothing."""
    for name, default in _LATER_DEFAULTS.get(type(event), ()):
        if found[name] == default:
            del found[name]
    return found


def _field(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    if name in _ITEMS:
        return _ITEMS[name](value)
    return tuple(value) if name in _TUPLES else value


def _json_of(row: Any) -> Json:
    """Return a row without what it says by default: thousands of them make a state."""
    return {
        name: _said(getattr(row, name))
        for name, default in _DEFAULTS[type(row)].items()
        if getattr(row, name) != default
    }


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [asdict(item) if isinstance(item, Vote) else item for item in value]
    return value


def _default_of(item: Field[Any]) -> Any:
    return item.default if item.default_factory is MISSING else item.default_factory()


_DEFAULTS: Mapping[type[Any], Mapping[str, Any]] = {
    kind: {item.name: _default_of(item) for item in fields(kind)} for kind in TABLES.values()
}
