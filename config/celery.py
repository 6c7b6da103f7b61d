"""The muscle: Celery, ringing doorbells. A message holds an id and nothing else.

Nothing durable rests on the broker: PostgreSQL is the queue, and a lost, doubled or late message
changes latency only.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, worker_process_init
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ.setdefault("INTERLOCK_ROLE", "engine")

from common import heap
from config import brokers, env

#: Doorbells that RabbitMQ keeps for workers that are away, and for how many seconds. What is
#: dropped is rung again; the Redis family knows no such bounds.
_MOST, _LONGEST = 100_000, 600

app = Celery("interlock")
app.conf.update(
    brokers.settings(env.read().broker_url),
    task_queues=[
        Queue(name, Exchange(name), routing_key=name, max_length=_MOST, message_ttl=_LONGEST)
        for name in env.QUEUES
    ],
    task_default_queue="engine",
    task_create_missing_queues=False,
    # Nothing durable rests on a doorbell, so no broker need write it to a disk.
    task_default_delivery_mode="transient",
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_max_tasks_per_child=10_000,
    worker_max_memory_per_child=400_000,
    task_soft_time_limit=240,
    task_time_limit=300,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_hijack_root_logger=False,
    task_publish_retry=False,
)
app.autodiscover_tasks(related_name="workers")


@celeryd_init.connect
def _serve(**_named: Any) -> None:
    """Have a worker serve the queues that its environment names; `-Q` says the same."""
    if wanted := env.read().served_queues:
        app.amqp.queues.select(wanted)


@worker_process_init.connect
def _settle(**_named: Any) -> None:
    heap.settle()
