"""The days of a calendar that no rule sets as a deadline: meetings, what the authority asked for, the year's minimums
and what practice prompts about. What councils are asked to answer by has a history of its own, and stands in
:mod:`workflow.services.views.calendars.feeds`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NotRequired, TypedDict

from workflow.language import gettext as _
from workflow.language import worded
from workflow.mail.writing.feed import Entry
from workflow.mail.writing.invite import uid
from workflow.rules.endings import coming_on
from workflow.services.due.dates import basis, beside
from workflow.services.people.contacts.reach import falls_to
from workflow.services.views.calendars.feedentries import doubts, grounds, reasons, resting_on
from workflow.storage.facts.projection import Standing

WARNED = (30, 7)  # days before a calendar's own end
_OF_ITS_OWN = ("council-reply", "consultation")


class FeedJson(TypedDict):
    """A calendar as ``aftale feed list --json`` gives it; read at its address also the language of whose it is."""

    id: int
    name: str
    region: str
    body: str
    mine: bool
    made_by: str
    made_at: str
    valid_to: str | None
    revoked_at: str | None
    language: NotRequired[str]


def beside_entries(
    standing: Standing, body: str, instance: str, made_at: datetime, base_url: str, mine: bool = False
) -> Iterator[Entry]:
    """Every day beside the law's that is still to come; a council's calendar has the committees' meetings, and of the
    rest its own and what falls to every council. With ``mine`` only what falls to the council, or where none is named
    to the secretariat."""
    for one in beside(standing, standing.rules):
        if one.id in _OF_ITS_OWN or one.legal_on is None or one.status != "upcoming":
            continue
        if mine and not falls_to(standing.rules, standing.agreement.region, one.who, standing.as_of, body):
            continue
        if body and one.id != "meeting" and one.who not in (body, "councils"):
            continue
        on = coming_on(one, standing.as_of) or one.legal_on
        said = [resting_on(one, standing), *doubts(one, standing), "", *reasons(one)]
        if basis(one) != "agreed":
            said += ["", grounds(one)]
        key, region = standing.agreement.key, standing.agreement.name
        yield Entry(
            uid(instance, key, one.id, one.subject.replace("@", "/")), on, 0, made_at,
            f"{worded(one.title)} ({region} {standing.agreement.label})", "\n".join(said),
            "TENTATIVE" if one.doubtful else "CONFIRMED", (),
            f"{base_url.rstrip('/')}/aftaler/{key}" if base_url else "",
        )  # fmt: skip


def own_end(feed: FeedJson, instance: str, base_url: str) -> Iterator[Entry]:
    """The calendar's own last day, so that whoever reads it learns of it where it is read, with a reminder 30 and 7
    days before. Renewed, the entry moves on with a higher count. Nothing for one that has no end or is not kept."""
    ends = feed.get("valid_to")
    if not ends or not feed.get("id"):
        return
    last, made_at = date.fromisoformat(ends), datetime.fromisoformat(feed["made_at"])
    page = f"{base_url.rstrip('/')}/kalendere" if base_url else ""
    said = _(
        "Efter i dag følger denne kalender ikke længere med. Forny den på siden Kalendere; adressen er den samme."
    )
    yield Entry(
        uid(instance, "kalender", str(feed["id"]), ""), last, (last - made_at.date()).days, made_at,
        _("Kalenderen udløber: forny den"), said, "CONFIRMED",
        tuple(last - timedelta(days=days) for days in WARNED), page,
    )  # fmt: skip
