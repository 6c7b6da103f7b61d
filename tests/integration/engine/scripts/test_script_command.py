"""`manage.py script` prints a result as JSON, or says in a sentence why there is none."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def said(file: Path, source: bytes, context: str = "{}") -> str:
    file.write_bytes(source)
    told = StringIO()
    call_command("script", str(file), "--context", context, stdout=told)
    return told.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "script.star"


def test_a_script_gives_json(file: Path) -> None:
    assert said(file, b"r=1+1") == "2\n"
    assert said(file, b"{'n': a, 'who': '\xc3\xa9'}", '{"a": 0.1}') == '{"n": 0.1, "who": "é"}\n'


@pytest.mark.parametrize(
    ("source", "context", "sentence"),
    [
        (b"1 //", "{}", "The script cannot be read: line 1, column 5: unexpected new line."),
        (b"\xff", "{}", "is no UTF-8 text."),
        (b"1", "{", "The context is no JSON: "),
        (b"1", "[1]", 'The context is no JSON object. Write for example {"a": 1}.'),
        (b"1", "[" * 100_000, "The context is nested too deeply."),
        (b"1", '{"a": NaN}', "The context holds something that JSON cannot say."),
        (b"#" * (1024 * 1024 + 1), "{}", "The text of the script is larger than 1024 KiB."),
    ],
)
def test_what_has_no_result_says_why(
    file: Path, source: bytes, context: str, sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        said(file, source, context)

    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.star cannot be read: No such file"):
        call_command("script", str(tmp_path / "missing.star"))
