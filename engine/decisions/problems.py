"""The words for what is wrong with a decision model, in one table.

docs/problems.md explains each code at more length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.problems import Problem, Text, filled


@dataclass(frozen=True, slots=True)
class DecisionProblem(Problem):
    """A problem of a decision model.

    `node` is the id of the decision, function or service that cannot run because of it, None where
    it concerns the whole file. `row` and `column` count from 1, in a decision table or a relation.
    """

    node: str | None = None
    row: int | None = None
    column: int | None = None


def problem(
    code: str,
    element: str | None = None,
    name: str = "",
    *,
    node: str | None = None,
    **fields: Any,
) -> DecisionProblem:
    """Return the problem with its words filled in; `row` and `column` are kept beside them."""
    plain = filled(TEXTS, code, element, name or element or "", **fields)
    return DecisionProblem(
        plain.code,
        plain.severity,
        plain.element,
        plain.name,
        plain.message,
        plain.hint,
        node=node,
        row=fields.get("row"),
        column=fields.get("column"),
    )


def errors(found: Iterable[DecisionProblem]) -> list[DecisionProblem]:
    """Return the problems that keep a model from running."""
    return [one for one in found if one.severity == "error"]


TEXTS: Final[Mapping[str, Text]] = {
    "aggregation_compound": Text(
        "{it} collects with {aggregation} over {count} outputs, which DMN leaves undefined.",
        "Keep one output; until then each output is collected apart.",
        "warning",
    ),
    "aggregation_needless": Text(
        "{it} names the aggregation {aggregation}, which the hit policy {policy} never uses.",
        "Change the hit policy to COLLECT, or remove the aggregation.",
        "warning",
    ),
    "aggregation_unknown": Text(
        "{it} aggregates with “{aggregation}”, which DMN does not have.",
        "Choose SUM, COUNT, MIN or MAX.",
    ),
    "boxed_unknown": Text(
        "{it} holds {kind}, which is no expression of DMN.",
        "Remove it, or draw the logic with an expression of DMN.",
    ),
    "cell_count": Text(
        "Row {row} of {it} has {found} {what} cells where the table has {expected} columns.",
        "Give the row one cell per column.",
    ),
    "cell_unreadable": Text(
        "Row {row}, column {column} ({heading}) of {it} cannot be read. {sentence}",
        "Correct the cell at that place.",
    ),
    "decision_cycle": Text(
        "{it} requires itself, through {path}.",
        "Remove one of the requirements of the circle.",
    ),
    "decision_too_deep": Text(
        "{it} stands on top of more than {limit} requirements in a row.",
        "Merge some of the decisions.",
    ),
    "dmn_duplicate_id": Text(
        "The id {it} is used {count} times.", "Give every element an id of its own."
    ),
    "dmn_language": Text(
        "{it} is written in {language}; decisions are written in FEEL.",
        "Write the expression in FEEL.",
    ),
    "entry_twice": Text(
        "{it} has the entry “{entry}” twice, so it is not clear which one is meant.",
        "Give each entry a name of its own.",
    ),
    "feel_unreadable": Text(
        "The {what} of {it} cannot be read. {sentence}", "Correct the expression at that place."
    ),
    "function_kind": Text(
        "{it} is a function in {language}, which never runs here.", "Write the function in FEEL."
    ),
    "hit_policy_unknown": Text(
        "{it} has the hit policy “{policy}”, which DMN does not have.",
        "Choose UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER or COLLECT.",
    ),
    "import_kind": Text(
        "The file imports “{namespace}”, which is no decision model ({type}).",
        "Define the types and functions it holds in a decision model.",
        "warning",
    ),
    "import_missing": Text(
        "The file imports the model “{namespace}”, which was not given.",
        "Give the imported file together with this one.",
    ),
    "input_missing": Text(
        "Column {column} of {it} does not say what it tests.", "Write the input expression."
    ),
    "logic_missing": Text(
        "{it} has no {what}: its value is null.",
        "Write the expression, or remove the place for it.",
        "warning",
    ),
    "output_unnamed": Text(
        "Column {column} of {it} has no name, and the table has several outputs.",
        "Name every output.",
    ),
    "priority_missing": Text(
        "{it} decides by the priority of its outputs, but no output lists its values.",
        "List the output values, the most important first.",
    ),
    "requirement_ambiguous": Text(
        "{it} requires two things by the name “{variable}”.", "Rename one of them."
    ),
    "requirement_kind": Text(
        "{it} requires {target} as {wanted}, which it is not.",
        "Draw the right kind of requirement.",
    ),
    "requirement_missing": Text(
        "{it} requires {target}, which is not in the model nor in a file it imports.",
        "Remove the requirement, or give the file that holds the element.",
    ),
    "service_without_output": Text(
        "The decision service {it} has no output decision.", "Choose at least one output decision."
    ),
    "type_cycle": Text(
        "The type {it} is defined by itself.", "Define the type by others, down to FEEL's own."
    ),
    "type_too_large": Text(
        "The type {it} is put together from more than {limit} types.",
        "Define fewer components, or types that are nested less.",
    ),
    "type_unknown": Text(
        "{it} has the type “{type}”, which is neither FEEL's nor defined in the model.",
        "Choose a type of FEEL, or define this one.",
    ),
    "variable_renamed": Text(
        "{it} is read under the name “{variable}”, not under its own.",
        "Give the element and its variable one name.",
        "warning",
    ),
}
