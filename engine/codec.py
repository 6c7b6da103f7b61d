"""Events and state to JSON and back, each with its schema number.

The text is canonical (sorted names, no spaces), because journals are hashed as text. Values never
stand in an event's text: they are *sealed*, which puts a salted digest in their place and the value
into a vault that lies apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, TypeAlias

from engine.errors import NewerJournal
from engine.semantics import events
from engine.semantics.events import BY_TYPE, Event
from engine.semantics.state import InstanceState

#: Of journal rows and of the state's text.
SCHEMA = 1
Json: TypeAlias = dict[str, Any]

#: What may hold words or data of persons, or be large: sealed as a whole.
_SEALED: Mapping[type[Event], tuple[str, ...]] = {
    events.InstanceStarted: ("business_key",),
    events.InstancePaused: ("reason",),
    events.InstanceResumed: ("reason",),
    events.InstanceCancelled: ("reason",),
    events.UserTaskCreated: ("assignee", "candidate_users"),
    events.UserTaskVoted: ("reason",),
    events.AttemptFailed: ("cause",),
    events.IncidentRaised: ("cause",),
    events.MessageAwaited: ("key",),
}
_FIELDS: Mapping[type[Event], tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind)) for kind in BY_TYPE.values()
}
_TUPLES = frozenset({"candidate_groups", "candidate_users"})
#: What stands where a value was erased.
ERASED = None


@dataclass(slots=True)
class Vault:
    """The values of one advance, by the digest that stands for them in its events."""

    salt: str
    values: dict[str, Any] = field(default_factory=dict)

    def seal(self, value: Any) -> str:
        """Put a value away and return its digest (SHA-256 over the salt and canonical JSON)."""
        digest = hashlib.sha256(f"{self.salt}{canonical(value)}".encode()).hexdigest()
        self.values[digest] = value
        return digest

    def open(self, digest: str) -> Any:
        """Return the value of a digest, or None once it was erased."""
        return self.values.get(digest, ERASED)


def canonical(value: Any) -> str:
    """Return the one JSON text of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def value_of(text: str) -> Any:
    """Return the value of a variable's text."""
    return json.loads(text)


def plain(event: Event) -> Json:
    """Return an event as JSON can say it, values and all."""
    found: Json = {"type": event.type, "schema": event.schema}
    for name in _FIELDS[type(event)]:
        value = getattr(event, name)
        found[name] = value.isoformat() if isinstance(value, datetime) else value
    return found


def sealed(event: Event, vault: Vault) -> Json:
    """Return an event with digests where values stood; what is empty needs no digest."""
    found = plain(event)
    if isinstance(event, events.VariablesSet):
        found["values"] = {name: vault.seal(value) for name, value in event.values.items()}
    for name in _SEALED.get(type(event), ()):
        if found[name]:
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
    tables = ("scopes", "tokens", "user_tasks", "jobs", "timers", "subscriptions", "incidents")
    found: Json = {
        "schema": SCHEMA,
        "instance": state.instance,
        "process": state.process,
        "status": state.status.value,
        "seq": state.seq,
        "transitions": state.transitions,
    }
    for table in tables:
        rows = getattr(state, table)
        found[table] = {key: _json_of(row) for key, row in rows.items()}
    return canonical(found)


def journal_hash(prev_hash: str, header: Sequence[str | int | None], text: str) -> str:
    """Return the hash of a journal row: over its header, its events' text and the hash before."""
    content = canonical([prev_hash, *header, text])
    return hashlib.sha256(content.encode()).hexdigest()


def _opened(found: Json, vault: Vault) -> Json:
    kind = BY_TYPE.get(found["type"])
    if kind is events.VariablesSet:
        values = {name: vault.open(digest) for name, digest in found["values"].items()}
        return {**found, "values": values}
    names = _SEALED.get(kind, ()) if kind else ()
    return {**found, **{name: _open(found[name], vault) for name in names if found.get(name)}}


def _open(value: Any, vault: Vault) -> Any:
    opened = vault.open(value)
    return "" if opened is ERASED else opened


def _field(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return tuple(value) if name in _TUPLES else value


_PLAIN: Mapping[type[Any], Callable[[Any], Any]] = {datetime: datetime.isoformat}


def _json_of(row: Any) -> Any:
    return {
        name: _PLAIN.get(type(value), lambda same: same)(value)
        for name, value in asdict(row).items()
    }
