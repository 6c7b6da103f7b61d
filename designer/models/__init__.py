"""The designer's tables. Django finds them through this module; code imports the noun's own."""

from designer.models.drafts import Draft, DraftAuthor, DraftState
from designer.models.resources import Resource
from designer.models.reviews import Review, ReviewComment, Vote
from designer.models.scenarios import Scenario, ScenarioVerdict
from designer.models.step_templates import StepTemplate, StepTemplateVersion
from designer.models.threads import Comment, Mention, Thread
from designer.models.versions import Version

__all__ = [
    "Comment",
    "Draft",
    "DraftAuthor",
    "DraftState",
    "Mention",
    "Resource",
    "Review",
    "ReviewComment",
    "Scenario",
    "ScenarioVerdict",
    "StepTemplate",
    "StepTemplateVersion",
    "Thread",
    "Version",
    "Vote",
]
