"""What a built-in function is: its parameters, and how arguments reach it.

A function's first argument is the `Run` it spends from; it raises `Refusal` for arguments it cannot
take. Every function checks its arguments with the readers below, which also apply FEEL's implicit
conversion: a list of one item stands for the item, and an item for a list of one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from engine.expressions.errors import Refusal
from engine.expressions.values import Function, Value, described, kind_of

# Built-ins differ in their number of parameters, which the table checks before a call.
Body: TypeAlias = Callable[..., Value]
_Type = TypeVar("_Type")
_TOO_LARGE = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class BuiltIn(Function):
    """A built-in. The parameters after `required` are optional; a variadic one repeats its last.

    `forms` are other sets of parameter names the function may be called with, in DMN's table
    where one name stands for several functions, such as `date(from)` and `date(year, month, day)`.
    `kinds` are those of parameters that tell two forms apart, for arguments that come by name.
    """

    forms: tuple[tuple[str, ...], ...] = ()
    required: int = 0
    variadic: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def most(self) -> int:
        """Return the largest number of arguments of a function that is not variadic."""
        return max(map(len, self.forms))

    def miscounted(self, count: int) -> str:
        """Return what is wrong with the number of arguments, or nothing."""
        if count >= self.required and (self.variadic or count <= self.most):
            return ""
        span = (
            str(self.required) if self.required == self.most else f"{self.required} to {self.most}"
        )
        span = f"at least {self.required}" if self.variadic else span
        plural = "" if span.endswith("1") else "s"
        return f"{span} argument{plural} for {self.shown}, not {count}"

    def misnamed(self, names: Collection[str]) -> str:
        """Return what is wrong with the names of the arguments, or nothing."""
        if any(self._fits(form, names) for form in self.forms):
            return ""
        choices = " or ".join(f"({', '.join(form)})" for form in self.forms)
        return f"arguments for {self.shown} named {choices}"

    def ordered(self, named: Mapping[str, Value]) -> Sequence[Value]:
        """Return named arguments in the order of the parameters, null where one is left out."""
        form = next(form for form in self.forms if self._fits(form, named))
        for name, kind in self.kinds.items():
            if name in named and kind_of(named[name]) != kind:
                raise Refusal(f"needs a {kind} as `{name}`, and got {described(named[name])}")
        values = [named.get(name) for name in form]
        while values and form[len(values) - 1] not in named:
            values.pop()
        return values

    def _fits(self, form: tuple[str, ...], names: Collection[str]) -> bool:
        required = form[: self.required] if form is self.forms[0] else form
        return set(required) <= set(names) <= set(form)


class Registry(dict[str, BuiltIn]):
    """The functions of one family, filled by decorating their bodies."""

    def function(
        self,
        name: str,
        *forms: str,
        required: int | None = None,
        variadic: bool = False,
        **kinds: str,
    ) -> Callable[[Body], Body]:
        """Register a body under its FEEL name; each form lists parameter names with commas."""
        named = tuple(tuple(part.strip() for part in form.split(",") if part) for form in forms)
        least = min(map(len, named)) if required is None else required

        def register(body: Body) -> Body:
            self[name] = BuiltIn(
                parameters=named[0],
                body=lambda run, arguments: body(run, *arguments),
                name=name,
                forms=named,
                required=least,
                variadic=variadic,
                kinds=kinds,
            )
            return body

        return register


def single(value: Value) -> Value:
    """Return the only item of a list of one, and anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _reader(kind: type[_Type], wanted: str) -> Callable[[Any], _Type]:
    def read(value: Value) -> _Type:
        found: Any = single(value)
        if type(found) is not kind:
            raise Refusal(f"needs {wanted}, and got {described(found)}")
        return found

    return read


number_in = _reader(Decimal, "a number")
text_in = _reader(str, "a string")
boolean_in = _reader(bool, "true or false")
context_in = _reader(dict, "a context")


def whole_in(value: Value) -> int:
    """Return a whole number of at most nine digits, such as an index; a fraction is cut off."""
    found = number_in(value)
    if found.copy_abs() >= _TOO_LARGE:
        raise Refusal(f"needs a smaller number, and got {found:f}"[:100])
    return int(found)


def list_in(value: Value) -> list[Value]:
    """Return a list; a single value stands for a list of one, null for none."""
    if value is None:
        raise Refusal("needs a list, and got null")
    return value if isinstance(value, list) else [value]


def spread(arguments: Sequence[Value]) -> list[Value]:
    """Return what a function of any number of arguments, or of one list, works on."""
    if len(arguments) == 1:
        return list_in(arguments[0])
    return list(arguments)
