"""What needs this visitor today: first on *Oversigt* and *Min uge*, and never said where it was not looked up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from workflow.faces.web.gate.policy import Action, Reach
from workflow.faces.web.pages.site import Visit
from workflow.faces.web.view import fresh
from workflow.language import gettext as _
from workflow.services.councils.asking import Question, questions
from workflow.services.councils.settling import waiting
from workflow.services.people.contacts.takingup import count_answers
from workflow.services.planning.answering import count_unanswered
from workflow.services.views import listing
from workflow.services.views.attention import attention
from workflow.services.views.board import Place, counted, overdue, shortfalls

MOST_OVERDUE, MOST_REPORTS, MOST_ASKED, MOST_ALARMS, MOST_LETTERS = 12, 20, 4, 6, 8


def needs(visit: Visit, places: Sequence[Place], ticked: datetime | None) -> dict[str, Any]:
    """The values of ``rounds/needs.html``, and the newest letters; ``ticked`` is when the daemon was last alive."""
    engine = visit.place.engine
    broken = [one for place in places for one in place.broken]
    stale = not fresh(ticked, visit.at)
    return {
        "broken": broken,
        "overdue": overdue(engine, visit.within(Action.READ), MOST_OVERDUE, places),
        "shortfalls": shortfalls(visit.rulebook, places, visit.today),
        "reports": waiting(engine, visit.regions(Action.VERIFY), MOST_REPORTS),
        "asked": _asked(visit),
        "mailboxes": count_answers(engine, visit.rulebook, visit.regions(Action.MANAGE_CONTACTS)),
        "history": count_unanswered(engine, visit.regions(Action.RECORD)),
        "acts": bool(visit.regions(Action.RECORD)),
        "looked": _looked(visit, stale),
        "stale": stale,
        **_letters(visit, [f"plan:{one.where}" for one in broken]),
    }


def _letters(visit: Visit, said: Collection[str]) -> dict[str, object]:
    """Letters and alarms the visitor may see, without the alarms that are ``said`` already (their keys)."""
    engine, regions = visit.place.engine, visit.regions(Action.READ_LETTERS)
    if not regions:
        return {"seen": None, "alarms": [], "more_alarms": 0, "letters": [], "mail": _mail_target(visit)}
    lane, within = visit.lane(Action.READ_LETTERS), visit.within(Action.READ_LETTERS)
    seen = attention(engine, visit.rulebook, within, lane, visit.at, visit.today)
    alarms = [one for one in seen.alarms if one.key not in said]
    return {
        "seen": seen,
        "alarms": alarms[:MOST_ALARMS],
        "more_alarms": max(len(alarms) - MOST_ALARMS, 0),
        "letters": listing.letters(engine, within, lane=lane, on=visit.today, limit=MOST_LETTERS),
        "mail": _mail_target(visit),
    }


def _looked(visit: Visit, stale: bool) -> list[str]:
    """What the page has looked for on this visitor's behalf, each as it may be said where nothing was found."""
    said = [
        _("ingen frist var overskredet ved det seneste gennemløb")
        if stale
        else _("ingen frist er overskredet")
    ]
    if counted(visit.rulebook, visit.today):
        said.append(_("intet mødeminimum er i fare"))
    if visit.lane(Action.REPORT):
        said.append(_("intet spørgsmål venter på jeres svar"))
    if visit.regions(Action.VERIFY):
        said.append(_("intet svar venter på at blive bekræftet"))
    if visit.regions(Action.MANAGE_CONTACTS):
        said.append(_("intet svar om en postkasse venter"))
    if visit.lane(Action.READ_LETTERS):
        said.append(_("intet brev til jer er standset"))
    elif visit.regions(Action.READ_LETTERS):
        said.append(_("ingen alarm er åben, intet brev er standset, og intet brev mangler en modtager"))
    return said


def _asked(visit: Visit) -> list[Question]:
    """What waits for the answer of the council the visitor is signed in for."""
    if not (lane := visit.lane(Action.REPORT)):
        return []
    regions, who = visit.regions(Action.REPORT), visit.visitor.email
    found = questions(visit.place.engine, visit.rulebook, regions, lane, visit.today, who, MOST_ASKED)
    return [one for one in found if one.waits]


def _mail_target(visit: Visit) -> dict[str, str | bool]:
    """Whether letters stay on this machine, and, for whoever runs the installation, where they go."""
    settings = visit.place.settings
    runs = visit.visitor.reach(Action.MANAGE) is Reach.ALL
    where = f"{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else str(settings.inbox)
    return {"stays": not settings.smtp_host, "where": where if runs else ""}
