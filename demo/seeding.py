"""Fill an empty installation with the demo company, through the actions that people use.

It happens once, in one transaction: a company half there would be worse than none. Where anybody
can sign in already, nothing happens; where demo accounts are refused, it is refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from demo import founding, living, past, publishing, talking
from demo.cast import Cast
from demo.founding import SignIn
from demo.happenings import HAPPENINGS
from governance.queries import installation

SIGN_INS = "demo-sign-ins.txt"


def seed(*, itsm_url: str) -> list[SignIn]:
    """Make the demo company; return how its people sign in, or nobody where there is one already.

    Raises:
        DemoRefused: this installation takes no demo accounts.
    """
    if installation.is_set_up():
        return []
    cast = Cast()
    with transaction.atomic():
        with past.ago(hours=publishing.FOUNDED):
            sign_ins = founding.found(cast, itsm_url=itsm_url)
        latest = publishing.publish_all(cast)
        drawn = [*publishing.acts(cast, latest), *talking.acts(cast)]
        past.relive([*drawn, *living.acts(cast, HAPPENINGS)])
        # Before the commit: whoever finds the company must also find the way in.
        write_sign_ins(sign_ins)
    return sign_ins


def write_sign_ins(sign_ins: Sequence[SignIn]) -> Path:
    """Write the passwords where the owner of the installation, and nobody else, can read them."""
    path = Path(settings.DATA_DIR) / SIGN_INS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(as_text(sign_ins))
    return path


def as_text(sign_ins: Sequence[SignIn]) -> str:
    """Return the sign-ins as a table, for the terminal and the file."""
    lines = [f"{one.name:<16} {one.email:<34} {one.password}  {one.does}" for one in sign_ins]
    return "\n".join(["Demo accounts. Each signs in with address and password.", "", *lines, ""])
