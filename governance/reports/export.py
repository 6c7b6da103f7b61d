"""A report as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from governance.reports.base import Report

# A spreadsheet runs what begins like this (OWASP, CSV injection).
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(report: Report) -> Iterator[str]:
    """Yield the lines of the report's table, with the values behind the words."""
    yield _line([column.label for column in report.columns])
    for row in report.rows:
        yield _line([cell.value for cell in row])


def _line(values: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_MINIMAL).writerow([_plain(value) for value in values])
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RISKY) else text
