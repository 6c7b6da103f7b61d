"""Values too large to lie where they are used: kept once for a run, by digest, and referred to.

A row that would hold such a value holds a reference instead, so that whoever passes by neither
reads nor writes it. It is read when an expression, a mapping or a connector asks for its name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import ItemsView, Iterator, ValuesView
from typing import Any
from uuid import UUID

from django.db import connection

from engine.errors import ValueDamaged
from engine.references import Reference, referred

_READ = "SELECT value FROM engine_largevalue WHERE instance_id = %s AND digest = %s"


def found(instance_id: UUID, reference: Reference) -> Any:
    """Return a large value of a run as it is kept, true or not; None where it was erased."""
    text = _stored(instance_id, reference)
    return None if text is None else json.loads(text)


def read(instance_id: UUID, reference: Reference) -> Any:
    """Return a large value of a run.

    Raises:
        ValueDamaged: it is gone, or is not the one that was kept.
    """
    text = _stored(instance_id, reference)
    if text is None or hashlib.sha256(text.encode()).hexdigest() != reference.digest:
        raise ValueDamaged(size=reference.size)
    return json.loads(text)


def value_of(instance_id: UUID, stored: str) -> Any:
    """Return the value of a row's text, wherever it lies.

    Raises:
        ValueDamaged: it lies apart, and is gone or altered.
    """
    reference = referred(stored)
    return json.loads(stored) if reference is None else read(instance_id, reference)


def _stored(instance_id: UUID, reference: Reference) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [instance_id, reference.digest])
        row = cursor.fetchone()
    return str(row[0]) if row else None


class Values(dict[str, Any]):
    """Variables of which some lie apart: one of these is read when it is first asked for.

    Names are known without that. Every way to the values goes through `__getitem__`.
    """

    def __init__(self, instance_id: UUID) -> None:
        super().__init__()
        self._instance_id = instance_id

    def put(self, name: str, stored: str) -> None:
        """Put in what a row holds."""
        reference = referred(stored)
        self[name] = json.loads(stored) if reference is None else reference

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Reference):
            value = self[name] = read(self._instance_id, value)
        return value

    def __iter__(self) -> Iterator[str]:
        # Without one of its own, dict(…) would copy what lies inside and ask for nothing.
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value by its name."""
        try:
            return self[name]
        except KeyError:
            return default

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        """Return names and values, each value read when its turn comes."""
        return ItemsView(self)

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        """Return the values, each read when its turn comes."""
        return ValuesView(self)
