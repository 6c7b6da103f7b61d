"""What docs/reliability.md says of time-outs is what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from common import live
from config.celery import app
from config.databases import database
from engine.circuit import POLICY
from engine.connectors.http import connector
from engine.leases import LEASE
from engine.scripts import LIMITS, runner

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| .+ \| ([a-z.]+) \| (\d+) \| .+ \|$", re.MULTILINE)


def limit(role: str, name: str) -> float:
    """Return a limit of a role's sessions, in seconds."""
    options = database("postgresql://u@h/d", role)["OPTIONS"]["options"]
    found = re.search(rf"-c {name}=(\d+)", options)
    return int(found[1]) / 1000 if found else 0


def measured() -> dict[str, Any]:
    broker = app.conf.broker_transport_options
    return {
        "http.call": connector.DEADLINE,
        "http.connect": connector.CONNECT,
        "script.run": LIMITS.seconds,
        "script.start": runner._START,
        "queue.lease": LEASE.total_seconds(),
        "circuit.probe": POLICY.patience.total_seconds(),
        "database.app.statement": limit("app", "statement_timeout"),
        "database.engine.statement": limit("engine", "statement_timeout"),
        "database.engine.lock": limit("engine", "lock_timeout"),
        "database.engine.idle": limit("engine", "idle_in_transaction_session_timeout"),
        "database.connect": database("postgresql://u@h/d", "app")["OPTIONS"]["connect_timeout"],
        "celery.soft": app.conf.task_soft_time_limit,
        "celery.hard": app.conf.task_time_limit,
        "broker.socket": broker["socket_timeout"],
        "broker.connect": broker["socket_connect_timeout"],
        "live.publish": live._LONGEST,
    }


def test_the_page_says_what_the_code_does() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text().partition("## Time-outs")[2]
    told = {name: float(seconds) for name, seconds in ROW.findall(page)}

    assert told == measured()


def test_every_sign_in_has_limits() -> None:
    for role in ("owner", "app", "engine", "audit"):
        assert limit(role, "lock_timeout") > 0
    for role in ("app", "engine", "audit"):
        assert limit(role, "idle_in_transaction_session_timeout") > 0
