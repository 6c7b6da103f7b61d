"""Which queues a worker serves is said by its environment, or refused in words."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from config import env
from config.env import ConfigurationError

SET = {"SECRET_KEY": "k" * 50, "DATABASE_URL": "postgresql://a:b@db.example/interlock"}
ASK = (
    "from celery.apps.worker import Worker\n"
    "from config.celery import app\n"
    "worker = Worker(app=app, hostname='w@x'{more})\n"
    "print(','.join(sorted(app.amqp.queues.consume_from)))"
)


def served(more: str = "", **environ: str) -> str:
    given = {"PATH": os.environ["PATH"], **SET, **environ}
    code = ASK.format(more=more)
    done = subprocess.run(  # noqa: S603  (our own words)
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_worker_serves_what_its_environment_names() -> None:
    assert served(WORKER_QUEUES="internal, script") == "internal,script"


def test_without_it_a_worker_serves_all() -> None:
    assert served() == ",".join(sorted(env.QUEUES))


def test_a_queue_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="WORKER_QUEUES names mail"):
        env.read({**SET, "WORKER_QUEUES": "internal,mail"})


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="METRICS_TOKEN is shorter"):
        env.read({**SET, "METRICS_TOKEN": "secret"})
