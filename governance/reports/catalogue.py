"""Every report, by the name in its address."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from governance.reports import ownership, reviews, usage
from governance.reports.base import Build

REPORTS: Mapping[str, Build] = MappingProxyType(
    {"ownership": ownership.build, "usage": usage.build, "reviews": reviews.build}
)
