"""How often a password may be tried: by account and source, by account, by source.

The first limit stops who guesses at one account; the second, many who guess at it together; the
third, one who guesses at many. A browser the person has signed in with before (OWASP: device
cookies) is counted by itself alone, so that no stranger's guesses keep its owner out. Addresses
without an account are counted like any other: the answers do not tell who is known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from common import clock
from common.ids import new_id
from governance.errors import TooManyAttempts
from governance.models.sign_ins import FailedSignIn

WITHIN: Final = timedelta(minutes=15)
PER_PLACE: Final = 10
PER_ACCOUNT: Final = 30
PER_SOURCE: Final = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, counted as failed until it is taken back."""

    rows: tuple[FailedSignIn, ...]

    def take_back(self) -> None:
        """Count it no longer: it succeeded, or its password was never looked at."""
        FailedSignIn.objects.filter(pk__in=[row.pk for row in self.rows]).delete()


def begin(*, email: str, source: str, device: str) -> Attempt:
    """Count an attempt before its password is looked at.

    In this order, because of many attempts at once each then sees the others.

    Raises:
        TooManyAttempts: one of the limits is reached; says for how long.
    """
    now = clock.now()
    limits = _limits(email, source, device)
    with transaction.atomic():
        FailedSignIn.objects.filter(at__lt=now - WITHIN).delete()
        rows = [FailedSignIn(id=new_id(), key=key, at=now) for key in limits]
        attempt = Attempt(tuple(FailedSignIn.objects.bulk_create(rows)))
    free_at = max((_free_at(key, most, now) for key, most in limits.items()), default=now)
    if free_at > now:
        attempt.take_back()
        raise TooManyAttempts(minutes=-(-(free_at - now) // timedelta(minutes=1)))
    return attempt


def _limits(email: str, source: str, device: str) -> Mapping[str, int]:
    """Return the most failures by what is counted; only digests are kept."""
    if device:
        return {_digest("device", email, device): PER_PLACE}
    return {
        _digest("place", email, source): PER_PLACE,
        _digest("account", email): PER_ACCOUNT,
        _digest("source", source): PER_SOURCE,
    }


def _free_at(key: str, most: int, now: datetime) -> datetime:
    """Return when one more attempt may be made; now, where there are not too many."""
    counted = FailedSignIn.objects.filter(key=key, at__gt=now - WITHIN).order_by("-at")
    # The newest is the attempt itself; of those before it, `most` are too many.
    in_the_way = counted.values_list("at", flat=True)[most : most + 1]
    return next((at + WITHIN for at in in_the_way), now)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
