"""`manage.py dmn` decides one question or a batch, judges a model, and analyses its tables."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.conformance.decisions.test_models import call, cases, typed

MODELS = Path(__file__).parents[2] / "conformance" / "decisions" / "models"


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("dmn", *arguments, stdout=out)
    return out.getvalue()


def test_a_batch_answers_every_question_of_every_model_in_order(tmp_path: Path) -> None:
    asked = [(file, case) for file, case in (one.values for one in cases())]
    calls = [
        {
            **call(file, case),
            "model": str(file.with_suffix(".dmn")),
            "imports": [str(file.parent / name) for name in case.get("imports", [])],
        }
        for file, case in asked
    ]
    (tmp_path / "calls.json").write_text(json.dumps(calls))

    told("--batch", str(tmp_path / "calls.json"), "--json", str(tmp_path / "out.json"))

    answers = json.loads((tmp_path / "out.json").read_text())
    assert len(answers) == len(asked) > 100
    for (_, case), answer in zip(asked, answers, strict=True):
        if "error" in case:
            assert case["error"] in answer["error"]
        else:
            assert answer == {"value": typed(case["value"])}


def test_paths_of_a_batch_are_relative_to_it_and_a_call_out_of_shape_spoils_no_other(
    tmp_path: Path,
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "boxed.dmn").write_bytes((MODELS / "boxed.dmn").read_bytes())
    good = {"model": "models/boxed.dmn", "decision": "List", "context": {}}
    calls: list[Any] = [
        good,
        {"model": "models/boxed.dmn", "decision": "Every", "context": {"Numbers": {"t": "odd"}}},
        {"model": "models/boxed.dmn"},
        {"decision": "List"},
        {"model": "models/gone.dmn", "decision": "List"},
        {"model": "models/boxed.dmn", "decision": "Gone"},
        "nothing",
        good,
    ]
    (tmp_path / "calls.json").write_text(json.dumps(calls))

    told("--batch", str(tmp_path / "calls.json"), "--json", str(tmp_path / "out.json"))

    first, *wrong, last = json.loads((tmp_path / "out.json").read_text())
    assert first == last == {"value": typed([1, ["two"], 3])}
    assert [set(one) for one in wrong] == [{"error"}] * 6


def test_one_decision_prints_its_record() -> None:
    context = json.dumps({"Score": 12})

    record = json.loads(
        told(str(MODELS / "hit_policies.dmn"), "--decision", "Unique", "--context", context)
    )

    assert record["value"] == {"t": "str", "v": "mid"}
    assert record["inputs"] == {"Score": {"t": "num", "v": "12"}}
    assert record["decisions"] == [
        {
            "id": "u",
            "name": "Unique",
            "value": {"t": "str", "v": "mid"},
            "rules": [
                {
                    "table": "u_table",
                    "rule": 2,
                    "outputs": [{"t": "str", "v": "mid"}],
                    "annotations": ["note 2"],
                }
            ],
        }
    ]
    assert record["warnings"] == []


def test_the_record_tells_the_decisions_below_and_the_warnings() -> None:
    imports = ["--import", str(MODELS / "base.dmn")]
    context = json.dumps({"the base": {"Who": {"full name": 5}}})
    asked = ["--decision", "Loud", "--context", context]

    record = json.loads(told(str(MODELS / "middle.dmn"), *imports, *asked))

    assert [one["name"] for one in record["decisions"]] == ["the base.The greeting", "Loud"]
    assert record["inputs"] == {"the base.Who": None}
    assert any("is no tWho" in one for one in record["warnings"])


def test_a_model_is_judged_and_its_tables_analysed() -> None:
    lines = told(str(MODELS / "tables.dmn"), "--analyse").splitlines()

    assert "With default: No rule matches where Amount: <= 0, >= 100; the default answers." in lines
    assert lines[-1].endswith("tables.dmn: sound")


def test_a_wrong_model_ends_with_one(tmp_path: Path) -> None:
    model = tmp_path / "wrong.dmn"
    model.write_bytes((MODELS / "boxed.dmn").read_bytes().replace(b"1 + 2", b"1 +"))
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("dmn", str(model), stdout=out)

    assert ended.value.code == 1
    assert "wrong.dmn#list: error: The expression of “List” cannot be read" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name a FILE"),
        (["/nowhere.dmn"], "cannot be read"),
        ([str(MODELS / "boxed.json")], "not well-formed"),
        ([str(MODELS / "boxed.dmn"), "--decision", "Gone"], "has no decision “Gone”"),
        ([str(MODELS / "boxed.dmn"), "--decision", "List", "--context", "{"], "no JSON"),
        ([str(MODELS / "boxed.dmn"), "--decision", "List", "--context", "[]"], "no JSON object"),
        ([str(MODELS / "boxed.dmn"), "--context", "[" * 99_999, "--bkm", "a"], "nested too deeply"),
        (["--batch", str(MODELS / "boxed.json")], "--json"),
        (["--batch", str(MODELS), "--json", "x"], "Is a directory"),
        (["--batch", str(MODELS / "boxed.dmn"), "--json", "x"], "no JSON"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("dmn", *arguments)
