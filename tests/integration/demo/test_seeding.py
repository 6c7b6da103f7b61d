"""The demo company moves into an empty installation through everybody's actions."""

from __future__ import annotations

import stat
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from django.test import TestCase, override_settings

from common import clock, tenancy
from demo import seeding
from demo.company import PEOPLE, UNITS
from demo.founding import SignIn
from demo.happenings import HAPPENINGS
from demo.register import PROCESSES
from designer.models.drafts import Draft
from designer.models.reviews import Review
from designer.models.versions import Version
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.user_tasks import UserTask
from engine.queries.clock import is_shifted
from governance.models.audit import AuditEntry
from governance.models.people import Account
from governance.models.processes import Process
from governance.models.units import Unit

URL = "http://127.0.0.1:8401"


class TestTheDemoCompany(TestCase):
    """Seeded once for all of them; Django takes the whole of it back."""

    sign_ins: ClassVar[list[SignIn]]
    written: ClassVar[Path]

    @classmethod
    def setUpTestData(cls) -> None:
        data = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.enterClassContext(override_settings(DATA_DIR=data))
        cls.sign_ins = seeding.seed(itsm_url=URL)
        cls.written = data / seeding.SIGN_INS
        units = Unit.objects.values_list("pk", flat=True)
        cls.enterClassContext(tenancy.units_in_scope(units))

    def test_everybody_can_sign_in_with_a_password_of_their_own(self) -> None:
        assert len({one.password for one in self.sign_ins}) == len(PEOPLE)
        for one in self.sign_ins:
            account = Account.objects.get(email=one.email)
            assert account.is_demo
            assert account.check_password(one.password)

    def test_the_passwords_are_written_for_the_owner_of_the_installation_alone(self) -> None:
        text = self.written.read_text()

        assert stat.S_IMODE(self.written.stat().st_mode) == 0o600
        assert all(one.password in text for one in self.sign_ins)

    def test_every_process_is_live(self) -> None:
        live = Version.objects.values_list("process__unit__key", "process__key").distinct()

        assert set(live) == {(plan.unit, plan.key) for plan in PROCESSES}

    def test_one_next_version_is_in_review_and_has_one_vote(self) -> None:
        review = Review.objects.get(outcome="PENDING")

        assert review.process.key == "production-change"
        assert review.votes.count() == 1
        assert review.base is not None
        assert bytes(review.base.xml) != bytes(review.xml)

    def test_one_draft_is_unfinished(self) -> None:
        draft = Draft.objects.get(process__key="dns-record-change")

        assert draft.stage == "OPEN"
        assert Process.objects.count() == len(PROCESSES) + 1

    def test_nobody_voted_on_their_own_work(self) -> None:
        for review in Review.objects.all():
            voters = set(review.votes.values_list("person_id", flat=True))
            assert voters
            assert not voters & {*review.authors, review.submitted_by_id}

    def test_the_audit_of_every_unit_begins_by_saying_that_it_is_a_demo(self) -> None:
        assert Unit.objects.count() == len(UNITS)
        for unit in Unit.objects.all():
            first = AuditEntry.objects.filter(unit_id=unit.pk).order_by("at", "id").first()
            assert first is not None
            assert first.code == "installation.demo_seeded"

    def test_a_second_time_nothing_happens(self) -> None:
        text = self.written.read_text()

        assert seeding.seed(itsm_url=URL) == []
        assert self.written.read_text() == text
        assert Account.objects.count() == len(PEOPLE)

    def test_every_run_has_begun(self) -> None:
        keys = Instance.objects.values_list("business_key", flat=True)

        assert sorted(keys) == sorted(one.reference for one in HAPPENINGS)

    def test_gates_wait_for_a_board_and_one_of_them_has_half_its_votes(self) -> None:
        gates = UserTask.objects.filter(state="OPEN", quorum__gt=0)

        assert {"approve_change", "approve_vendor"} <= set(gates.values_list("element", flat=True))
        halfway = gates.get(element="accept_exception", instance__business_key="AR-7716")
        assert len(halfway.votes) == 1

    def test_what_was_decided_waits_for_workers(self) -> None:
        jobs = Job.objects.filter(state="PENDING").values_list("element", flat=True)

        assert {"open_ticket", "tell_requester", "restore"} <= set(jobs)

    def test_what_happened_lies_in_the_past_and_the_clock_is_right_again(self) -> None:
        waits = Instance.objects.get(business_key="CHG-2041")
        overdue = UserTask.objects.get(instance=waits)
        oldest = AuditEntry.objects.order_by("at").first()

        assert oldest is not None
        assert clock.now() - oldest.at > timedelta(days=21)
        assert overdue.due_at is not None
        assert waits.started_at < overdue.due_at < clock.now()
        assert not is_shifted()

    def test_the_audit_tells_it_in_the_order_of_time(self) -> None:
        for unit in Unit.objects.all():
            entries = AuditEntry.objects.filter(unit_id=unit.pk).order_by("id")
            moments = list(entries.values_list("at", flat=True))
            assert moments == sorted(moments)
