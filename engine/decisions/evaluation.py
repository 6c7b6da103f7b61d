"""Decisions made: values for a model's nodes, and the record of how they came about.

DMN 1.5, 10.4. One budget covers everything that one question makes the model evaluate. What has no
meaning is null and leaves a warning; only the budget, and a model that cannot run, are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.decisions.analysis import Analysis, analysed
from engine.decisions.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Model,
    Node,
    Reference,
)
from engine.decisions.environment import Decided, Environment, Knowledge, Question, inputs_under
from engine.decisions.errors import DecisionRefused, DecisionUnknown
from engine.decisions.problems import DecisionProblem
from engine.decisions.program import Program
from engine.decisions.scope import Match
from engine.expressions import DateTime, FeelBudgetExceeded, Function, Run, Value, admit
from engine.expressions.budget import MAX_CALLS
from engine.expressions.values import weigh
from engine.problems import listed

MAX_STEPS: Final = 500_000
"""What one question may cost, in steps of FEEL."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out of a question, and how.

    `inputs` are the values that were read, as they were read; `decisions` are in the order in
    which they were made, and `matches` are the rules that matched outside of any decision, in a
    function that was called.
    """

    value: Value
    inputs: Mapping[str, Value]
    decisions: tuple[Decided, ...]
    matches: tuple[Match, ...]
    warnings: tuple[str, ...]


class Decisions:
    """A model that answers questions. Compiled once, asked often."""

    def __init__(self, model: Model, imported: Sequence[Model] = ()) -> None:
        self._program = Program(model, imported)
        self._model = model

    @property
    def problems(self) -> tuple[DecisionProblem, ...]:
        """What is wrong with the model and those it imports, errors first."""
        return self._program.problems

    @property
    def own_problems(self) -> tuple[DecisionProblem, ...]:
        """What is wrong with the model itself, errors first."""
        return self._program.own_problems

    def analysed(self) -> tuple[Analysis, ...]:
        """Return what there is to say about each decision table: overlaps, gaps, dead rules."""
        return analysed(self._model)

    def decide(
        self, name: str, context: Mapping[str, object], now: DateTime | None = None
    ) -> Answer:
        """Return the value of a decision, by its name or its id.

        `context` holds the input data by name; those of an imported model are entries of a context
        under the import's name. `now` is what `now()` tells.

        Raises:
            DecisionUnknown: there is no such decision.
            DecisionRefused: the model is wrong where this decision stands on it.
            FeelBudgetExceeded: it would cost more than one question may.
        """
        reference = self._found(Decision, "decision", name)
        question = self._question(now)
        environment = Environment(question, self._model, _admitted(context))
        return _answer(question, lambda: environment.value(reference))

    def made(
        self, identity: str, seen: Mapping[str, object], now: DateTime | None = None
    ) -> Answer:
        """Return the value of the decision with this id, as a task of a process asks for it.

        Input data is what is seen under its name; and all that is seen can be read without being
        drawn as required, because that is how decisions for processes are written.

        Raises:
            DecisionUnknown, DecisionRefused, FeelBudgetExceeded: as for `decide`.
        """
        node = self._model.elements.get(identity)
        if not isinstance(node, Decision):
            raise self._unknown(Decision, "decision", identity)
        reference = self._sound(Reference(self._model.namespace, node.id), node.name or node.id)
        question, inputs = self._question(now), _admitted(seen)
        question.seen = inputs
        environment = Environment(question, self._model, inputs)
        return _answer(question, lambda: environment.value(reference))

    def serve(
        self, name: str, context: Mapping[str, object], now: DateTime | None = None
    ) -> Answer:
        """Return what a decision service gives for its inputs, by name.

        Raises:
            DecisionUnknown, DecisionRefused, FeelBudgetExceeded: as for a decision.
        """
        return self._called(self._found(DecisionService, "decision service", name), context, now)

    def call(
        self, name: str, arguments: Mapping[str, object], now: DateTime | None = None
    ) -> Answer:
        """Return what a business knowledge model gives for its arguments, by name.

        Raises:
            DecisionUnknown, DecisionRefused, FeelBudgetExceeded: as for a decision.
        """
        reference = self._found(BusinessKnowledgeModel, "business knowledge model", name)
        return self._called(reference, arguments, now)

    def _called(
        self, reference: Reference, context: Mapping[str, object], now: DateTime | None
    ) -> Answer:
        question = self._question(now)
        inputs = _admitted(context)

        def compute() -> Value:
            function = Knowledge(question, question.matches).function(reference)
            return function.call(question.run, self._arguments(reference, function, inputs))

        return _answer(question, compute)

    def _arguments(
        self, reference: Reference, function: Function, inputs: Mapping[str, Value]
    ) -> list[Value]:
        """Return the arguments of a call in order; what is not given is null."""
        node = self._program.compiled(reference).node
        if not isinstance(node, DecisionService):
            return [inputs.get(name) for name in function.parameters]
        library = self._program.library
        arguments = []
        for one, name in zip(node.parameters, function.parameters, strict=True):
            qualifier = library.qualifier(self._model, one.namespace)
            arguments.append(inputs_under(inputs, qualifier or "").get(name))
        return arguments

    def _question(self, now: DateTime | None) -> Question:
        return Question(self._program, Run(now=now, limit=MAX_STEPS))

    def _found(self, kind: type[Node], shown: str, name: str) -> Reference:
        """Return the node of that name or id, which must be able to run."""
        name = " ".join(name.split())
        nodes = [one for one in self._model.elements.values() if isinstance(one, kind)]
        for read in (_name, _identity, _variable):
            for node in nodes:
                if read(node) == name:
                    return self._sound(Reference(self._model.namespace, node.id), name)
        raise self._unknown(kind, shown, name)

    def _unknown(self, kind: type[Node], shown: str, name: str) -> DecisionUnknown:
        nodes = [one for one in self._model.elements.values() if isinstance(one, kind)]
        known = listed([node.name or node.id for node in nodes]) or "none"
        return DecisionUnknown(kind=shown, name=name, known=known)

    def _sound(self, reference: Reference, name: str) -> Reference:
        wrong = self._program.errors_below(reference)
        if wrong:
            raise DecisionRefused(name=name, problems=wrong)
        return reference


def _name(node: Node) -> str:
    return node.name


def _identity(node: Node) -> str:
    return node.id


def _variable(node: Node) -> str:
    return node.variable.name


def _admitted(context: Mapping[str, object]) -> dict[str, Value]:
    return {" ".join(name.split()): admit(value) for name, value in context.items()}


def _answer(question: Question, compute: Callable[[], Value]) -> Answer:
    """Return the value with its record.

    Raises:
        FeelBudgetExceeded: it would cost more than one question may.
    """
    try:
        value = compute()
        weigh(value)
    except RecursionError:
        # Calls are counted, but how many of Python's own one of them takes is the model's choice.
        raise FeelBudgetExceeded(what="levels of nested calls", limit=MAX_CALLS) from None
    return Answer(
        value,
        question.inputs,
        tuple(question.decided),
        tuple(question.matches),
        tuple(question.run.warnings),
    )
