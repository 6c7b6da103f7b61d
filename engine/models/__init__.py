"""The engine's tables. Django finds them through this module; code imports the noun's own."""

from engine.models.deployments import Deployment
from engine.models.incidents import Incident
from engine.models.instances import Instance, Scope, Token, Variable
from engine.models.jobs import Job
from engine.models.journal import JournalRow, Payload
from engine.models.pulses import Pulse
from engine.models.queue import QueueEntry
from engine.models.receipts import Receipt
from engine.models.subscriptions import MessageSubscription
from engine.models.timers import StartTimer, Timer
from engine.models.user_tasks import UserTask

__all__ = [
    "Deployment",
    "Incident",
    "Instance",
    "Job",
    "JournalRow",
    "MessageSubscription",
    "Payload",
    "Pulse",
    "QueueEntry",
    "Receipt",
    "Scope",
    "StartTimer",
    "Timer",
    "Token",
    "UserTask",
    "Variable",
]
