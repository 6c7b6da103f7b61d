"""Where the browser's FEEL (feelin) and ours differ over the TCK: each difference has its reason.

The editor completes and checks expressions with feelin; the engine runs them. docs/feel-feelin.md
explains each class of difference under its name here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.expressions.cases import judge
from engine.expressions.temporal import parse_date_time
from engine.expressions.typed import to_typed
from tests.support import feel_cases

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "support" / "feelin.mjs"
FEELIN = ROOT / "frontend" / "node_modules" / "feelin" / "dist" / "index.js"
PAGE = ROOT / "docs" / "feel-feelin.md"
NOW = parse_date_time("2030-01-31T10:00:00Z")
NODE = shutil.which("node")

#: Class to what its expressions look like; the first that fits.
DIFFERENCES = {
    "Years before 1 and after 9999": r'"-\d{4,}-|date\(-|\d{8,}|-P9{8,}',
    "Arithmetic on durations": r'@"-?P[^"]*" *[*/]|[*/] *@"-?P|^-@"P',
    "Sums and differences of moments": r'^@"[^"]*" [+-] @"',
    "Years and months between dates": r"^years and months duration\(",
    "Kinds of duration": r'duration\("P1Y"\) = |^is\(@"P0Y"',
    "Ranges written as text": r"\brange\(",
    "Ranges with open ends": r"^\([<>=!]+ *10\) = |\.\.null",
    "Loops over ranges": r"^for i in .*\.\.",
    "A value where a list is asked for": r"^100\[",
    "Regular expressions": r"^(matches|replace)\(",
    "Offsets and zones": r"[+-]\d\d:00(@|\"\))",
    "Digits of a rounding": r"^(decimal|round [a-z ]+)\(",
    "Replacing in lists and contexts": r"^(list replace|context put) ?\(",
}

pytestmark = pytest.mark.skipif(
    NODE is None or not FEELIN.is_file(), reason="Node or feelin is not installed"
)


@cache
def disagreements() -> list[dict[str, Any]]:
    """Return the cases that the two answer differently."""
    assert NODE is not None
    cases = feel_cases.cases()
    answered = subprocess.run(  # noqa: S603
        [NODE, str(PROGRAM), str(FEELIN)],
        input="".join(json.dumps(case) + "\n" for case in cases),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in answered.stdout.splitlines()]
    return [
        case
        for case, answer in zip(cases, answers, strict=True)
        if not feel_cases.same(to_typed(judge(case, NOW).evaluation.value), answer.get("value"))
    ]


def class_of(case: dict[str, Any]) -> str:
    fits = (name for name, shape in DIFFERENCES.items() if re.search(shape, case["expr"]))
    return next(fits, "")


def test_every_difference_is_of_a_known_class() -> None:
    unexplained = [(case["dir"], case["expr"]) for case in disagreements() if not class_of(case)]

    assert unexplained == []


def test_every_class_is_explained_and_occurs() -> None:
    if not feel_cases.TCK.is_file():
        pytest.skip("the cases of the TCK are not here")
    explained = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert explained == list(DIFFERENCES)
    assert {class_of(case) for case in disagreements()} == set(DIFFERENCES)


def test_the_two_agree_about_most() -> None:
    assert len(disagreements()) < len(feel_cases.cases()) / 10
