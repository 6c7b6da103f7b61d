"""Role by act: what each role may, written out here by hand and held against the one table.

The text below is read from the rules of the product, not from the code. A row says who may do the
act; a word in brackets says what the act needs besides the role: a grant on the process, or that
the subject calls the person so. A word after the bar opens the act without any role. `not own`
means that rule 1 takes it from whoever wrote, changed, started or asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from common import tenancy
from common.context import Actor, automation
from common.problems import NotFound
from governance import access
from governance.access_table import ROLES, TABLE
from governance.errors import NotBuilt, OwnWork
from governance.models.processes import Process
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

EVERYBODY = "viewer modeller reviewer operator auditor admin"

MATRIX = f"""
process.view       : {EVERYBODY}
template.view      : {EVERYBODY}
version.view       : {EVERYBODY} | member
run.view           : {EVERYBODY}
incident.view      : {EVERYBODY}
circuit.view       : {EVERYBODY}
metrics.view       : operator admin
review.view        : {EVERYBODY} | member
user_task.view     : {EVERYBODY} | candidate
work.view          : {EVERYBODY} | anyone
draft.view         : {EVERYBODY}
report.view        : reviewer auditor admin
access.view        : auditor admin
health.view        : reviewer auditor admin | owner

process.register   : modeller
process.change     : modeller [owner]
process.transfer   : | owner
draft.create       : modeller
draft.edit         : modeller [author or edit_draft]
draft.comment      : modeller reviewer
version.comment    : modeller reviewer
thread.view        : {EVERYBODY}
thread.resolve     : modeller reviewer
mention.read       : {EVERYBODY}
draft.try          : modeller [author or edit_draft]
model.import       : modeller
model.download     : modeller
review.submit      : modeller [author]
review.withdraw    : modeller [author]

review.comment     : modeller reviewer auditor
review.vote        : reviewer [member] not own
version.publish    : reviewer operator

run.start          : operator [start_run]
message.publish    : operator [start_run]
run.pause          : operator [operate_run]
run.resume         : operator [operate_run]
run.cancel         : operator [operate_run]
run.release        : operator [operate_run]
incident.retry     : operator
circuit.reset      : operator admin

user_task.claim    : | candidate, not own
user_task.complete : | candidate, not own

audit.read         : auditor admin

board.keep         : admin
team.keep          : admin
connection.keep    : admin
catalogue.keep     : admin
rule.keep          : admin
quota.set          : admin
person.keep        : admin not own
grant.give         : admin not own
"""

#: Acts of the table that nobody is offered yet, or ever.
NOT_OFFERED = frozenset(
    """
    secret.use webhook.define version.deprecate
    elevation.grant run.migrate user_task.reassign release.create release.share release.roll_back
    elevation.ask run.change_variables token.move webhook.rotate user_task.delegate audit.export
    calendar.keep environment.keep secret.create agent.enrol
    admin_site.open job.complete egress.allow unit.create secret.read audit.edit version.delete
    """.split()  # noqa: SIM905  (read as a list of words)
)

RELATIONS = {"author", "owner", "member", "candidate", "anyone"}
RIGHTS = {"edit_draft", "start_run", "operate_run"}


@dataclass
class Row:
    """One row of the matrix."""

    act: str
    roles: set[str]
    needs: set[str]
    opens: set[str]
    not_own: bool


def read(text: str) -> Iterator[Row]:
    for line in filter(str.strip, text.splitlines()):
        act, _colon, rest = line.partition(" : ")
        not_own = "not own" in rest
        rest = rest.replace("not own", "").replace(",", "").strip()
        roles, _bar, opens = rest.partition("|")
        roles, _bracket, needs = roles.partition("[")
        words = set(needs.replace("]", "").replace(" or ", " ").split())
        yield Row(
            act.strip(), {r.upper() for r in roles.split()}, words, set(opens.split()), not_own
        )


ROWS = list(read(MATRIX))


@dataclass
class Subject:
    """Anything an act can be done to, with all that it can say of a person."""

    unit_id: UUID
    process: Process
    called: frozenset[str] = frozenset()
    because: str = ""
    pk: str = field(default="subject")

    def relations(self, _person_id: UUID) -> frozenset[str]:
        return self.called

    def excluded(self, _person_id: UUID) -> str:
        return self.because


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        yield office


@pytest.fixture
def process(office: Office) -> Process:
    return office.process(board=office.board())


def somebody(office: Office, *roles: str) -> Actor:
    return office.person("Somebody", *roles)


def grant_all(office: Office, process: Process, rights: set[str]) -> None:
    for right in rights:
        office.grant("Somebody", right, process)


def test_every_act_of_the_table_is_judged_here() -> None:
    assert {row.act for row in ROWS} | NOT_OFFERED == set(TABLE)
    assert not {row.act for row in ROWS} & NOT_OFFERED
    for row in ROWS:
        assert row.needs <= RELATIONS | RIGHTS, row.act
        assert row.opens <= RELATIONS, row.act


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.act)
def test_each_role_with_all_that_an_act_needs(row: Row, office: Office, process: Process) -> None:
    subject = Subject(office.unit.pk, process, frozenset(row.needs & RELATIONS))

    for role in ROLES:
        actor = office.person(role, role)
        for right in row.needs & RIGHTS:
            office.grant(role, right, process)
        assert access.may(row.act, actor=actor, subject=subject) == (role in row.roles), role


@pytest.mark.parametrize("row", [row for row in ROWS if row.needs], ids=lambda row: row.act)
def test_the_role_alone_is_not_enough(row: Row, office: Office, process: Process) -> None:
    actor = somebody(office, *row.roles)
    grant_all(office, process, RIGHTS - row.needs)
    subject = Subject(office.unit.pk, process, frozenset(RELATIONS - row.needs - row.opens))

    assert not access.may(row.act, actor=actor, subject=subject)


@pytest.mark.parametrize("row", [row for row in ROWS if row.needs], ids=lambda row: row.act)
def test_each_of_the_things_an_act_needs_is_enough_with_the_role(
    row: Row, office: Office, process: Process
) -> None:
    for need in row.needs:
        actor = office.person(f"With {need}", *row.roles)
        if need in RIGHTS:
            office.grant(f"With {need}", need, process)
        called = frozenset({need} & RELATIONS)

        assert access.may(row.act, actor=actor, subject=Subject(office.unit.pk, process, called)), (
            need
        )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.act)
def test_what_a_subject_calls_a_guest_opens_what_it_says_and_nothing_else(
    row: Row, office: Office, process: Process
) -> None:
    guest = somebody(office)
    grant_all(office, process, RIGHTS)

    for relation in RELATIONS:
        subject = Subject(office.unit.pk, process, frozenset({relation}))
        assert access.may(row.act, actor=guest, subject=subject) == (relation in row.opens), (
            relation
        )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.act)
def test_nobodys_own_work_is_theirs_to_decide(row: Row, office: Office, process: Process) -> None:
    actor = somebody(office, *ROLES)
    grant_all(office, process, RIGHTS)
    own = Subject(office.unit.pk, process, frozenset(RELATIONS), because="they wrote it")

    if row.not_own:
        with pytest.raises(OwnWork):
            access.require(row.act, actor=actor, subject=own)
    else:
        access.require(row.act, actor=actor, subject=own)


@pytest.mark.parametrize("act", sorted(TABLE))
def test_a_unit_in_which_one_is_nobody_does_not_exist(
    act: str, office: Office, process: Process
) -> None:
    other = an_office("retail")
    with tenancy.units_in_scope([office.unit.pk, other.unit.pk]):
        stranger = other.person("Stella", *ROLES)
        with pytest.raises(NotFound):
            access.require(act, actor=stranger, subject=Subject(office.unit.pk, process))


@pytest.mark.parametrize("act", sorted(NOT_OFFERED))
def test_what_is_not_offered_is_refused_as_such_to_everybody(
    act: str, office: Office, process: Process
) -> None:
    actor = somebody(office, *ROLES)
    grant_all(office, process, RIGHTS)
    subject = Subject(office.unit.pk, process, frozenset(RELATIONS | {"leaseholder"}))

    with pytest.raises(NotBuilt):
        access.require(act, actor=actor, subject=subject)


def test_an_act_that_no_row_names_is_an_error(office: Office, process: Process) -> None:
    with pytest.raises(KeyError):
        access.may("run.delete", actor=somebody(office, *ROLES), subject=process)


def test_the_products_own_parts_act_for_the_person_who_was_judged(
    office: Office, process: Process
) -> None:
    assert access.may("run.start", actor=automation("worker"), subject=process)
