"""FEEL against the cases of the public TCK: how many must pass, and where."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from engine.expressions.cases import Verdict, judge_all
from engine.expressions.temporal import parse_date_time
from tests.support.shared import SHARED

CASES = SHARED / "feel-tck" / "cases.json"
NOW = parse_date_time("2030-01-31T10:00:00Z")

DECLARED_TYPES = {"0021-singleton-list", "0082-feel-coercion"}
"""These ask what becomes of a value in a decision of a declared type, and the file has no types."""

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason=f"there are no cases at {CASES}")


@cache
def verdicts() -> list[Verdict]:
    return judge_all(json.loads(CASES.read_text())["cases"], NOW)


def share(judged: list[Verdict]) -> float:
    return sum(verdict.passed for verdict in judged) / len(judged)


def test_cases_pass_with_a_value_and_in_all() -> None:
    assert share([verdict for verdict in verdicts() if not verdict.expects_null]) >= 0.97
    assert share(verdicts()) >= 0.97


def test_every_case_has_a_row_in_order() -> None:
    rows = [verdict.as_json() for verdict in verdicts()]
    assert [(row["dir"], row["id"]) for row in rows] == [
        (verdict.case["dir"], verdict.case["id"]) for verdict in verdicts()
    ]
    assert all(row["got"] is not None or "warning" in row for row in rows)


def test_no_folder_falls_behind() -> None:
    folders = defaultdict[str, list[Verdict]](list)
    for verdict in verdicts():
        folders[verdict.case["dir"]].append(verdict)
    behind = {
        name: share(judged)
        for name, judged in folders.items()
        if len(judged) >= 5 and share(judged) < 0.8
    }
    assert behind.keys() <= DECLARED_TYPES, behind


def test_every_miss_is_explained() -> None:
    misses = {v.case["dir"][:4]: v.case["id"] for v in verdicts() if not v.passed}
    explained = (Path(__file__).parents[2] / "docs" / "feel.md").read_text()
    table = explained[explained.index("The misses:") :]
    assert [folder for folder in misses if f"{folder}:" not in table] == []


def test_null_that_the_cases_call_an_error_comes_with_a_warning() -> None:
    silent = [
        (verdict.case["dir"], verdict.case["id"])
        for verdict in verdicts()
        if verdict.case["err"] and verdict.passed and not verdict.evaluation.warnings
    ]
    assert not silent
