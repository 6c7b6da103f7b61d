"""What the people of the demo company say to each other about what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from demo.cast import Cast
from demo.company import SHARED
from demo.past import Act
from designer.actions import threads
from designer.actions.threads import Words
from designer.models.drafts import Draft, Stage
from designer.models.threads import Place, Thread
from designer.queries.threads import Where


@dataclass(frozen=True, slots=True)
class Line:
    """Something one person said, hours ago, perhaps naming others."""

    hours: float
    who: str
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread about one element of a process; `resolved` is who settled it, half an hour later."""

    process: str
    element: str
    lines: tuple[Line, ...]
    resolved: str = ""


#: After a draft was proposed or drawn (`demo.publishing`), and in the order of time.
TALKS = (
    Talk(
        "production-change",
        "take_snapshot",
        (
            Line(
                24,
                "Priya Nair",
                "How long does this take at the end of a month? The window closes after an hour."
                " @Yusuf Demir, you run the storage.",
                ("Yusuf Demir",),
            ),
            Line(22.5, "Yusuf Demir", "22 min at the end of October, while the batch ran."),
            Line(3, "Priya Nair", "Then a deployment has 30 min left. Tight, but it does."),
        ),
    ),
    Talk(
        "production-change",
        "deploy",
        (
            Line(23, "Marek Novak", "Is a second attempt safe, or does it restart the service?"),
            Line(22, "Yusuf Demir", "It carries the change number: done twice is done once."),
        ),
        resolved="Marek Novak",
    ),
    Talk(
        "dns-record-change",
        "approve_record",
        (
            Line(
                1.4,
                "Yusuf Demir",
                "Nobody of the network team is on call after 22:00. Who decides then?"
                " @Grace Okafor, would the board?",
                ("Grace Okafor",),
            ),
        ),
    ),
    Talk(
        "dns-record-change",
        "write_record",
        (
            Line(
                1.2,
                "Marek Novak",
                "A locked zone fails each time, and nobody hears of it until the last attempt."
                " Is writing the same record twice harmless? @Ana Ruiz",
                ("Ana Ruiz",),
            ),
            Line(0.9, "Ana Ruiz", "It is: the provider takes both as one. I will stop at three."),
        ),
    ),
)
_SETTLED_AFTER = 0.5


def acts(cast: Cast) -> Iterator[Act]:
    """Yield each comment, and what settled a thread."""
    for talk in TALKS:
        said: list[Thread] = []
        for line in talk.lines:
            yield Act(line.hours, partial(_say, cast, talk, line, said))
        if talk.resolved:
            settled = talk.lines[-1].hours - _SETTLED_AFTER
            yield Act(settled, partial(_resolve, cast, talk.resolved, said))


def _say(cast: Cast, talk: Talk, line: Line, said: list[Thread]) -> None:
    words = Words(line.text, [cast.person(name) for name in line.names])
    with cast.acting(line.who, SHARED) as actor:
        where = _where(talk.process)
        if said:
            threads.answer_thread(actor=actor, where=where, thread_id=said[0].pk, words=words)
        else:
            thread = threads.open_thread(
                actor=actor, where=where, element=talk.element, words=words
            )
            said.append(thread)


def _resolve(cast: Cast, who: str, said: list[Thread]) -> None:
    with cast.acting(who, SHARED) as actor:
        threads.resolve_thread(actor=actor, thread_id=said[0].pk)


def _where(process: str) -> Where:
    """Return the review of the process's draft, else the draft."""
    draft = Draft.objects.exclude(stage=Stage.PUBLISHED).get(process__key=process)
    review = draft.reviews.order_by("-number").first()
    return Where(Place.REVIEW, review.pk) if review else Where(Place.DRAFT, draft.pk)
