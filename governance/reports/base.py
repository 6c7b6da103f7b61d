"""What a report is: a question, an answer in a sentence, a chart, and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.reports.charts import Chart


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report's table. `kind` is text, name, number, time, person, state or risk."""

    name: str
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is exported, the words people read instead of it, and where it leads."""

    value: Any
    words: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that needs an act: what is wrong with which process, by which rule, and who acts."""

    process: str
    url: str
    words: str
    rule: str
    since: datetime | None
    who: str


@dataclass(frozen=True, slots=True)
class Report:
    """One true table, and what it says."""

    slug: str
    title: str
    question: str
    answer: str
    link: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    chart: Chart | None = None
    findings: Sequence[Finding] = field(default_factory=tuple)


#: Builds a report on a unit, as things stand at a moment.
Build = Callable[[UUID, datetime], Report]
