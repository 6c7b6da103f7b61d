"""Call an operation that an OpenAPI document describes: `openapi:1`.

The headers `document` (the document as JSON) and `operation` (its operationId) say which; inputs
are `url` (the server), `parameters` and `body`, and `headers` such as those that sign in. The
request is held against the document before it is sent, and the answer before it is handed on. What
a failure of the call means is as in `http:1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from engine.connectors.base import Call, Done, Failed, FailureKind, Outcome
from engine.connectors.http.connector import HttpConnector
from engine.connectors.http.failures import Shown
from engine.connectors.masking import Secrets
from engine.connectors.openapi import contract
from engine.connectors.openapi.contract import ContractUnfit, OffContract, Operation


class OpenApiConnector:
    """Sends one request that fits a document, and takes an answer that does."""

    job_type: ClassVar[str] = "openapi:1"
    required_inputs: ClassVar[frozenset[str]] = frozenset({"url"})

    def __init__(self) -> None:
        self._http = HttpConnector()

    def run(self, call: Call) -> Outcome:
        """Check, call, and check again."""
        shown = Shown(Secrets.of(call.inputs))
        try:
            named = call.headers.get("operation", "")
            operation = contract.operation_of(call.headers.get("document", ""), named)
            inputs = _inputs(operation, call.inputs)
        except ContractUnfit as error:
            return shown.failed(FailureKind.PERMANENT, "contract_unfit", str(error))
        except OffContract as error:
            return shown.failed(FailureKind.PERMANENT, "request_off_contract", str(error))
        return _held_against(operation, self._http.run(replace(call, inputs=inputs)), shown)


def _inputs(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of the call over HTTP."""
    parameters, body = given.get("parameters") or {}, given.get("body")
    if not isinstance(parameters, Mapping):
        raise OffContract("The input parameters is no context. Write for example {id: ticket.id}.")
    request = contract.request_of(operation, parameters, body)
    headers = given.get("headers") or {}
    if not isinstance(headers, Mapping):
        raise OffContract("The input headers is no context.")
    inputs: dict[str, Any] = {
        "method": request.method,
        "url": f"{str(given.get('url') or '').rstrip('/')}{request.path}",
        "headers": {**headers, **request.headers},
        "errors": given.get("errors") or {},
    }
    return inputs if body is None else {**inputs, "body": body}


def _held_against(operation: Operation, outcome: Outcome, shown: Shown) -> Outcome:
    if not isinstance(outcome, Done):
        return outcome
    response = outcome.result["response"]
    try:
        contract.check_answer(operation, response["status"], response["body"])
    except (OffContract, ContractUnfit) as error:
        shown.answer = {
            "status": response["status"],
            "body": shown.secrets.body(str(response["body"])),
        }
        return _after_the_call(shown, str(error))
    return outcome


def _after_the_call(shown: Shown, sentence: str) -> Failed:
    told = f"{sentence} The call was made: whoever keeps the service can look."
    return shown.failed(FailureKind.PERMANENT, "answer_off_contract", told)
