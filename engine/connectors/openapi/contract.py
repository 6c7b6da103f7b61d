"""Pure: what an OpenAPI document says of one operation, and whether a call keeps to it.

Versions 3.0 and 3.1. References lead within the document and nowhere else: nothing is fetched.
Patterns are matched in linear time; a schema that never ends is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlencode

import re2
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

LARGEST: Final = 256 * 1024
_METHODS: Final = ("get", "put", "post", "delete", "patch", "head")
_URI: Final = "urn:interlock:document"
_PLACES: Final = frozenset({"path", "query", "header"})
_DEEPEST: Final = 20
_NESTED: Final = 200
_SHOWN: Final = 200
_NAMES: Final = ("$id", "$anchor", "$dynamicAnchor", "$dynamicRef")
_BOUNDS: Final = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}

Schema: TypeAlias = Mapping[str, Any] | bool | None
"""What a value must be; None where the document does not say."""


class ContractUnfit(Exception):
    """No call can be made by the document; the text says why."""


class OffContract(Exception):
    """A request or an answer is not as the document says; the text says where and how."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation, which stands in its path, its query or its headers."""

    name: str
    place: str
    required: bool
    schema: Schema


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document; `answers` are the schemas of its answers, by status."""

    document: Document
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    takes_body: bool
    needs_body: bool
    body: Schema
    answers: Mapping[str, Schema]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: the method, the path with its query, and headers."""

    method: str
    path: str
    headers: Mapping[str, str]


class Document:
    """A document with its references, each of which can be followed from wherever it stands."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content: Mapping[str, Any] = _absolute(content)
        resource = DRAFT202012.create_resource(self.content)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)

    def followed(self, value: Any) -> Mapping[str, Any]:
        """Return an object of the document, or the one that it refers to.

        Raises:
            ContractUnfit: the reference leads nowhere, or in a circle.
        """
        for _ in range(_DEEPEST):
            if not isinstance(value, Mapping):
                return {}
            if not isinstance(value.get("$ref"), str):
                return value
            try:
                value = self._registry.resolver().lookup(value["$ref"]).contents
            except Unresolvable:
                break
        raise ContractUnfit("The document refers to something that it does not hold.")

    def wrong(self, schema: Schema, value: Any) -> str:
        """Return what is wrong with a value by a schema, as a sentence; "" for nothing.

        Raises:
            ContractUnfit: the schema cannot be followed.
        """
        if schema is None:
            return ""
        validator = _Validator(schema, registry=self._registry)
        try:
            errors = sorted(validator.iter_errors(value), key=lambda one: len(one.absolute_path))
        except (RecursionError, Unresolvable, AttributeError, TypeError):
            raise ContractUnfit("A schema of the document cannot be followed.") from None
        return _told(errors[0]) if errors else ""


@lru_cache(maxsize=32)
def operation_of(text: str, operation_id: str) -> Operation:
    """Return an operation of a document, which is a text of JSON, by its operationId.

    Raises:
        ContractUnfit: it is no OpenAPI document of version 3, or has no such operation.
    """
    document = Document(_read(text))
    for method, path, item, found in _operations(document):
        if found.get("operationId") == operation_id:
            body = document.followed(found.get("requestBody"))
            return Operation(
                document=document,
                method=method,
                path=path,
                parameters=tuple(_parameters(document, item, found)),
                takes_body=bool(body),
                needs_body=body.get("required") is True,
                body=_json_schema(body),
                answers=dict(_answers(document, found)),
            )
    raise ContractUnfit(f"The document has no operation “{operation_id[:80]}”.")


def request_of(operation: Operation, parameters: Mapping[str, Any], body: Any) -> Request:
    """Return the request for some values, held against the document before anything is sent.

    Raises:
        OffContract: a value is missing, unknown, or not as its schema says.
        ContractUnfit: a schema cannot be followed.
    """
    unknown = parameters.keys() - {each.name for each in operation.parameters}
    if unknown:
        raise OffContract(f"The operation has no parameter “{str(min(unknown))[:80]}”.")
    _check_body(operation, body)
    path, query, headers = operation.path, {}, {}
    for each in operation.parameters:
        text = _checked(operation, each, parameters.get(each.name))
        if text is None:
            continue
        if each.place == "path":
            path = path.replace(f"{{{each.name}}}", quote(text, safe=""))
        elif each.place == "query":
            query[each.name] = text
        else:
            headers[each.name] = text
    whole = f"{path}?{urlencode(query)}" if query else path
    return Request(operation.method.upper(), whole, headers)


def check_answer(operation: Operation, status: int, body: Any) -> None:
    """Let an answer pass that is as the document says.

    Raises:
        OffContract: the document does not know the status, or the body is not as it says.
        ContractUnfit: a schema cannot be followed.
    """
    names = (str(status), f"{str(status)[0]}XX", "default")
    name = next((name for name in names if name in operation.answers), None)
    if name is None:
        raise OffContract(f"The document knows no answer with the status {status}.")
    wrong = operation.document.wrong(operation.answers[name], body)
    if wrong:
        raise OffContract(f"The answer is not as the document says. {wrong}")


def _checked(operation: Operation, parameter: Parameter, value: Any) -> str | None:
    if value is None:
        if parameter.required:
            raise OffContract(f"The parameter “{parameter.name}” is missing.")
        return None
    wrong = operation.document.wrong(parameter.schema, value)
    if wrong:
        raise OffContract(f"The parameter “{parameter.name}” does not fit. {wrong}")
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _check_body(operation: Operation, body: Any) -> None:
    if body is None:
        if operation.needs_body:
            raise OffContract("The body is missing.")
        return
    if not operation.takes_body:
        raise OffContract("The operation takes no body.")
    wrong = operation.document.wrong(operation.body, body)
    if wrong:
        raise OffContract(f"The body does not fit. {wrong}")


def _read(text: str) -> Mapping[str, Any]:
    if len(text) > LARGEST:
        raise ContractUnfit(f"The document is larger than {LARGEST // 1024} kB.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise ContractUnfit("The document is no JSON.") from None
    version = content.get("openapi") if isinstance(content, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        raise ContractUnfit("The document is no OpenAPI document of version 3.")
    return dict(content)


def _operations(
    document: Document,
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the operations: method, path, what is said for the path, and what of the operation."""
    for path, given in document.followed(document.content.get("paths")).items():
        item = document.followed(given)
        for method in _METHODS:
            if isinstance(item.get(method), Mapping):
                yield method, str(path), item, item[method]


def _parameters(
    document: Document, item: Mapping[str, Any], operation: Mapping[str, Any]
) -> Iterator[Parameter]:
    found: dict[tuple[str, str], Parameter] = {}
    for holder in (item, operation):
        for given in holder.get("parameters") or ():
            each = document.followed(given)
            name, place = str(each.get("name")), str(each.get("in"))
            required = each.get("required") is True or place == "path"
            if place in _PLACES:
                found[name, place] = Parameter(name, place, required, each.get("schema"))
            elif required:
                raise ContractUnfit(f"The operation needs “{name[:80]}” in a {place[:20]}.")
    yield from found.values()


def _answers(document: Document, operation: Mapping[str, Any]) -> Iterator[tuple[str, Schema]]:
    for status, given in document.followed(operation.get("responses")).items():
        yield str(status), _json_schema(document.followed(given))


def _json_schema(holder: Mapping[str, Any]) -> Schema:
    """Return the schema of a body or an answer in JSON, None where the document has none."""
    content = holder.get("content")
    for media_type, given in content.items() if isinstance(content, Mapping) else ():
        if "json" in str(media_type) and isinstance(given, Mapping):
            return given.get("schema")
    return None


def _absolute(value: Any, depth: int = 0) -> Any:
    """Return a part of a document with references that hold from anywhere, in terms of 3.1."""
    if depth > _NESTED:
        raise ContractUnfit("The document is nested too deeply.")
    if isinstance(value, list):
        return [_absolute(each, depth + 1) for each in value]
    if not isinstance(value, Mapping):
        return value
    made = {str(name): _absolute(inner, depth + 1) for name, inner in value.items()}
    if isinstance(made.get("$ref"), str):
        made["$ref"] = _from_anywhere(made["$ref"])
    # A name of its own would make another document of a part.
    for name in _NAMES:
        if isinstance(made.get(name), str):
            del made[name]
    return _modern(made)


def _from_anywhere(reference: str) -> str:
    if not reference.startswith("#/"):
        raise ContractUnfit(f"The document refers to {reference[:80]}, outside of itself.")
    return _URI + reference


def _modern(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a part of a document with what 3.0 says by marks said as in 3.1."""
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    for mark, limit in _BOUNDS.items():
        if schema.get(mark) is True and limit in schema:
            schema[mark] = schema.pop(limit)
        elif isinstance(schema.get(mark), bool):
            del schema[mark]
    return schema


def _told(error: ValidationError) -> str:
    place = ".".join(map(str, error.absolute_path))
    said = " ".join(str(error.message).split())[:_SHOWN]
    return f"{place}: {said}" if place else said


def _pattern(_validator: Any, pattern: Any, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """Match a pattern in linear time; one that cannot be read so is not judged."""
    compiled = _compiled(str(pattern)) if isinstance(value, str) else None
    if compiled is not None and compiled.search(value) is None:
        yield ValidationError(f"it does not have the form {str(pattern)[:60]}")


def _no_names_by_pattern(*_: Any) -> Iterator[ValidationError]:
    """Judge nothing by patterns of names: the standard library's could be endless."""
    yield from ()


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1024 * 1024
    try:
        return re2.compile(pattern, options=options)
    except re2.error:
        return None


_Validator = extend(
    Draft202012Validator,
    {"pattern": _pattern, "patternProperties": _no_names_by_pattern},
)
