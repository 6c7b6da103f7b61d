"""Which failures of the database are everybody's, and not those of one statement.

A full disk, no memory, no connection left, a server that shuts down: whoever asks for something
else now is refused as well. Such work waits and is done again; it is nobody's mistake.
"""

from __future__ import annotations

from django.db import InterfaceError

#: Classes of SQLSTATE (PostgreSQL, appendix A): connection, resources, operator, system.
_CLASSES = ("08", "53", "57P", "58")


def is_outage(error: BaseException) -> bool:
    """Tell whether the database can do nothing for anybody just now, as far as it has said so."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, InterfaceError) or state.startswith(_CLASSES)
