"""The decision files that travel with a model: which of them holds a decision, and its answers.

A task of a process asks for a decision by its id, and shows it all the variables it sees itself:
logic reads one by its name, drawn as a requirement or not, as editors for processes write it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property

from common.phrases import Phrase
from engine.decisions.analysis import Analysis
from engine.decisions.elements import Decision, Model
from engine.decisions.errors import DecisionUnknown
from engine.decisions.evaluation import Answer, Decisions
from engine.decisions.parser import read
from engine.decisions.problems import DecisionProblem
from engine.decisions.questions import Asked, asked
from engine.expressions import DateTime
from engine.problems import Problem, listed
from engine.xml import UnreadableModel

MEDIA_TYPE = "application/dmn+xml"


class Rulebook:
    """Decision files by name, which may import each other. Each is compiled when it is asked."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._models: dict[str, Model] = {}
        self._unreadable: list[Problem] = []
        self._compiled: dict[str, Decisions] = {}
        for name, content in files.items():
            try:
                self._models[name] = read(content)
            except UnreadableModel as error:
                told = _in_file(name, error.sentence)
                self._unreadable.append(
                    Problem("model_unreadable", "error", None, name, told, error.remedy)
                )

    def __bool__(self) -> bool:
        return bool(self._models)

    @cached_property
    def holders(self) -> Mapping[str, tuple[str, ...]]:
        """Return the files that hold each decision, by the decision's id."""
        found: dict[str, tuple[str, ...]] = {}
        for name, model in self._models.items():
            for node in model.elements.values():
                if isinstance(node, Decision):
                    found[node.id] = (*found.get(node.id, ()), name)
        return found

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the files; one that others import is told once."""
        told = [
            Problem(one.code, one.severity, None, name, _in_file(name, one.message), one.hint)
            for name in self._models
            for one in self._decisions(name).own_problems
        ]
        return [*self._unreadable, *told]

    def problems_of(self, name: str) -> tuple[DecisionProblem, ...]:
        """Return what is wrong with one file that can be read, each with its place in it."""
        return self._decisions(name).own_problems

    def analysed(self, name: str) -> tuple[Analysis, ...]:
        """Return what there is to say about the tables of one file."""
        return self._decisions(name).analysed()

    def asked(self, name: str) -> dict[str, tuple[Asked, ...]]:
        """Return the decisions of one file by id, each with the inputs it reads."""
        model = self._models[name]
        return {
            node.id: asked(model, node.id)
            for node in model.elements.values()
            if isinstance(node, Decision)
        }

    def digest_of(self, identity: str) -> str:
        """Return the SHA-256 of the file that holds a decision."""
        return hashlib.sha256(self._files[self.holders[identity][0]]).hexdigest()

    def decide(self, identity: str, seen: Mapping[str, object], now: DateTime | None) -> Answer:
        """Return the answer of the decision with this id to a task that sees these variables.

        Raises:
            DecisionUnknown: no file holds it, or several do.
            DecisionRefused, FeelBudgetExceeded: as for `Decisions.decide`.
        """
        files = self.holders.get(identity, ())
        if len(files) != 1:
            known = listed(sorted(self.holders)) or "none"
            raise DecisionUnknown(kind="decision", name=identity, known=known)
        return self._decisions(files[0]).made(identity, seen, now)

    def _decisions(self, name: str) -> Decisions:
        if name not in self._compiled:
            main = self._models[name]
            # Files of one editor often share a namespace, in which they do not mean each other.
            others = [one for one in self._models.values() if one.namespace != main.namespace]
            self._compiled[name] = Decisions(main, others)
        return self._compiled[name]


def _in_file(name: str, sentence: Phrase) -> Phrase:
    return Phrase("{file}: {sentence}", file=name, sentence=sentence)


NO_DECISIONS = Rulebook({})
