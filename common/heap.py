"""The heap of a process that serves for long.

Python looks through all that is alive each time so much has been made; of what Django and we
load to begin with, some hundred thousand objects, nothing is ever let go. So it is put aside
(`gc.freeze`), and only what came since is looked through.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Put aside what is loaded now; call it when a process is about to serve."""
    gc.collect()
    gc.freeze()
