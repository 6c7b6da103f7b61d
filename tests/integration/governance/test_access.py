"""Roles, grants and relations decide; what no row names is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from common import tenancy
from common.problems import NotFound
from governance import access
from governance.errors import NotAllowed, NotBuilt
from governance.models.processes import Process
from governance.models.units import Role
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        yield office


@pytest.fixture
def process(office: Office) -> Process:
    return office.process(board=office.board())


def test_a_role_alone_does_not_start_runs_where_the_process_grants_nothing(
    office: Office, process: Process
) -> None:
    ben = office.person("Ben", Role.OPERATOR)

    with pytest.raises(NotAllowed):
        access.require("run.start", actor=ben, subject=process)

    office.grant("Ben", "start_run", process)
    access.require("run.start", actor=ben, subject=process)


def test_a_grant_alone_does_not_start_runs_without_the_role(
    office: Office, process: Process
) -> None:
    ana = office.person("Ana", Role.MODELLER)
    office.grant("Ana", "start_run", process)

    assert not access.may("run.start", actor=ana, subject=process)


def test_every_role_includes_viewer(office: Office, process: Process) -> None:
    for role in Role:
        somebody = office.person(f"Some {role.label}", role)
        assert access.may("process.view", actor=somebody, subject=process)


def test_a_person_of_another_unit_is_told_that_there_is_nothing(
    office: Office, process: Process
) -> None:
    other = an_office("retail")
    with tenancy.units_in_scope([office.unit.pk, other.unit.pk]):
        stranger = other.person("Stella", Role.ADMIN)
        with pytest.raises(NotFound):
            access.require("process.view", actor=stranger, subject=process)


def test_an_act_that_is_not_built_says_so(office: Office, process: Process) -> None:
    ben = office.person("Ben", Role.OPERATOR)
    with pytest.raises(NotBuilt):
        access.require("release.create", actor=ben, subject=process)


def test_rows_of_a_unit_out_of_scope_are_not_seen(office: Office, process: Process) -> None:
    with tenancy.units_in_scope([]):
        assert not Process.objects.exists()
    assert Process.objects.get() == process
