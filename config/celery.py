"""The muscle: Celery, ringing doorbells. A message holds an id and nothing else.

Nothing durable rests on the broker: PostgreSQL is the queue, and a lost, doubled or late message
changes latency only.
"""

from __future__ import annotations

import os

from celery import Celery
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ.setdefault("INTERLOCK_ROLE", "engine")

from config import env

app = Celery("interlock", broker=env.read().broker_url)
app.conf.update(
    task_queues=[
        Queue(name, Exchange(name), routing_key=name)
        for name in ("engine", "connector", "script", "report")
    ],
    task_default_queue="engine",
    task_create_missing_queues=False,
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
    # kombu 5.7: restores of unacknowledged messages are slow by default, and a doorbell that hangs
    # must never hold a web request.
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "unacked_restore_limit": 1000,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "retry_on_timeout": False,
    },
    task_publish_retry=False,
)
app.autodiscover_tasks(related_name="workers")
