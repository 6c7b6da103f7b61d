"""Type names read from text. DMN 1.5, 10.3.1.2, rules 63 to 65."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.expressions.cursor import Cursor
from engine.expressions.lattice import (
    SIMPLE_TYPES,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    Unknown,
)
from engine.expressions.tokens import Kind, Token, tokens
from engine.expressions.vocabulary import Vocabulary, key_length

_COMPOUNDS = tuple(tuple(name.split()) for name in SIMPLE_TYPES if " " in name)


class TypeReader(Cursor):
    """A cursor that reads types; `types` are those of the model, by name."""

    def __init__(
        self, read: Sequence[Token], text: str, vocabulary: Vocabulary, types: Mapping[str, Type]
    ) -> None:
        super().__init__(read, text)
        self.vocabulary = vocabulary
        self.types = types

    def type(self) -> Type:
        """Read a type; one that nobody knows is `Unknown`."""
        self.enter("a type")
        try:
            return self._type()
        finally:
            self.leave()

    def _type(self) -> Type:
        name = self._type_name()
        if name == "function":
            return self._function_type()
        if self.sees("<") and name in {"list", "range"}:
            self.expect("<")
            inner = self.type()
            self.expect(">")
            return ListType(inner) if name == "list" else RangeType(inner)
        if self.sees("<") and name == "context":
            return self._context_type()
        return SIMPLE_TYPES.get(name) or self.types.get(name) or Unknown(name)

    def _type_name(self) -> str:
        if self.skip("function"):
            return "function"
        for words in _COMPOUNDS:
            if all(self.peek(ahead).value == word for ahead, word in enumerate(words)):
                self.at += len(words)
                return " ".join(words)
        name, count = self.vocabulary.longest(self.tokens, self.at, anywhere=True)
        if name in self.types:
            self.at += count
            return name
        name = self.words("a type")
        while self.sees(".") and self.peek(1).kind is Kind.NAME:
            self.expect(".")
            name += "." + self.words("a type")
        return name

    def _context_type(self) -> Type:
        self.expect("<")
        if self.skip(">"):
            return ContextType(())
        return ContextType(self.separated(self._entry_type, ">"))

    def _entry_type(self) -> tuple[str, Type]:
        count = key_length(self.tokens, self.at)
        if not count:
            raise self.wrong("a key and `:`")
        key = self.spelled(count)
        self.expect(":")
        return key, self.type()

    def _function_type(self) -> Type:
        self.expect("<")
        parameters = () if self.skip(">") else self.separated(self.type, ">")
        self.expect("->")
        return FunctionType(parameters, self.type())


def parse_type(text: str, types: Mapping[str, Type] | None = None) -> Type:
    """Return the type a text names; one that is neither FEEL's nor in `types` is `Unknown`.

    Raises:
        FeelSyntaxError: when the text is no type.
    """
    known = types or {}
    reader = TypeReader(tokens(text), text, Vocabulary(known), known)
    found = reader.type()
    reader.end()
    return found
