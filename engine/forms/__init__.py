"""Forms: the form-js schema of a step and the values people send for it. Pure."""

from __future__ import annotations

from engine.forms.errors import FormUnreadable
from engine.forms.fields import Field, Option
from engine.forms.filling import Filled, Moment
from engine.forms.flaws import Flaw
from engine.forms.form import Form

__all__ = ["Field", "Filled", "Flaw", "Form", "FormUnreadable", "Moment", "Option"]
