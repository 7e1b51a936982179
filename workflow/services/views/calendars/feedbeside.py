"""The days of a calendar that no rule sets as a deadline: meetings, what the authority asked for, the year's minimums.
Councils' replies have their own history and stand in :mod:`workflow.services.views.calendars.feeds`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflow.mail.writing.feed import Entry
from workflow.mail.writing.invite import uid
from workflow.mail.writing.words import HVILER_PAA, pligt
from workflow.services.people.contacts.reach import falls_to
from workflow.services.views.dates import basis, beside
from workflow.storage.facts.projection import Standing

_BESIDE = (
    "meeting",
    "council-meeting",
    "council-agenda",
    "info-requested",
    "refusal-discussed",
    "meetings",
    "piu-yearly",
)


def beside_entries(
    standing: Standing, body: str, instance: str, made_at: datetime, base_url: str, mine: bool = False
) -> Iterator[Entry]:
    """Meetings, the day the authority named and the year's minimums; a council's calendar has its own meetings and the
    committees'. With ``mine`` only what falls to the council, or where none is named to the secretariat."""
    for one in beside(standing, standing.rules):
        if one.id not in _BESIDE or one.legal_on is None or one.status != "upcoming":
            continue
        if mine and not falls_to(standing.rules, standing.agreement.region, one.who, standing.as_of, body):
            continue
        if body and one.id != "meeting" and one.who != body:
            continue
        duty = pligt(one.duty, standing.agreement.regime.words.authority.genitive)
        said = [f"Grundlag: {HVILER_PAA[basis(one)]} ({duty}).", "", "Hvorfor denne dato:"]
        said += [f"{number}. {step.text.removesuffix('.')}." for number, step in enumerate(one.why, start=1)]
        key, region = standing.agreement.key, standing.agreement.name
        yield Entry(
            uid(instance, key, one.id, one.subject.replace("@", "/")), one.legal_on, 0, made_at,
            f"{one.title} ({region} {standing.agreement.label})", "\n".join(said),
            "TENTATIVE" if one.doubtful else "CONFIRMED", (),
            f"{base_url.rstrip('/')}/aftaler/{key}" if base_url else "",
        )  # fmt: skip
