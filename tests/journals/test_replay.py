"""Journals recorded by earlier releases replay to the state they had. They do so for ever."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine import codec
from engine.codec import Vault
from engine.semantics.evolve import fold
from engine.semantics.state import InstanceState

RECORDINGS = sorted(Path(__file__).resolve().parent.glob("*.json"))


def load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_there_are_recordings() -> None:
    assert RECORDINGS


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_it_replays_to_the_state_it_had(file: Path) -> None:
    recording = load(file)
    state = InstanceState(instance=recording["instance"])

    for row in recording["rows"]:
        vault = Vault(row["salt"], json.loads(row["values"]))
        fold(state, codec.decode(row["events"], vault))

    # What an earlier release wrote out, though it was the default, is left out today.
    told = codec.state_of(recording["state"])
    assert codec.state_text(state) == codec.state_text(told)


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_its_chain_holds(file: Path) -> None:
    rows = load(file)["rows"]

    for row in rows:
        assert codec.journal_hash(row["prev_hash"], row["header"], row["events"]) == row["hash"]
    assert rows[0]["prev_hash"] == ""
    assert all(after["prev_hash"] == before["hash"] for before, after in pairwise(rows))


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_without_its_values_it_still_replays(file: Path) -> None:
    recording = load(file)
    state = InstanceState(instance=recording["instance"])

    for row in recording["rows"]:
        fold(state, codec.decode(row["events"], Vault(row["salt"])))

    assert state.seq == json.loads(recording["state"])["seq"]


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_an_event_written_again_is_the_same_text(file: Path) -> None:
    for row in load(file)["rows"]:
        vault = Vault(row["salt"], json.loads(row["values"]))
        happened = codec.decode(row["events"], vault)
        assert codec.encode(happened, Vault(row["salt"])) == row["events"]
