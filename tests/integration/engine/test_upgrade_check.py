"""What would stop an upgrade is said before it begins."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db import models as fields
from django.db.migrations.operations import AddField, AddIndex, RemoveField, RunSQL

from engine import store
from engine.errors import RunUnreadable
from engine.queries import upgrades
from engine.queries.upgrades import Weight
from engine.semantics.events import BY_TYPE
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(settings: Any, tmp_path: Path) -> Iterator[Floor]:
    settings.DATA_DIR = tmp_path
    with an_office().open() as office:
        yield a_floor(office)


def checked() -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("upgrade_check", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_nothing_stops_an_upgrade_to_what_runs(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    floor.start()

    status, said = checked()

    assert status == 0, said
    assert "No migration is pending" in said


def test_a_migration_to_come_is_named_with_its_locks(floor: Floor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'engine' AND name >= '0014_pulses'"
        )

    status, said = checked()

    assert status == 0
    assert "_pulses_tell_versions: Add field version to pulse" in said
    assert "for a moment; old code goes on" in said


@pytest.mark.parametrize(
    ("operation", "weight", "words"),
    [
        (AddField("job", "x", fields.TextField(default="")), Weight.MIND, "old code cannot write"),
        (RemoveField("job", "cause"), Weight.MIND, "stop old workers"),
        (RunSQL("SELECT 1"), Weight.MIND, "read them first"),
        (AddIndex("job", fields.Index(fields=["x"], name="x")), Weight.FINE, "nobody writes"),
    ],
)
def test_what_an_operation_does_to_others_is_said(
    operation: Any, weight: Weight, words: str
) -> None:
    found, said = upgrades._lock_of(operation, "engine")

    assert (found, words in said) == (weight, True)


def test_an_index_of_a_large_table_wants_a_quiet_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrades, "MANY_ROWS", 0)
    index = AddIndex("job", fields.Index(fields=["x"], name="x"))

    weight, said = upgrades._lock_of(index, "engine")

    assert (weight, "quiet hour" in said) == (Weight.MIND, True)


def test_a_journal_of_tomorrow_stops_it(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.deploy(line(user_task()))
    floor.start()
    known = {kind: event for kind, event in BY_TYPE.items() if kind != "token_placed"}
    monkeypatch.setattr(upgrades, "BY_TYPE", known)

    status, said = checked()

    assert (status, "1 runs have “token_placed”" in said) == (1, True)


def test_a_model_that_the_reader_refuses_stops_it_while_runs_are_alive(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_xml: bytes, _model_id: str) -> Any:
        raise RunUnreadable(reason="it is of another kind.")

    floor.deploy(line(user_task()))
    run = floor.start()
    monkeypatch.setattr(store, "deployed_process", refused)

    assert "has 1 runs alive and cannot be read" in checked()[1]
    monkeypatch.undo()
    floor.complete(floor.task(run))
    monkeypatch.setattr(store, "deployed_process", refused)
    assert "cannot be read" not in checked()[1]


def test_settings_disk_and_workers_of_before_are_named(
    floor: Floor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RENAMED_SETTINGS = {"OLD_NAME": "NEW_NAME"}
    monkeypatch.setenv("OLD_NAME", "1")
    monkeypatch.setattr(upgrades, "_LEAST_FREE", 10**18)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engine_pulse (worker, queue, version, seen_at)"
            " VALUES ('a:1/engine', 'engine', '0.0.9', engine_now()),"
            " ('b:2/engine', 'engine', '0.0.8', engine_now() - interval '1 hour')"
        )

    status, said = checked()

    assert status == 1
    assert "OLD_NAME is called NEW_NAME now" in said
    assert "Make room" in said
    assert "Worker a:1/engine runs 0.0.9" in said
    assert "b:2/engine" not in said
    assert "2 things stop the upgrade" in said
