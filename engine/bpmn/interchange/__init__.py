"""What lies between a file and the editor: how it is opened, and what a save may not lose. Pure.

A file is kept as it came. The editor's library cannot read or write every file that other tools
make, so it is handed a text it can take, with a drawing (`opened`), and what it drops without
anybody asking for that is put back when it saves (`keeping.kept`).
"""

from __future__ import annotations

from engine.bpmn.interchange import identifiers, prefixes
from engine.bpmn.layout import drawn


def opened(data: bytes) -> bytes:
    """Return the file as the editor can take it; the very bytes where nothing stands in its way.

    Raises:
        UnreadableModel: it is no XML that is safe to read.
    """
    return drawn(identifiers.plain(prefixes.freed(data)))
