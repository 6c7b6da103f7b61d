"""Built-in functions on strings. DMN 1.5, table 75."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.expressions.budget import MAX_CHARACTERS, Run
from engine.expressions.errors import Refusal
from engine.expressions.patterns import Pattern, compiled_pattern, replacement_parts
from engine.expressions.signatures import Registry, list_in, text_in, whole_in
from engine.expressions.values import Value

TEXT = Registry()


@TEXT.function("contains", "string, match")
def _contains(run: Run, text: Value, match: Value) -> Value:
    return text_in(match) in run.read(text_in(text))


@TEXT.function("starts with", "string, match")
def _starts_with(run: Run, text: Value, match: Value) -> Value:
    return run.read(text_in(text)).startswith(text_in(match))


@TEXT.function("ends with", "string, match")
def _ends_with(run: Run, text: Value, match: Value) -> Value:
    return run.read(text_in(text)).endswith(text_in(match))


@TEXT.function("upper case", "string")
def _upper_case(run: Run, text: Value) -> Value:
    return run.text(run.read(text_in(text)).upper())


@TEXT.function("lower case", "string")
def _lower_case(run: Run, text: Value) -> Value:
    return run.text(run.read(text_in(text)).lower())


@TEXT.function("string length", "string")
def _string_length(_run: Run, text: Value) -> Value:
    return Decimal(len(text_in(text)))


@TEXT.function("substring", "string, start position, length", required=2)
def _substring(run: Run, text: Value, start: Value, length: Value = None) -> Value:
    """Return a part; positions count from 1, negative ones from the end."""
    whole, first = text_in(text), whole_in(start)
    if not 1 <= abs(first) <= len(whole):
        raise Refusal("the start position lies outside the string")
    begin = first - 1 if first > 0 else len(whole) + first
    if length is None:
        return run.text(whole[begin:])
    count = whole_in(length)
    if count < 1:
        raise Refusal("needs a length of at least 1")
    return run.text(whole[begin : begin + count])


@TEXT.function("substring before", "string, match")
def _substring_before(run: Run, text: Value, match: Value) -> Value:
    before, found, _ = _parted(run, text, match)
    return run.text(before) if found else ""


@TEXT.function("substring after", "string, match")
def _substring_after(run: Run, text: Value, match: Value) -> Value:
    if text_in(match) == "":
        return text_in(text)
    _, found, after = _parted(run, text, match)
    return run.text(after) if found else ""


def _parted(run: Run, text: Value, match: Value) -> tuple[str, str, str]:
    if text_in(match) == "":
        return "", "", ""
    return run.read(text_in(text)).partition(text_in(match))


@TEXT.function("string join", "list, delimiter", required=1)
def _string_join(run: Run, items: Value, delimiter: Value = None) -> Value:
    """Join the strings of a list; null items are left out."""
    texts = [text_in(item) for item in list_in(items) if item is not None]
    between = "" if delimiter is None else text_in(delimiter)
    run.spend(1 + len(texts) // 10)
    # Counted before it is made: a long delimiter between many items would be vast.
    total = sum(map(len, texts)) + len(between) * max(0, len(texts) - 1)
    run.reserve_text(total)
    return between.join(texts)


@TEXT.function("matches", "input, pattern, flags", required=2)
def _matches(run: Run, text: Value, pattern: Value, flags: Value = None) -> Value:
    """Return whether the pattern is found in the text, in time that grows with the text only."""
    return _pattern(run, pattern, flags).is_in(run, text_in(text))


@TEXT.function("replace", "input, pattern, replacement, flags", required=3)
def _replace(
    run: Run, text: Value, pattern: Value, replacement: Value, flags: Value = None
) -> Value:
    """Return the text with what the pattern finds replaced; `$1` stands for the first group."""
    whole, expression = text_in(text), _pattern(run, pattern, flags)
    if expression.matches_nothing():
        raise Refusal("needs a pattern that does not match nothing")
    parts: list[str | int] = [text_in(replacement)]
    if "q" not in text_in(flags or ""):
        parts = replacement_parts(text_in(replacement), expression.groups)
    made, begin, size = [], 0, 0
    for match in expression.found(run, whole):
        filled = "".join(_filled(match, part) for part in parts)
        size += match.start() - begin + len(filled)
        run.reserve_text(len(filled))
        if size > MAX_CHARACTERS:
            break  # the reservation below refuses it
        made += [whole[begin : match.start()], filled]
        begin = match.end()
    run.reserve_text(size + len(whole) - begin)
    return "".join([*made, whole[begin:]])


def _filled(match: Any, part: str | int) -> str:
    if isinstance(part, str):
        return part
    return match.group(part) or "" if part <= match.re.groups else ""


@TEXT.function("split", "string, delimiter")
def _split(run: Run, text: Value, delimiter: Value) -> Value:
    whole = text_in(text)
    parts: list[Value] = []
    begin = 0
    for match in _pattern(run, delimiter, None).found(run, whole):
        if match.end() == match.start():
            continue
        parts.append(whole[begin : match.start()])
        begin = match.end()
    return run.items([*parts, whole[begin:]])


def _pattern(run: Run, pattern: Value, flags: Value) -> Pattern:
    return compiled_pattern(run, text_in(pattern), "" if flags is None else text_in(flags))
