"""A run is started, worked on and ends; what its journal says is what its rows hold."""

from __future__ import annotations

import pytest

from engine.models.journal import JournalRow
from tests.support.drawings import line
from tests.support.floor import Floor, user_task

pytestmark = pytest.mark.django_db


def test_a_run_waits_for_a_person_and_ends_when_they_are_done(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start(title="Upgrade the ledger")
    assert (run.state, run.title) == ("WAITING", "Upgrade the ledger")

    floor.complete(floor.task(run))

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert run.ended_at is not None
    assert JournalRow.objects.filter(instance_id=run.pk).count() == 2
    assert not run.tokens.exists()
