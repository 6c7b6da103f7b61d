"""Values for the nodes of a model, each computed once, from what it requires. DMN 1.5, 10.4.

An environment is a model with the input data it was given. A model that is imported gets one of
its own for every import, because its inputs are those given under that import's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.decisions.elements import (
    Decision,
    DecisionService,
    DrgElement,
    Model,
    Reference,
)
from engine.decisions.program import Compiled, Program
from engine.decisions.requirements import links
from engine.decisions.scope import Match, Scope
from engine.expressions import Function, Run, Value
from engine.expressions.lattice import ANY, FunctionType, Type

_SERVICE_LEVELS = 40
"""What a call of a service counts of the nested calls an evaluation may make."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the record: its value, and the rules of its tables that matched.

    `name` is qualified by the import it came through.
    """

    id: str
    name: str
    value: Value
    matches: tuple[Match, ...]


@dataclass
class Question:
    """One evaluation under way: its budget, and its record.

    `seen` is what a task of a process sees, where one asks: see `Environment._undrawn`.
    """

    program: Program
    run: Run
    seen: Mapping[str, Value] | None = None
    inputs: dict[str, Value] = field(default_factory=dict)
    decided: list[Decided] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)

    def names_for(self, model: Model, values: Mapping[Reference, Value]) -> dict[str, Value]:
        """Return values by the names under which the nodes of a model read them."""
        names: dict[str, Value] = {}
        imported: dict[str, dict[str, Value]] = {}
        library = self.program.library
        for reference, value in values.items():
            name = self.program.compiled(reference).node.variable.name
            if qualifier := library.qualifier(model, reference.namespace):
                imported.setdefault(qualifier, {})[name] = value
            else:
                names[name] = value
        return {**names, **imported}

    def model(self, reference: Reference) -> Model:
        """Return the model a node stands in."""
        found = self.program.library.model(reference.namespace)
        assert found is not None  # noqa: S101  # a sound model's references lead somewhere
        return found


class Environment:
    """One model, with the inputs given to it.

    `given` are values that stand for nodes, whatever those would compute: the arguments of a
    decision service. `path` is what stands before the model's names in the record.
    """

    def __init__(
        self,
        question: Question,
        model: Model,
        inputs: Mapping[str, Value],
        given: Mapping[Reference, Value] | None = None,
        path: str = "",
    ) -> None:
        self._question = question
        self._model = model
        self._inputs = inputs
        self._given = given or {}
        self._path = path
        self._values: dict[Reference, Value] = {}
        self._imported: dict[str, Environment] = {}

    def value(self, reference: Reference) -> Value:
        """Return the value of input data or of a decision."""
        if reference in self._given:
            return self._given[reference]
        if reference.namespace != self._model.namespace:
            return self._of_import(reference.namespace).value(reference)
        if reference not in self._values:
            self._values[reference] = self._computed(reference)
        return self._values[reference]

    def _of_import(self, namespace: str) -> Environment:
        if namespace not in self._imported:
            library = self._question.program.library
            name = library.qualifier(self._model, namespace) or ""
            self._imported[namespace] = Environment(
                self._question,
                self._question.model(Reference(namespace, "")),
                inputs_under(self._inputs, name),
                self._given,
                f"{self._path}{name}." if name else self._path,
            )
        return self._imported[namespace]

    def _computed(self, reference: Reference) -> Value:
        compiled = self._question.program.compiled(reference)
        if isinstance(compiled.node, Decision):
            return self._decided(compiled, compiled.node)
        return self._input(compiled)

    def _input(self, compiled: Compiled) -> Value:
        node, run = compiled.node, self._question.run
        shown = self._path + node.variable.name
        value: Value = None
        for name in (node.variable.name, node.name, node.id):
            if name in self._inputs:
                value = self._inputs[name]
                break
        else:
            run.warn(f"the input “{shown}” was not given")
        if compiled.type is not None:
            value = compiled.type.fitted(run, value, f"the input “{shown}”")
        self._question.inputs[shown] = value
        return value

    def _decided(self, compiled: Compiled, node: Decision) -> Value:
        matches: list[Match] = []
        knowledge = Knowledge(self._question, matches)
        required: dict[Reference, Value] = {
            one: self.value(one) for one in (*node.inputs, *node.decisions)
        }
        required |= {one: knowledge.function(one) for one in node.knowledge}
        drawn = self._question.names_for(self._model, required)
        names = {**self._undrawn(node), **drawn}
        value: Value = None
        if compiled.logic is not None:
            value = compiled.logic(Scope(self._question.run, names, matches))
        record = Decided(node.id, self._path + node.variable.name, value, tuple(matches))
        self._question.decided.append(record)
        return value

    def _undrawn(self, node: Decision) -> Mapping[str, Value]:
        """Return what a decision for a process reads without its being drawn.

        That is each variable, and each required decision by its id: editors for processes give
        decisions no variable of their own, and draw no input data.
        """
        if self._question.seen is None:
            return {}
        required = {one.id: self.value(one) for one in node.decisions}
        return {**self._question.seen, **required}


class Knowledge:
    """The functions that one decision may call; the rules that match in them count as its own."""

    def __init__(self, question: Question, matches: list[Match]) -> None:
        self._question = question
        self._matches = matches
        self._made: dict[Reference, Function] = {}

    def function(self, reference: Reference) -> Function:
        """Return the function of a knowledge model or of a decision service."""
        if reference not in self._made:
            node = self._question.program.compiled(reference).node
            make = self._service if isinstance(node, DecisionService) else self._knowledge_model
            self._made[reference] = make(reference, node)
        return self._made[reference]

    def _knowledge_model(self, reference: Reference, node: DrgElement) -> Function:
        required: dict[Reference, Value] = {
            one: self.function(one) for one, _, _ in links(node) if one != reference
        }
        names = self._question.names_for(self._question.model(reference), required)
        logic = self._question.program.compiled(reference).logic
        made = logic(Scope(self._question.run, names, self._matches)) if logic else None
        if not isinstance(made, Function):
            made = Function((), lambda _run, _given: None, node.variable.name)
        # A knowledge model may call itself.
        names[node.variable.name] = made
        return made

    def _service(self, reference: Reference, node: DrgElement) -> Function:
        assert isinstance(node, DecisionService)  # noqa: S101  # `function` looked
        compiled = self._question.program.compiled(reference)
        if compiled.type is not None and compiled.type.result is not None:
            compiled = replace(compiled, type=compiled.type.result)
        parameters = [self._question.program.compiled(one) for one in node.parameters]

        def call(run: Run, arguments: Sequence[Value]) -> Value:
            run.enter(_SERVICE_LEVELS)
            given = {
                one: _fitted(run, parameter, argument)
                for one, parameter, argument in zip(
                    node.parameters, parameters, arguments, strict=True
                )
            }
            environment = Environment(self._question, self._question.model(reference), {}, given)
            values = {one: environment.value(one) for one in node.outputs}
            run.calls -= _SERVICE_LEVELS
            return _fitted(run, compiled, self._shaped(values))

        names = tuple(one.node.variable.name for one in parameters)
        shape = FunctionType(tuple(map(_shape, parameters)), _shape(compiled))
        return Function(names, call, node.variable.name, shape)

    def _shaped(self, outputs: Mapping[Reference, Value]) -> Value:
        """Return the outputs of a service: bare when there is one, a context for several."""
        if len(outputs) == 1:
            return next(iter(outputs.values()))
        program = self._question.program
        return {program.compiled(one).node.variable.name: value for one, value in outputs.items()}


def _fitted(run: Run, compiled: Compiled, value: Value) -> Value:
    if compiled.type is None:
        return value
    return compiled.type.fitted(run, value, f"“{compiled.node.variable.name}”")


def _shape(compiled: Compiled) -> Type:
    return compiled.type.shape if compiled.type else ANY


def inputs_under(inputs: Mapping[str, Value], name: str) -> Mapping[str, Value]:
    """Return the inputs for an import of this name; callers may also write them dotted."""
    if not name:
        return inputs
    inner = inputs.get(name)
    dotted = {
        key.removeprefix(f"{name}."): value
        for key, value in inputs.items()
        if key.startswith(f"{name}.")
    }
    return {**dotted, **(inner if isinstance(inner, dict) else {})}
