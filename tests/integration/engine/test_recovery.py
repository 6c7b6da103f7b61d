"""Rows are lost or altered, at every stop of every kind of run; the journal gives them back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from common.context import automation
from engine import shadow
from engine.actions import recovery
from engine.conformance.stubs import Stubs
from engine.errors import JournalBroken
from engine.models.instances import Instance
from engine.models.queue import QueueEntry
from engine.queries import verification
from engine.rehearsal.world import DurableWorld, here
from governance.models.audit import AuditEntry
from tests.integration.engine.test_every_element import FILES, staged
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, gate, timer, user_task
from tests.support.office import an_office
from tests.support.sign_ins import signed_in_as, thawed

ACTOR = automation("rebuild")
#: Every eighth keeps each kind of wait, loop, call, compensation and complex gateway among them.
SAMPLE = FILES[::8]


@pytest.fixture
def kept_floor(transactional_db: None) -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


def findings(*instance_ids: UUID) -> list[str]:
    verified = verification.verify(instance_ids)
    return [f"{one.run}: {found.what}" for one in verified for found in one.findings]


def lose(instance_id: UUID) -> None:
    """Delete every row of a run that is not its journal."""
    with connection.cursor() as cursor:
        for table in reversed(shadow.TABLES):
            names = map(sql.Identifier, (table.name, table.run))
            cursor.execute(sql.SQL("DELETE FROM {} WHERE {} = %s").format(*names), [instance_id])


def alter(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def told(*words: str) -> tuple[int, str]:
    """Return the exit status of a command and what it said."""
    out = io.StringIO()
    try:
        call_command(*words, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


class Forgetful(DurableWorld):
    """A world that loses all rows of its runs whenever everything rests."""

    lost = 0

    def _settle(self) -> None:
        super()._settle()
        runs = list(Instance.objects.filter(unit_id=self.process.unit_id))
        assert findings(*(run.pk for run in runs)) == []
        for run in runs:
            lose(run.pk)
            recovery.rebuild(actor=ACTOR, instance_id=run.pk)
            self.lost += 1
        assert findings(*(run.pk for run in runs)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("file", SAMPLE, ids=lambda file: file.stem)
def test_a_run_goes_on_from_its_journal_alone(file: Path, floor: Floor) -> None:
    played, model = staged(file)
    stubs = Stubs(played.jobs)
    world = Forgetful(floor.process, floor.ola, model, stubs, here, played.decisions)

    played.play(world)

    assert world.lost


@pytest.mark.django_db
def test_votes_and_who_has_a_task_come_back(floor: Floor) -> None:
    floor.deploy(line(gate(quorum=2)))
    run = floor.start(title="A change", business_key="CHG-7")
    task = floor.task(run)
    floor.complete(task, by=floor.gita, decision="approve")
    was = Instance.objects.filter(pk=run.pk).values().get()
    lose(run.pk)

    recovery.rebuild(actor=ACTOR, instance_id=run.pk)

    assert Instance.objects.filter(pk=run.pk).values().get() == was
    floor.complete(floor.task(run), by=floor.sofia, decision="approve")
    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert findings(run.pk) == []


@pytest.mark.django_db
def test_each_altered_row_is_named_and_put_right(floor: Floor) -> None:
    floor.deploy(line(user_task(), timer()))
    run = floor.start(variables={}, title="A change")
    alter("UPDATE engine_instance SET state = 'COMPLETED' WHERE id = %s", run.pk)
    alter("UPDATE engine_token SET at = 'elsewhere' WHERE instance_id = %s", run.pk)
    alter("UPDATE engine_usertask SET quorum = 3 WHERE instance_id = %s", run.pk)
    alter(
        "INSERT INTO engine_timer (id, unit_id, instance_id, element, activity, due_at, cycle)"
        " SELECT gen_random_uuid(), unit_id, id, 'x', id, now(), '' FROM engine_instance"
        " WHERE id = %s",
        run.pk,
    )

    found = findings(run.pk)

    assert [line.split()[1] for line in found] == ["instance", "token", "timer", "usertask"]
    assert "state is 'COMPLETED', the journal gives 'WAITING'" in found[0]
    assert "knows of none" in found[2]
    dry = recovery.rebuild(actor=ACTOR, instance_id=run.pk, dry=True)
    assert (len(dry.changed), len(findings(run.pk))) == (4, 4)
    recovery.rebuild(actor=ACTOR, instance_id=run.pk)
    assert findings(run.pk) == []
    assert AuditEntry.objects.filter(code="run.rebuilt", subject_id=str(run.pk)).count() == 1
    assert recovery.rebuild(actor=ACTOR, instance_id=run.pk).changed == []


@pytest.mark.django_db
def test_what_is_due_is_queued_again_and_a_pause_stays_one(floor: Floor) -> None:
    floor.deploy(line(timer()))
    run = floor.start()
    was = QueueEntry.objects.filter(instance_id=run.pk).values("id", "kind", "due_at").get()
    alter("DELETE FROM engine_queueentry WHERE instance_id = %s", run.pk)
    assert "queueentry" in findings(run.pk)[0]
    recovery.rebuild(actor=ACTOR, instance_id=run.pk)
    assert QueueEntry.objects.filter(instance_id=run.pk).values(*was).get() == was

    alter("UPDATE engine_queueentry SET due_at = '9999-01-01' WHERE instance_id = %s", run.pk)
    assert "due_at" in findings(run.pk)[0]
    recovery.rebuild(actor=ACTOR, instance_id=run.pk)
    assert QueueEntry.objects.filter(instance_id=run.pk).values(*was).get() == was


def test_nothing_is_rebuilt_from_a_broken_journal(kept_floor: Floor) -> None:
    kept_floor.deploy(line(user_task()))
    run = kept_floor.start()
    with thawed("engine_journalrow"):
        alter("UPDATE engine_journalrow SET cause = 'cancel' WHERE instance_id = %s", run.pk)

    assert "events 1 to" in findings(run.pk)[0]
    with pytest.raises(JournalBroken):
        recovery.rebuild(actor=ACTOR, instance_id=run.pk)


def test_erased_values_are_said_and_are_no_fault(kept_floor: Floor) -> None:
    kept_floor.deploy(line(user_task()))
    run = kept_floor.start(title="About a person")
    alter("DELETE FROM engine_payload WHERE instance_id = %s", run.pk)

    status, said = told("verify_history", "--run", run.key)

    assert (status, "values were erased" in said) == (0, True)


def test_the_commands_work_as_their_own_sign_ins(kept_floor: Floor) -> None:
    kept_floor.deploy(line(user_task()))
    runs = [kept_floor.start() for _ in range(3)]
    with signed_in_as("engine"):
        assert told("verify_history")[0] == 0
    alter("UPDATE engine_scope SET live = 7 WHERE instance_id = %s", runs[1].pk)
    with signed_in_as("engine"):
        status, said = told("verify_history", "--json")
    document = json.loads(said)
    assert (status, document["runs"], len(document["findings"])) == (1, 3, 1)
    assert document["findings"][0]["run"] == runs[1].key
    assert "live is 7, the journal gives 1" in document["findings"][0]["what"]

    lose(runs[2].pk)
    assert told("rebuild", "--all", "--dry-run")[1].endswith(
        "2 would be rebuilt, 0 could not be.\n"
    )
    assert told("rebuild", "--all")[0] == 0
    with signed_in_as("engine"):
        assert told("verify_history")[0] == 0
