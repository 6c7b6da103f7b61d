"""The engine's tables. Django finds them through this module; code imports the noun's own."""

from engine.models.attempts import Attempt
from engine.models.calls import Call
from engine.models.circuits import Circuit
from engine.models.compensation import Compensable, Compensation
from engine.models.deliveries import Delivery
from engine.models.deployments import Deployment, DeploymentResource
from engine.models.gateways import Activation
from engine.models.holds import Hold
from engine.models.incidents import Incident
from engine.models.instances import Instance, Scope, Token, Variable
from engine.models.jobs import Job
from engine.models.journal import JournalRow, LargeValue, Payload
from engine.models.loops import Loop, LoopItem
from engine.models.pulses import Pulse
from engine.models.queue import QueueEntry
from engine.models.receipts import Receipt
from engine.models.rollups import EndedRun, RunTally
from engine.models.subscriptions import MessageSubscription, StartKey, StartSubscription
from engine.models.timers import StartTimer, Timer
from engine.models.user_tasks import UserTask

__all__ = [
    "Activation",
    "Attempt",
    "Call",
    "Circuit",
    "Compensable",
    "Compensation",
    "Delivery",
    "Deployment",
    "DeploymentResource",
    "EndedRun",
    "Hold",
    "Incident",
    "Instance",
    "Job",
    "JournalRow",
    "LargeValue",
    "Loop",
    "LoopItem",
    "MessageSubscription",
    "Payload",
    "Pulse",
    "QueueEntry",
    "Receipt",
    "RunTally",
    "Scope",
    "StartKey",
    "StartSubscription",
    "StartTimer",
    "Timer",
    "Token",
    "UserTask",
    "Variable",
]
