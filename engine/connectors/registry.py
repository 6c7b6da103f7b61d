"""Job type to connector: the one list."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors.base import Connector
from engine.connectors.email.connector import EmailConnector
from engine.connectors.http.connector import HttpConnector
from engine.connectors.openapi.connector import OpenApiConnector

CONNECTORS: Mapping[str, Connector] = {
    connector.job_type: connector
    for connector in (HttpConnector(), OpenApiConnector(), EmailConnector())
}


def known_jobs() -> Mapping[str, frozenset[str]]:
    """Return the job types a model may name, each with the inputs it requires."""
    return {name: connector.required_inputs for name, connector in CONNECTORS.items()}
