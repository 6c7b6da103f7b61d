"""The register of the demo says what is in the files, and names only people of the company."""

from __future__ import annotations

import pytest

from demo.company import PEOPLE, UNITS
from demo.happenings import HAPPENINGS
from demo.register import PROCESSES, Edition, ProcessPlan
from engine.bpmn.validation import problems

NAMES = {member.name for member in PEOPLE}
EARLIER = [
    pytest.param(plan, edition, id=f"{plan.unit} {plan.key}")
    for plan in PROCESSES
    for edition in plan.editions
    if edition.edits
]


@pytest.mark.parametrize(("plan", "edition"), EARLIER)
def test_an_earlier_edition_differs_in_every_place_it_names_and_could_run(
    plan: ProcessPlan, edition: Edition
) -> None:
    today = plan.model().decode()

    assert all(now in today for _, now in edition.edits)
    assert problems(plan.model(edition)) == []


def test_everybody_named_works_there() -> None:
    for unit in UNITS:
        in_teams = {name for team in unit.teams for name in team.members}
        on_boards = {name for board in unit.boards for name in board.members}
        assert {unit.admin} | in_teams | on_boards <= NAMES
    for plan in PROCESSES:
        assert {plan.owner, plan.backup, *plan.starters, *plan.voters} <= NAMES
    for happening in HAPPENINGS:
        assert {happening.starter, *(deed.by for deed in happening.deeds)} <= NAMES


def test_nobody_decides_on_what_they_started_or_drew() -> None:
    owners = {(plan.unit, plan.key): plan.owner for plan in PROCESSES}

    for happening in HAPPENINGS:
        excluded = {happening.starter, owners[happening.unit, happening.process]}
        assert not excluded & {deed.by for deed in happening.deeds if deed.decision}
