"""Which worker of a parallel run gets which test.

Tests go out one by one, in order, but what shares one expensive thing (an installation, the ports
of a supervisor, the whole machine) goes to one worker as a whole. xdist's own `loadgroup` does not
do it: it marks the ids of tests by an attribute that pytest 9 no longer reads.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/journeys/", "tests/faults/", "tests/integration/config/test_supervisor.py")


class WholeFolders(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """Hands out single tests, and some folders as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)
