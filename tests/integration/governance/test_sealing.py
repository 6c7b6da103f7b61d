"""The sealer numbers and chains; the verifier names every row that is not as it was sealed."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection, connections, transaction

from common import clock, tenancy
from common.context import automation
from governance import audit, sealing, verification
from governance import sources as registry
from governance.audit_codes import Code
from governance.checkpoints import Book, Scribe
from governance.management.commands.seal_audit import Command
from governance.models.audit import AuditEntry, AuditSeal
from governance.sources import Fault, Source, register_source
from tests.support.office import Office, an_office
from tests.support.sign_ins import signed_in_as, thawed

pytestmark = pytest.mark.django_db(transaction=True)

ACTOR = automation("test")


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def write(office: Office, count: int = 1) -> list[AuditEntry]:
    """Write entries, as the web would."""
    with tenancy.units_in_scope([office.unit.pk]), transaction.atomic():
        return [
            audit.record(
                Code.PROCESS_CHANGED,
                actor=ACTOR,
                subject=audit.InUnit(office.unit, office.unit.pk),
                reason=f"change {number}",
            )
            for number in range(count)
        ]


def seal() -> None:
    """Seal everything there is and write a checkpoint, as the sealer's own sign-in."""
    with signed_in_as("audit"):
        call_command("seal_audit", "--once", verbosity=0)


def verdict(office: Office) -> verification.Verdict:
    with signed_in_as("audit"), transaction.atomic():
        return verification.verify(office.unit.pk, Book(configured.DATA_DIR))


def faults(office: Office) -> list[tuple[str, str, str]]:
    return [(fault.kind, fault.what, fault.id) for fault in verdict(office).faults]


def as_owner(statement: str, *values: UUID, table: str) -> None:
    with thawed(table), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def seqs(office: Office) -> list[int]:
    with signed_in_as("audit"):
        return list(
            AuditSeal.objects.filter(unit_id=office.unit.pk)
            .order_by("seq")
            .values_list("seq", flat=True)
        )


def test_what_was_sealed_verifies(office: Office, data_dir: Path) -> None:
    write(office, 5)
    seal()
    write(office, 3)
    seal()

    found = verdict(office)

    assert (found.links, found.checkpoints, found.faults) == (8, 2, [])


def test_each_unit_has_a_chain_without_a_gap(office: Office, data_dir: Path) -> None:
    other = an_office("retail")
    for place in (office, other, office, other):
        write(place, 2)
    seal()

    assert seqs(office) == seqs(other) == [1, 2, 3, 4]


def test_one_changed_byte_in_sql_is_found_by_name(office: Office, data_dir: Path) -> None:
    entry = write(office, 3)[1]
    seal()

    as_owner(
        "UPDATE governance_auditentry SET code = 'process.registered' WHERE id = %s",
        entry.pk,
        table="governance_auditentry",
    )

    assert faults(office) == [("altered", "entry", str(entry.pk))]


def test_a_changed_reason_is_found_by_name(office: Office, data_dir: Path) -> None:
    entry = write(office, 3)[2]
    seal()

    as_owner(
        "UPDATE governance_auditpayload SET values = replace(values, 'change 2', 'change 9')"
        " WHERE entry_id = %s",
        entry.pk,
        table="governance_auditpayload",
    )

    assert faults(office) == [("altered", "entry", str(entry.pk))]


def test_a_deleted_entry_is_missed_by_name(office: Office, data_dir: Path) -> None:
    entry = write(office, 3)[0]
    seal()

    with thawed("governance_auditentry"):
        as_owner(
            "DELETE FROM governance_auditpayload WHERE entry_id = %s",
            entry.pk,
            table="governance_auditpayload",
        )
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM governance_auditentry WHERE id = %s", [entry.pk])

    assert faults(office) == [("missing", "entry", str(entry.pk))]


def test_a_link_taken_out_is_missed(office: Office, data_dir: Path) -> None:
    entries = write(office, 4)
    seal()

    as_owner("DELETE FROM governance_auditseal WHERE seq = 2", table="governance_auditseal")

    found = faults(office)
    assert ("missing", "link", "2") in found
    assert not any(kind == "altered" and what == "entry" for kind, what, _id in found)
    assert str(entries[1].pk) not in {row for _kind, _what, row in found}


def test_a_tail_that_was_cut_off_is_found_by_the_checkpoint(office: Office, data_dir: Path) -> None:
    write(office, 5)
    seal()

    as_owner("DELETE FROM governance_auditseal WHERE seq > 3", table="governance_auditseal")

    assert ("missing", "link", "4-5") in faults(office)


def test_a_chain_computed_anew_is_found_by_the_checkpoint(office: Office, data_dir: Path) -> None:
    entry = write(office, 4)[1]
    seal()

    as_owner(
        "UPDATE governance_auditentry SET actor_kind = 'HUMAN' WHERE id = %s",
        entry.pk,
        table="governance_auditentry",
    )
    as_owner("DELETE FROM governance_auditseal", table="governance_auditseal")
    with signed_in_as("audit"):
        sealing.Sealer().seal_all()

    assert faults(office) == [("altered", "checkpoint", "4")]


def test_a_forged_checkpoint_is_named(office: Office, data_dir: Path) -> None:
    write(office, 2)
    seal()
    path = data_dir / "checkpoints" / f"{office.unit.pk}.jsonl"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "head": "0" * 64}) + "\n")

    assert faults(office) == [("altered", "checkpoint", "1")]


def test_a_checkpoint_taken_out_of_the_file_is_noticed(office: Office, data_dir: Path) -> None:
    for _ in range(3):
        write(office)
        seal()
    path = data_dir / "checkpoints" / f"{office.unit.pk}.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[2])

    assert ("altered", "checkpoint", "2") in faults(office)


def test_an_entry_nobody_seals_is_named_after_a_while(
    office: Office, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = write(office)[0]

    assert (verdict(office).waiting, faults(office)) == (1, [])

    monkeypatch.setattr(verification, "GRACE", timedelta(0))
    assert faults(office) == [("unsealed", "entry", str(entry.pk))]


def test_an_entry_slipped_in_with_an_old_time_is_not_sealed_by_the_way(
    office: Office, data_dir: Path
) -> None:
    write(office)
    with signed_in_as("audit"):
        sealer = sealing.Sealer()
        sealer.seal_all()
    entry = write(office)[0]
    old = UUID(int=(int(entry.at.timestamp() * 1_000) - 3_600_000) << 80)
    with thawed("governance_auditentry", "governance_auditpayload"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM governance_auditpayload WHERE entry_id = %s", [entry.pk])
        cursor.execute(
            "UPDATE governance_auditentry SET id = %s, at = at - interval '1 hour' WHERE id = %s",
            [old, entry.pk],
        )
    with signed_in_as("audit"):
        assert sealer.seal_all() == []

    assert ("unsealed", "entry", str(old)) in faults(office)


def test_a_transaction_that_commits_late_is_sealed_after_those_that_overtook_it(
    office: Office, data_dir: Path
) -> None:
    begun, commit = threading.Event(), threading.Event()

    def slow() -> None:
        with tenancy.units_in_scope([office.unit.pk]), transaction.atomic():
            audit.record(
                Code.PROCESS_CHANGED,
                actor=ACTOR,
                subject=audit.InUnit(office.unit, office.unit.pk),
                reason="slow",
            )
            begun.set()
            commit.wait(5)
        connections["default"].close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(5)
    write(office, 2)
    with signed_in_as("audit"):
        sealer = sealing.Sealer()
        assert len(sealer.seal_all()) == 2
        commit.set()
        thread.join()
        assert len(sealer.seal_all()) == 1

    assert seqs(office) == [1, 2, 3]
    assert verdict(office).holds


def test_writers_side_by_side_leave_one_chain_without_a_gap(office: Office, data_dir: Path) -> None:
    def busy() -> None:
        for _ in range(10):
            write(office, 2)
        connections["default"].close()

    threads = [threading.Thread(target=busy) for _ in range(4)]
    for thread in threads:
        thread.start()
    with signed_in_as("audit"):
        sealer = sealing.Sealer()
        while any(thread.is_alive() for thread in threads):
            sealer.seal_all()
        sealer.seal_all()

    assert seqs(office) == list(range(1, 81))
    assert verdict(office).holds


def test_only_one_sealer_works_at_a_time(office: Office) -> None:
    with signed_in_as("audit"):
        assert sealing.take_turn()
        with signed_in_as("audit"):
            assert not sealing.take_turn()
        sealing.give_turn()
        with signed_in_as("audit"):
            assert sealing.take_turn()


def test_a_chain_without_any_checkpoint_is_a_fault_once_it_is_old(
    office: Office, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(office)
    with signed_in_as("audit"):
        sealing.Sealer().seal_all()
    assert faults(office) == []

    monkeypatch.setattr(verification, "CHECKPOINT_GRACE", timedelta(0))
    assert faults(office) == [("missing", "checkpoint", "1")]


def test_the_private_key_is_readable_by_its_owner_alone(office: Office, data_dir: Path) -> None:
    write(office)
    seal()

    mode = (data_dir / "secrets" / "checkpoint.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_line_torn_by_a_crash_is_cut_before_the_next(office: Office, data_dir: Path) -> None:
    write(office)
    seal()
    path = data_dir / "checkpoints" / f"{office.unit.pk}.jsonl"
    with path.open("a") as file:
        file.write('{"schema":1,"uni')
    write(office)
    seal()

    found = verdict(office)
    assert (found.checkpoints, found.faults) == (2, [])


def test_a_checkpoint_comes_after_a_minute_or_a_thousand_links(
    office: Office, data_dir: Path
) -> None:
    write(office)
    with signed_in_as("audit"):
        made = [sealing.as_link(found) for found in sealing.Sealer().seal_all()]
    now = clock.now()
    scribe = Scribe(Book(data_dir))
    scribe.take(office.unit.pk, made, now)

    assert scribe.write_due(now + timedelta(seconds=59)) == 0
    assert scribe.write_due(now + timedelta(seconds=60)) == 1
    assert scribe.write_due(now + timedelta(seconds=180)) == 0


def test_a_sealer_that_is_stopped_leaves_a_checkpoint_over_everything(
    office: Office, data_dir: Path
) -> None:
    write(office, 3)
    command = Command()
    command._stop()

    with signed_in_as("audit"):
        command._work()
        sealing.give_turn()

    found = verdict(office)
    assert (found.links, found.checkpoints, found.faults) == (3, 1, [])
    assert Book(data_dir).last(office.unit.pk)[0] == 3


@pytest.fixture
def journal(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A table of chains, as an app above governance keeps one."""
    monkeypatch.setattr(registry, "_sources", {})
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE probe_journal (unit_id uuid, instance_id uuid, seq_to bigint,"
            " hash text, at timestamptz DEFAULT now())"
        )
        cursor.execute("GRANT SELECT ON probe_journal TO PUBLIC")
    register_source(Source("PROBE", "probe_journal"))
    yield "probe_journal"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE probe_journal")


def advance(office: Office, run: int, position: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO probe_journal (unit_id, instance_id, seq_to, hash)"
            " VALUES (%s, %s, %s, %s)",
            [office.unit.pk, UUID(int=run), position, f"{run * 1000 + position:064x}"],
        )


def test_the_head_of_a_journal_is_sealed_and_what_lies_before_it_with_it(
    office: Office, data_dir: Path, journal: str
) -> None:
    for position in (3, 5, 9):
        advance(office, 1, position)
    advance(office, 2, 4)
    seal()
    advance(office, 1, 12)
    seal()
    seal()

    with signed_in_as("audit"):
        found = AuditSeal.objects.order_by("seq").values_list("ref", "position")
        assert list(found) == [(UUID(int=1), 9), (UUID(int=2), 4), (UUID(int=1), 12)]
    assert verdict(office).holds


def test_a_journal_that_is_not_as_it_was_sealed_is_named(
    office: Office, data_dir: Path, journal: str
) -> None:
    advance(office, 1, 3)
    advance(office, 2, 3)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE probe_journal SET hash = 'x' WHERE instance_id = %s", [UUID(int=1)])
        cursor.execute("DELETE FROM probe_journal WHERE instance_id = %s", [UUID(int=2)])

    assert faults(office) == [
        ("altered", "probe", str(UUID(int=1))),
        ("missing", "probe", str(UUID(int=2))),
    ]


def test_the_command_says_it_in_sentences_and_ends_with_one(
    office: Office, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = write(office, 2)[0]
    seal()
    with signed_in_as("audit"):
        call_command("verify_audit")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Shared It: verified, 2 links, 1 checkpoints."
    )

    as_owner(
        "UPDATE governance_auditentry SET request_id = 'x' WHERE id = %s",
        entry.pk,
        table="governance_auditentry",
    )

    with signed_in_as("audit"), pytest.raises(SystemExit) as ended:
        call_command("verify_audit", "--unit", "shared-it")
    assert ended.value.code == 1
    assert f"ALTERED entry {entry.pk} (process.changed, " in capsys.readouterr().out

    with signed_in_as("audit"), pytest.raises(SystemExit):
        call_command("verify_audit", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert document["units"][0]["faults"][0]["id"] == str(entry.pk)


def test_faults_of_a_second_verifier_are_reported_too(
    office: Office, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = Fault("altered", "journal", "42", "step 7 does not follow from step 6")
    monkeypatch.setattr(verification, "verifiers", lambda: (lambda _unit_id: iter([inner]),))

    assert verdict(office).faults == [inner]
