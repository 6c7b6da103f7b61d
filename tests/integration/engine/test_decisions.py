"""Decisions that travel with a version: kept with it, made by its runs, never changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from engine.bpmn.errors import NotExecutable
from engine.models.deployments import DeploymentResource
from engine.models.incidents import Incident
from engine.models.journal import JournalRow, Payload
from engine.queries import journals
from engine.queries.instances import variables_of
from tests.support.decisions import asks, rules
from tests.support.drawings import line
from tests.support.floor import Floor, user_task

pytestmark = pytest.mark.django_db


def given(name: str, value: str) -> str:
    """Return a script task that leaves a variable."""
    return (
        f'<scriptTask id="{name}"><extensionElements><zeebe:script expression="={value}" '
        f'resultVariable="{name}"/></extensionElements></scriptTask>'
    )


def test_a_run_gets_the_decision_of_its_own_version(floor: Floor) -> None:
    model = line(given("amount", "500"), asks(), user_task())
    floor.deploy(model, files={"route.dmn": rules()})
    first = floor.start()
    floor.deploy(model, files={"route.dmn": rules(high='"cab"')})
    second = floor.start()
    assert [variables_of(one.pk)["team"] for one in (first, second)] == ["board", "cab"]


def test_the_record_of_the_decision_is_in_the_journal(floor: Floor) -> None:
    floor.deploy(line(given("amount", "5"), asks()), files={"route.dmn": rules()})
    run = floor.start()
    digest = DeploymentResource.objects.get().digest
    events = str([row.events for row in JournalRow.objects.filter(instance_id=run.pk)])
    assert digest in events
    kept = "".join(one.values for one in Payload.objects.filter(instance_id=run.pk))
    assert "table_route" in kept
    assert list(journals.differences(run.pk)) == []


def test_a_decision_named_by_an_expression_that_no_file_holds_asks_for_help(floor: Floor) -> None:
    floor.deploy(line(asks("=&quot;other&quot;")), files={"route.dmn": rules()})
    run = floor.start()
    [incident] = Incident.objects.filter(instance=run)
    assert incident.code == "engine.decision_unknown"
    assert "route" in incident.cause


@pytest.mark.parametrize("decisions", [{}, {"a.dmn": rules("x")}, {"a.dmn": rules(low='"')}])
def test_a_version_without_a_sound_decision_is_refused(
    floor: Floor, decisions: dict[str, bytes]
) -> None:
    with pytest.raises(NotExecutable) as refused:
        floor.deploy(line(asks()), files=decisions)
    assert refused.value.problems
    assert not DeploymentResource.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE {table} SET name = 'x'", "DELETE FROM {table}"])
def test_what_came_with_a_version_never_changes(floor: Floor, statement: str) -> None:
    floor.deploy(line(asks()), files={"route.dmn": rules()})
    table = DeploymentResource._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))
