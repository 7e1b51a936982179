"""What the daemon says: at its start, and when its rules are read again. One line a thing."""

from __future__ import annotations

from datetime import date, datetime

from workflow import __version__
from workflow.faces.daemon.workplace import Workplace, mail_target
from workflow.rules.days import COPENHAGEN, danish_day, spoken
from workflow.rules.endings import coming_on
from workflow.services.due.dates import next_date
from workflow.services.law.changing import pending
from workflow.services.people.firstcode import CODE_LASTS, offer_code
from workflow.services.people.persons import list_persons
from workflow.services.views.overview import count_waiting, next_letter_at
from workflow.services.views.status import workable
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


def lines(place: Workplace, at: datetime) -> list[str]:
    """Database, rules, mail target, the page, and what comes next."""
    settings, rulebook, today = place.settings, place.rulebook, danish_day(at)
    instruments = ", ".join(regime.instrument for regime in rulebook.law.regimes)
    found, broken = workable(place.engine, rulebook, today)
    return [
        f"aftalefrist {__version__}",
        f"database  {settings.shown_db} ({len(found) + len(broken)} agreements)",
        f"rules     {instruments} (digest {rulebook.digest[:12]})",
        f"mail      {mail_target(settings)}",
        f"page      {settings.base_url}/{_who(place)}",
        f"waiting   {count_waiting(place.engine, at)} letters due{_next_letter(place)}",
        f"next      {_next(found, rulebook, today)}",
        *(f"BROKEN    {one.where}: no letter about it is planned: {one.problem}" for one in broken),
    ]


def _who(place: Workplace) -> str:
    """Who comes in, where that is not simply those who sign in."""
    if place.lets_guests_in:
        return " (the demo: nobody at this machine is asked to sign in)"
    return "" if list_persons(place.engine) else " (nobody can sign in yet: aftale person add)"


def first_hour(place: Workplace, at: datetime) -> list[str]:
    """How the first person comes in, while nobody can: a code that is told here and nowhere else."""
    code = offer_code(place.engine, at)
    if code is None:
        return []
    lasts = int(CODE_LASTS.total_seconds() // 3600)
    return [
        f"set up    {place.settings.base_url}/opsaetning with the code {code} (once, within {lasts} hours; "
        "a restart gives a new one)"
    ]


def differences(old: Workplace, new: Workplace, at: datetime) -> list[str]:
    """What ``new``'s rules would change for the agreements, where they are not those of ``old``."""
    if old.rulebook.digest == new.rulebook.digest:
        return ["rules unchanged; letters read again"]
    waiting = pending(new.engine, new.rulebook, danish_day(at))
    changed = [
        f"  {' '.join(filter(None, (one.agreement, d.rule, d.subject)))}: "
        f"{d.before or 'no date'} -> {d.after or 'no date'}"
        for one in waiting
        for d in one.dates
    ]
    said = f"rules changed: {old.rulebook.digest[:12]} -> {new.rulebook.digest[:12]}, {len(changed)} dates differ"
    held = [
        f"  nothing moves before somebody has answered for {len(waiting)} agreements: aftale rules pending"
    ]
    return [said, *changed, *(held if waiting else [])]


def _next(found: list[Standing], rulebook: Rulebook, today: date) -> str:
    coming = [
        (on, standing.agreement.key, deadline)
        for standing in found
        if (deadline := next_date(standing, standing.rules)) and (on := coming_on(deadline, today))
    ]
    if not coming:
        return "no deadline is ahead"
    on, key, deadline = min(coming, key=lambda one: one[:2])
    return f"{spoken(on)} ({(on - today).days} days): {deadline.title}, {key}"


def _next_letter(place: Workplace) -> str:
    at = next_letter_at(place.engine)
    return f", the next from {at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}" if at else ""
