"""What a model can be refused for before or besides its meaning."""

from __future__ import annotations

from common.errors import Invalid


class NotExecutable(Invalid):
    """The model can be read, but not run as it is. `problems` names each element and the remedy."""

    code = "engine.model_not_executable"
    title = "The model cannot be run: {first} Mend the problems that are listed, then try again."
