"""The analysis of a table in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from common.phrases import Phrase, enumerated
from engine.decisions.analysis import Analysis, Gap, Overlap, Unjudged, Unreachable
from engine.problems import listed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a table: what kind, on which rules (from 1), and how it matters.

    A `conflict` is an answer the hit policy does not allow, or a rule that never counts; what the
    policy allows, and what could not be judged, is a `note`; an input without an answer is a `gap`.
    """

    kind: Literal["conflict", "gap", "note"]
    rules: tuple[int, ...]
    sentence: str


def findings(analysis: Analysis) -> Iterator[Finding]:
    """Yield what there is to say about a table, in words."""
    for dead in analysis.unreachable:
        yield Finding("conflict", (dead.rule,), _unreachable(dead))
    for both in analysis.overlaps:
        kind: Literal["conflict", "note"] = "conflict" if both.conflict else "note"
        yield Finding(kind, both.rules, _overlap(both, analysis))
    for gap in analysis.gaps:
        certain = gap.certain and not analysis.defaults
        yield Finding("gap" if certain else "note", (), _gap(gap, analysis))
    for cell in analysis.unjudged:
        yield Finding("note", (cell.row,) if cell.row else (), _unjudged(cell, analysis))
    if not analysis.complete:
        words = "The table is too large to find everything; there may be more."
        yield Finding("note", (), Phrase(words))


def sentences(analysis: Analysis) -> Iterator[str]:
    """Yield one sentence for each finding, and one where there is none."""
    found = [one.sentence for one in findings(analysis)]
    if not found:
        found.append(Phrase("Every input meets a rule, and no rule is in the way of another."))
    for sentence in found:
        yield Phrase("{table}: {sentence}", table=analysis.name, sentence=sentence)


def _overlap(one: Overlap, analysis: Analysis) -> Phrase:
    template = (
        "Rules {first} and {second} both match{where}, which the hit policy {policy} forbids."
        if one.conflict
        else "Rules {first} and {second} both match{where}; the hit policy {policy} allows it."
    )
    first, second = one.rules
    where = _where(one.where, analysis)
    policy = analysis.policy.value
    return Phrase(template, first=first, second=second, where=where, policy=policy)


def _gap(one: Gap, analysis: Analysis) -> Phrase:
    where = _where(one.where, analysis)
    if not one.certain:
        return Phrase("No rule that could be judged matches{where}.", where=where)
    if analysis.defaults:
        return Phrase("No rule matches{where}; the default answers.", where=where)
    return Phrase("No rule matches{where}.", where=where)


def _unreachable(one: Unreachable) -> Phrase:
    if not one.before:
        return Phrase("Rule {rule} never matches: its cells allow no value.", rule=one.rule)
    rules = listed([str(number) for number in one.before])
    return Phrase("Rule {rule} never counts: {rules} come first.", rule=one.rule, rules=rules)


def _unjudged(one: Unjudged, analysis: Analysis) -> Phrase:
    heading = analysis.headings[one.column - 1]
    text = one.text[:80]
    if one.row == 0:
        template = "The input values of column {column} ({heading}) are too complex: {text}."
        return Phrase(template, column=one.column, heading=heading, text=text)
    template = "Row {row}, column {column} ({heading}) is too complex to judge: {text}."
    return Phrase(template, row=one.row, column=one.column, heading=heading, text=text)


def _where(tests: Sequence[str], analysis: Analysis) -> str:
    """Return the columns that are restricted, each with its test."""
    parts = [
        Phrase("{heading}: {test}", heading=heading, test=test)
        for heading, test in zip(analysis.headings, tests, strict=True)
        if test != "-"
    ]
    if not parts:
        return ""
    return Phrase(" where {tests}", tests=enumerated(parts))
