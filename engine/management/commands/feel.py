"""Evaluates FEEL from the command line, one expression or a file of cases; needs no database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.errors import Invalid
from engine.expressions import parse
from engine.expressions.cases import Verdict, is_case, judge_all
from engine.expressions.moments import moment_of
from engine.expressions.typed import to_typed
from engine.management import arguments


class Command(BaseCommand):
    """Print the value of an expression with its warnings, or how many cases of a file pass."""

    help = "Evaluate a FEEL expression, or the cases of a file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the expression and its variables, or the file and where its report goes."""
        parser.add_argument("expression", nargs="?", metavar="EXPRESSION")
        parser.add_argument("--context", default="{}", metavar="JSON", help="Variables by name.")
        parser.add_argument("--cases", metavar="FILE", help="Cases as the TCK file has them.")
        parser.add_argument(
            "--json", metavar="OUT", help="Where the value, or one row per case, is written."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Evaluate."""
        if (options["expression"] is None) == (options["cases"] is None):
            raise CommandError("Give either an expression or --cases FILE.")
        if options["cases"] is not None:
            self._judge(options["cases"], options["json"])
        else:
            self._evaluate(options["expression"], options["context"], options["json"])

    def _evaluate(self, text: str, context: str, report: str | None) -> None:
        variables = arguments.parsed_object(context, "The context")
        try:
            evaluation = parse(text, tuple(variables)).evaluate(variables, moment_of(clock.now()))
        except Invalid as error:
            raise CommandError(str(error)) from None
        value = to_typed(evaluation.value)
        self.stdout.write(json.dumps(value, ensure_ascii=False))
        for warning in evaluation.warnings:
            self.stderr.write(warning)
        if report is not None:
            told = {"value": value, "warnings": list(evaluation.warnings)}
            arguments.leave(report, json.dumps(told, ensure_ascii=False) + "\n")

    def _judge(self, source: str, report: str | None) -> None:
        verdicts = judge_all(_cases(source), moment_of(clock.now()))
        self.stdout.write(_tally("cases with a value", [v for v in verdicts if not v.expects_null]))
        self.stdout.write(_tally("cases with null", [v for v in verdicts if v.expects_null]))
        self.stdout.write(_tally("all cases", verdicts))
        if report is not None:
            rows = [verdict.as_json() for verdict in verdicts]
            arguments.leave(report, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def _tally(what: str, verdicts: Sequence[Verdict]) -> str:
    passed = sum(verdict.passed for verdict in verdicts)
    errors = sum(verdict.raised for verdict in verdicts)
    share = f" ({passed / len(verdicts):.1%})" if verdicts else ""
    failed = len(verdicts) - passed - errors
    return f"{what}: {passed} passed{share}, {failed} failed, {errors} errors"


def _cases(source: str) -> list[dict[str, Any]]:
    read = arguments.parsed(arguments.text(source), source)
    found = read.get("cases") if isinstance(read, dict) else read
    if not isinstance(found, list):
        raise CommandError(f"{source} holds no list of cases.")
    for number, case in enumerate(found, 1):
        if not is_case(case):
            raise CommandError(f"Case {number} of {source} has not dir, id, expr, inp and exp.")
    return found
