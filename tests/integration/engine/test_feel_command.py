"""`manage.py feel` evaluates one expression, or the cases of a file with a row for each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]
CASES = {
    "cases": [
        {"dir": "a", "id": "1", "expr": "x + 1", "inp": {"x": {"t": "num", "v": "1"}},
         "exp": {"t": "num", "v": "2"}, "err": False},
        {"dir": "a", "id": "2", "expr": "1 +", "inp": {}, "exp": None, "err": True},
        {"dir": "b", "id": "1", "expr": '"a" + 1', "inp": {}, "exp": None, "err": True},
        {"dir": "b", "id": "2", "expr": "1 +", "inp": {}, "exp": {"t": "num", "v": "1"},
         "err": False},
        {"dir": "b", "id": "3", "expr": "first name", "inp": {"first name": {"t": "str", "v": "A"}},
         "exp": {"t": "str", "v": "B"}, "err": False},
    ]
}  # fmt: skip


def told(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("feel", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_an_expression_is_printed_with_its_type() -> None:
    assert told("a.b * 2", "--context", '{"a": {"b": 1.5}}') == ('{"t": "num", "v": "3"}\n', "")


def test_null_comes_with_its_warning() -> None:
    assert told("a + 1") == (
        "null\n",
        "There is no variable `a`.\n`+` has no meaning for null and a number.\n",
    )


def test_a_value_is_left_in_a_file_too(tmp_path: Path) -> None:
    report = tmp_path / "out.json"
    told("[1, a]", "--json", str(report))
    assert json.loads(report.read_text()) == {
        "value": {"t": "list", "v": [{"t": "num", "v": "1"}, None]},
        "warnings": ["There is no variable `a`."],
    }


@pytest.mark.parametrize("command", [["feel", "[1]"], ["validate", "missing.bpmn"], ["help"]])
def test_a_closed_pipe_ends_any_command_quietly(command: list[str]) -> None:
    nobody_reads, written = os.pipe()
    os.close(nobody_reads)
    line = [sys.executable, "manage.py", *command]
    done = subprocess.run(  # noqa: S603
        line, cwd=ROOT, stdout=written, stderr=subprocess.PIPE, check=False
    )
    os.close(written)
    assert (done.returncode, done.stderr) == (141, b"")


def test_text_that_is_no_feel_is_refused_with_its_place() -> None:
    with pytest.raises(CommandError, match="Line 1, column 4: found the end of the expression"):
        told("1 +")


def test_cases_are_counted_apart_and_each_has_a_row(tmp_path: Path) -> None:
    file, report = tmp_path / "cases.json", tmp_path / "out.json"
    file.write_text(json.dumps(CASES))
    out, _ = told("--cases", str(file), "--json", str(report))
    assert out.splitlines() == [
        "cases with a value: 1 passed (33.3%), 1 failed, 1 errors",
        "cases with null: 2 passed (100.0%), 0 failed, 0 errors",
        "all cases: 3 passed (60.0%), 1 failed, 1 errors",
    ]
    rows = json.loads(report.read_text())
    assert [(row["dir"], row["id"], row["passed"]) for row in rows] == [
        ("a", "1", True),
        ("a", "2", True),
        ("b", "1", True),
        ("b", "2", False),
        ("b", "3", False),
    ]
    assert rows[0]["got"] == {"t": "num", "v": "2"}
    assert rows[2]["got"] is None
    assert rows[2]["warning"] == "`+` has no meaning for a string and a number."


@pytest.mark.parametrize("arguments", [(), ("1", "--cases", "x"), ("--cases", "/nowhere")])
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        told(*arguments)


NO_CASES = {
    "a file of bytes": (b"\xff\xfe\x00", "is no UTF-8 text."),
    "an empty file": (b"", "is no JSON: "),
    "half an object": (b"{", "is no JSON: "),
    "a text": (b'"cases"', "holds no list of cases."),
    "cases that are a number": (b'{"cases": 5}', "holds no list of cases."),
    "numbers": (b"[1]", "has not dir, id, expr, inp and exp."),
    "a case without its expression": (b'[{"dir": "a", "id": "1"}]', "has not dir, id, expr"),
    "lists without end": (b"[" * 100_000, "is nested too deeply."),
}


@pytest.mark.parametrize(("written", "words"), NO_CASES.values(), ids=NO_CASES.keys())
def test_a_file_without_cases_is_refused_in_one_line(
    tmp_path: Path, written: bytes, words: str
) -> None:
    file = tmp_path / "cases.json"
    file.write_bytes(written)
    with pytest.raises(CommandError) as refused:
        told("--cases", str(file))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_case_whose_values_cannot_be_read_does_not_pass(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    case = {"dir": "a", "id": "1", "expr": "x", "inp": {"x": {"t": "colour", "v": 1}}, "exp": None}
    file.write_text(json.dumps([case]))
    assert told("--cases", str(file))[0].splitlines()[-1].startswith("all cases: 0 passed")


def test_half_of_a_character_is_printed_escaped() -> None:
    line = [sys.executable, "manage.py", "feel", "x", "--context", r'{"x": "\ud800"}']
    done = subprocess.run(line, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    assert (done.returncode, json.loads(done.stdout)) == (0, {"t": "str", "v": "\ud800"})


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(CASES))
    with pytest.raises(CommandError, match=r"cannot be written: No such file or directory\.$"):
        told("--cases", str(file), "--json", str(tmp_path / "none" / "out.json"))
    with pytest.raises(CommandError, match=r"cannot be read: Is a directory\.$"):
        told("--cases", str(tmp_path))
    with pytest.raises(CommandError, match=r"^The context is nested too deeply\.$"):
        told("1", "--context", "[" * 100_000)
