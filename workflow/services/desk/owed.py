"""Who owes what: councils that have not answered, bodies whose day has come or comes soon, the Authority's answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from workflow.language import phrase
from workflow.mail.writing.words import stort
from workflow.rules.endings import coming_on
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated
from workflow.services.due.minimums import year_over
from workflow.services.people.contacts.reach import falls_to
from workflow.services.views import titles
from workflow.services.views.blocking import blockers
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass

SOON = 30  # days


@dataclass(frozen=True, slots=True)
class Owes:
    """One thing somebody owes on the standing's day. ``body`` is the council's code where it is one; ``by`` the day it
    is wanted, ``meets`` the meeting that is to decide it; ``late``: that day has passed; ``deadline``: the date
    behind it, where one is, with what is open about it."""

    agreement: str
    called: str
    body: str
    who: str
    what: str
    since: date | None
    by: date | None
    meets: date | None
    late: bool
    path: str
    deadline: Deadline | None = None


def owes(standings: Iterable[Standing]) -> list[Owes]:
    """What bodies other than the secretariat owe, what is late first, then by the day it is wanted."""
    found = [
        one for standing in standings for one in (*_answers(standing), *_dates(standing), *_waits(standing))
    ]
    return sorted(found, key=lambda one: (not one.late, one.by or date.max, one.meets or date.max, one.who))


def own_dates(standings: Iterable[Standing], body: str, days: int) -> list[tuple[Standing, Deadline]]:
    """The dates that fall to the secretariat, or to the council ``body``: those to come within ``days``, and days as
    lately past on which something is still waited for; the earliest first. What is overdue is told as that."""
    found = [
        (standing, one)
        for standing in standings
        for one in dated(standing, standing.rules)
        if one.legal_on and one.status in ("upcoming", "passed")
        and abs((one.legal_on - standing.as_of).days) <= days
        and falls_to(standing.rules, standing.agreement.region, one.who, standing.as_of, body)
    ]  # fmt: skip
    return sorted(found, key=lambda pair: (pair[1].legal_on or date.max, pair[0].agreement.key))


def _answers(standing: Standing) -> Iterator[Owes]:
    current = standing.course.current
    if current is None or not current.sent_on or not current.with_councils:
        return
    for code in current.pending:
        late = bool(current.reply_by and current.reply_by < standing.as_of)
        yield _one(
            standing, current.names[code], phrase("Svar om version %(number)s", number=current.number), code,
            since=current.sent_on, by=current.reply_by, meets=current.meets_on.get(code), late=late,
            end=f"/raad#raad-{code}",
        )  # fmt: skip


def _dates(standing: Standing) -> Iterator[Owes]:
    names, region = titles.bodies(standing.rules), standing.agreement.region
    for one in dated(standing, standing.rules):
        on = one.legal_on
        if on is None or not (one.open or one.status == "passed"):
            continue
        if year_over(one) or one.duty == "fact":  # what comes by itself is owed by nobody
            continue
        if on > standing.as_of + timedelta(days=SOON) or one.id in (
            "council-reply",
            "council-meeting",
            "council-agenda",
            "meeting",
        ):
            continue
        if not falls_to(standing.rules, region, one.who, standing.as_of):
            end = f"/frister/{one.id}{'/' + one.subject if one.subject else ''}"
            name = stort(titles.doer(names, one.who, standing.agreement.regime.words))
            by, late = coming_on(one, standing.as_of) or on, one.status != "upcoming"
            yield _one(standing, name, one.title, "", by=by, late=late, end=end, deadline=one)


def _waits(standing: Standing) -> Iterator[Owes]:
    for blocker in blockers(standing):
        if blocker.who == "sst":
            yield _one(
                standing,
                stort(standing.agreement.regime.words.authority.definite),
                stort(blocker.text),
                "",
                end="",
            )


def _one(
    standing: Standing, who: str, what: str, body: str, *, end: str, since: date | None = None, by: date | None = None,
    meets: date | None = None, late: bool = False, deadline: Deadline | None = None,
) -> Owes:  # fmt: skip
    agreement = standing.agreement
    called = f"{agreement.name} {agreement.label}"
    return Owes(
        agreement.key,
        called,
        body,
        who,
        what,
        since,
        by,
        meets,
        late,
        f"/aftaler/{agreement.key}{end}",
        deadline,
    )
