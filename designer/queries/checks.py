"""What is looked at before anybody votes, each as a sentence that says what makes it pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from designer.models.resources import Manifest
from designer.models.reviews import STANDING, Review, Vote
from designer.models.versions import Version
from designer.queries import candidates, trials
from engine.companions import DECISIONS, FORMS
from governance.models.people import Person

#: How many scenarios that fail are told of.
_MOST_TOLD = 3
_KINDS = ((DECISIONS, gettext_lazy("Decisions")), (FORMS, gettext_lazy("Forms")))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `detail` says why it fails and what makes it pass."""

    name: str
    ok: bool
    result: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the board: their vote, or why they have none."""

    person: Person
    vote: Vote | None
    excluded: str


def of_review(
    review: Review, problems: list[dict[str, Any]], members: list[Member], published: Version | None
) -> list[Check]:
    """Return the checks of a review; one that fails stands first."""
    found = [_model(problems), _duties(review, members), _base(review)]
    found += [_files(review, str(name), ending) for ending, name in _KINDS if _has(review, ending)]
    found += _scenarios(review)
    if published is None:
        found.append(_rules(review))
    return sorted(found, key=lambda check: check.ok)


def _passes(name: str, result: str, detail: str = "") -> Check:
    return Check(name=name, ok=True, result=result, detail=detail)


def _fails(name: str, result: str, detail: str) -> Check:
    return Check(name=name, ok=False, result=result, detail=detail)


def _model(problems: list[dict[str, Any]]) -> Check:
    name = _("Model check")
    errors = [problem for problem in problems if problem["severity"] == "error"]
    if errors:
        detail = f"{errors[0]['message']} {errors[0]['hint']}"
        return _fails(name, _("blocks publishing"), detail)
    warnings = len(problems)
    words = ngettext("%(n)s warning", "%(n)s warnings", warnings) % {"n": warnings}
    return _passes(name, words if warnings else _("no problems"))


def _duties(review: Review, members: list[Member]) -> Check:
    name = _("Separation of duties")
    barred = [member.person.name for member in members if member.excluded]
    able = len(members) - len(barred)
    if able < review.quorum:
        detail = _("Rule 1 leaves {able} who may vote, {quorum} are needed. Add a reviewer.")
        words = detail.format(able=able, quorum=review.quorum)
        return _fails(name, _("blocks publishing"), words)
    if barred:
        detail = _("{names} worked on it and cannot vote.").format(names=", ".join(barred))
        return _passes(name, _("{able} may vote").format(able=able), detail)
    return _passes(name, _("no conflict"))


def _base(review: Review) -> Check:
    name = _("Compared with")
    begun = review.draft.based_on
    if review.base is None:
        return _passes(name, _("nothing, it is the first"))
    words = _("version {number}").format(number=review.base.number)
    if begun is not None and begun.pk != review.base.pk:
        detail = _(
            "The draft began from version {begun}. What came later is missing unless redrawn."
        )
        return _fails(name, words, detail.format(begun=begun.number))
    return _passes(name, words)


def _has(review: Review, ending: str) -> bool:
    names = [*review.resources, *(review.base.resources if review.base else ())]
    return any(name.endswith(ending) for name in names)


def _of_kind(manifest: Manifest, ending: str) -> Manifest:
    return {name: digest for name, digest in manifest.items() if name.endswith(ending)}


def _files(review: Review, title: str, ending: str) -> Check:
    """Say which files of a kind are new, changed or gone since the version before."""
    before = _of_kind(review.base.resources if review.base else {}, ending)
    after = _of_kind(review.resources, ending)
    told = {
        _("new: {names}"): after.keys() - before.keys(),
        _("changed: {names}"): {
            name for name in after.keys() & before.keys() if after[name] != before[name]
        },
        _("removed: {names}"): before.keys() - after.keys(),
    }
    changes = [
        words.format(names=", ".join(sorted(names))) for words, names in told.items() if names
    ]
    count = len(after)
    words = ngettext("%(n)s file", "%(n)s files", count) % {"n": count}
    return _passes(title, words, "; ".join(changes) or _("none changed"))


def _scenarios(review: Review) -> list[Check]:
    """Say how many scenarios of the process went as expected when the review was asked for."""
    verdicts = list(review.scenario_verdicts.all())
    if not verdicts:
        return []
    name, failed = _("Scenarios"), [one for one in verdicts if not one.passed]
    passed = len(verdicts) - len(failed)
    result = _("{passed} of {all} pass").format(passed=passed, all=len(verdicts))
    if not failed:
        return [_passes(name, result)]
    names = trials.names_of(review)
    told = [f"“{one.name}”: {trials.in_words(one.differences, names)[0]}" for one in failed]
    return [_fails(name, result, " ".join(told[:_MOST_TOLD]))]


def _rules(review: Review) -> Check:
    name = _("Rules of the board")
    if review.outcome in STANDING and candidates.current_digest(review) != review.digest:
        detail = _("The rules changed since it was asked for. The next answer voids this review.")
        return _fails(name, _("changed"), detail)
    words = ngettext("%(n)s approval", "%(n)s approvals", review.quorum) % {"n": review.quorum}
    return _passes(name, words)
