"""What stands between this release's code and the database of an earlier one.

Asked before the schema is migrated, so nothing is read by models: columns that are new are not
there yet.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import (
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from common.governed import Govern
from engine import codec, store
from engine.semantics.errors import told
from engine.semantics.events import BY_TYPE

#: A table of more rows takes long enough to look through that people notice the lock.
MANY_ROWS = 100_000
_LEAST_FREE = 1024**3
_SHARE_FREE = 0.2
#: Seconds without a pulse, and a worker is taken to be gone.
_ALIVE = 20

_SIZE = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(%s)"
_WRITTEN = """
SELECT e->>'type', (e->>'schema')::int, max(j.schema), count(DISTINCT j.instance_id)
FROM engine_journalrow j JOIN engine_instance i ON i.id = j.instance_id AND i.ended_at IS NULL,
    json_array_elements(j.events::json) e
GROUP BY 1, 2
"""
_MODELS = """
SELECT p.name, d.number, d.xml, coalesce(to_jsonb(d)->>'model_id', ''), count(*)
FROM engine_instance i JOIN engine_deployment d ON d.id = i.deployment_id
JOIN governance_process p ON p.id = d.process_id
WHERE i.ended_at IS NULL GROUP BY p.name, d.id ORDER BY 1, 2
"""
_WORKERS = """
SELECT p.worker, coalesce(to_jsonb(p)->>'version', '') FROM engine_pulse p
WHERE p.seen_at > engine_now() - %s * interval '1 second' ORDER BY 1
"""


class Weight(StrEnum):
    """Whether something stops an upgrade, wants to be thought of, or is in order."""

    STOPS = "STOPS"
    MIND = "MIND"
    FINE = "FINE"


#: What an operation does to those who work meanwhile, by its kind.
_LOCKS: tuple[tuple[tuple[type[Operation], ...], Weight, str | Promise], ...] = (
    ((CreateModel, Govern), Weight.FINE, gettext_lazy("touches nothing that is in use")),
    (
        (RemoveField, DeleteModel, RenameField, RenameModel, AlterField),
        Weight.MIND,
        gettext_lazy(
            "takes the table for itself, for a moment; code of before it may fail: stop old "
            "workers and web first"
        ),
    ),
    (
        (RunSQL, RunPython),
        Weight.MIND,
        gettext_lazy("runs statements of its own: read them first"),
    ),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about the upgrade, in words."""

    weight: Weight
    text: str


def migrations() -> Iterator[Remark]:
    """Yield each operation of the migrations to come, with the lock it takes and for how long."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        yield Remark(Weight.FINE, _("No migration is pending."))
    for migration, _backwards in plan:
        for operation in migration.operations:
            weight, lock = _lock_of(operation, migration.app_label)
            what = f"{migration.app_label}.{migration.name}: {operation.describe()}"
            yield Remark(weight, f"{what}: {lock}")


def journals() -> Iterator[Remark]:
    """Yield what is written in the journals of runs alive and this code does not know.

    The units asked about are in scope.
    """
    for kind, schema, row_schema, runs in _rows(_WRITTEN):
        known = BY_TYPE.get(kind)
        if known is None or schema > known.schema or row_schema > codec.SCHEMA:
            text = _(
                "{runs} runs have “{kind}” (schema {schema}) in their journals, which this release "
                "does not know. Upgrade to the release that wrote it, or a later one."
            )
            yield Remark(Weight.STOPS, text.format(runs=runs, kind=kind, schema=schema))


def models() -> Iterator[Remark]:
    """Yield each deployed model with runs alive that this code's reader refuses."""
    for process, number, xml, model_id, runs in _rows(_MODELS):
        try:
            store.deployed_process(bytes(xml), model_id)
        except DomainError as error:
            text = _("{process} v{number} has {runs} runs alive and cannot be read: {said}")
            words = {"process": process, "number": number, "runs": runs, "said": told(error)}
            yield Remark(Weight.STOPS, text.format(**words))


def renamed_settings(environ: Mapping[str, str] = os.environ) -> Iterator[Remark]:
    """Yield each setting that is given under a name which is not heard any more."""
    for old, new in settings.RENAMED_SETTINGS.items():
        if old in environ and new not in environ:
            text = _("{old} is called {new} now. Rename it where the settings are kept.")
            yield Remark(Weight.STOPS, text.format(old=old, new=new))


def disk_space(data: Path) -> Iterator[Remark]:
    """Yield whether the disk of the data folder has room for what a migration may write twice."""
    free = shutil.disk_usage(data).free
    ((size,),) = _rows("SELECT pg_database_size(current_database())")
    wanted = max(_LEAST_FREE, int(size * _SHARE_FREE))
    text = _("{free:.1f} GB are free at {data}; the database has {size:.1f} GB.").format(
        free=free / 1e9, data=data, size=size / 1e9
    )
    if free < wanted:
        need = _("Make room: {wanted:.1f} GB are wanted.").format(wanted=wanted / 1e9)
        yield Remark(Weight.STOPS, f"{text} {need}")
    else:
        yield Remark(Weight.FINE, text)


def workers() -> Iterator[Remark]:
    """Yield the workers that run another version than this one."""
    for worker, version in _rows(_WORKERS, _ALIVE):
        if version != settings.VERSION:
            text = _("Worker {worker} runs {version}; stop it before anything is taken away.")
            named = version or _("a version that does not say which")
            yield Remark(Weight.MIND, text.format(worker=worker, version=named))


def _lock_of(operation: Operation, app: str) -> tuple[Weight, str]:
    """Return what an operation does to those who work meanwhile."""
    if isinstance(operation, AddField):
        return _added(operation)
    if isinstance(operation, AddIndex):
        return _indexed(f"{app}_{operation.model_name}")
    for kinds, weight, words in _LOCKS:
        if isinstance(operation, kinds):
            return weight, str(words)
    return Weight.FINE, _("takes the table for itself, for a moment")


def _added(operation: AddField) -> tuple[Weight, str]:
    field = operation.field
    if field.null or field.has_db_default() or field.many_to_many:
        return Weight.FINE, _("takes the table for itself, for a moment; old code goes on")
    return Weight.MIND, _("old code cannot write rows without it: stop old workers and web first")


def _indexed(table: str) -> tuple[Weight, str]:
    found = _rows(_SIZE, table)
    rows = int(found[0][0]) if found else 0
    if rows < MANY_ROWS:
        return Weight.FINE, _("nobody writes the table for a moment")
    text = _("nobody writes {table} while its {rows} rows are indexed: choose a quiet hour")
    return Weight.MIND, text.format(table=table, rows=f"{rows:,}")


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
