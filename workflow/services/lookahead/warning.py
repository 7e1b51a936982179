"""What a fact means for the round's days, said before it is recorded: a meeting that comes too late, an agenda that
closes before the text is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.ahead.backwards import BackwardPlan
from workflow.language import full, noted, phrase
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.rules.words import few
from workflow.services.due.targets import held_to
from workflow.services.lookahead.planning import backwards
from workflow.storage.facts.meetingdays import Held
from workflow.storage.facts.projection import Standing

_TOLD_DAY = ("council-scheduled", "council-postponed")


def warnings(after: Standing, fact: Fact) -> list[str]:
    """Whole Danish sentences about ``fact``, which leads to ``after``; none where the days fit."""
    return [said for _, said in warned(after, [fact])]


def warned(after: Standing, facts: Sequence[Fact]) -> list[tuple[Fact, str]]:
    """The same of several facts that lead to ``after`` together, each sentence with its fact."""
    telling = [fact for fact in facts if fact.event in (*_TOLD_DAY, "sent-for-approval")]
    if not telling or held_to(after) is None:
        return []
    found, comfortable = backwards(after), after.rules.gaps.decisions.comfortable
    said: list[tuple[Fact, str]] = []
    for fact in telling:
        if fact.event != "sent-for-approval":
            said += [(fact, text) for text in _told(found, after.meetings, fact, comfortable)]
        elif found.asked.by >= after.as_of:
            said += [(fact, text) for text in _sent(found, fact)]
    return said


def _sent(found: BackwardPlan, fact: Fact) -> Iterator[str]:
    by = spoken(found.asked.by, False)
    if fact.due and fact.due > found.asked.by:
        yield phrase(
            noted("Den aftalte svardag %(due)s ligger efter den dag, planen regner med, %(by)s.")
            if found.asked.note
            else noted("Den aftalte svardag %(due)s ligger efter fristen %(by)s."),
            due=fact.due,
            by=found.asked.by,
        )
    late = [one for one in found.lost if one.road and one.road.starts_on < fact.on]
    if late:
        told = few([f"{one.lane.name} ({spoken(one.road.starts_on, False)})" for one in late if one.road])
        yield phrase(
            "Dagsordenen lukker, før teksten er sendt, til det sidste møde inden %(by)s: %(told)s.",
            by=by,
            told=told,
        )
    if without := [one for one in found.lost if one not in late]:
        yield phrase(
            "Intet møde kan nås inden %(by)s: %(named)s.",
            by=by,
            named=few([one.lane.name for one in without]),
        )
    if fact.due:
        after = [
            one for one in found.councils
            if one.road and one.usable and not any(s.on <= fact.due and s.on >= fact.on for s in one.lane.sittings)
        ]  # fmt: skip
        if after:
            names = few([one.lane.name for one in after])
            yield phrase(
                "Intet møde inden den aftalte svardag %(due)s: %(names)s.", due=fact.due, names=names
            )


def _told(found: BackwardPlan, meetings: Sequence[Held], fact: Fact, comfortable: int) -> Iterator[str]:
    on, by, reply_by = fact.due, found.asked.by, found.asked.reply_by
    if on is None:
        return
    if on > by:
        yield phrase(
            noted("Mødet %(on)s ligger efter den dag, planen regner med, %(by)s.")
            if found.asked.note
            else noted("Mødet %(on)s ligger efter fristen for indsendelse, %(by)s."),
            on=full(on),
            by=by,
        )
    elif reply_by and on > reply_by:
        yield phrase(
            "Mødet %(on)s ligger efter den aftalte svardag %(reply_by)s.", on=full(on), reply_by=reply_by
        )
    if on <= by and (by - on).days < comfortable:
        days = (by - on).days
        limit = phrase("den dag, planen regner med,") if found.asked.note else phrase("fristen,")
        yield phrase(
            noted("Mødet %(on)s ligger kun 1 dag før %(limit)s %(by)s.")
            if days == 1
            else noted("Mødet %(on)s ligger kun %(days)s dage før %(limit)s %(by)s."),
            on=full(on),
            days=days,
            limit=limit,
            by=by,
        )
    own = [one for one in meetings if one.body == fact.council and not one.organ and one.on.year == on.year]
    there = next((one for one in own if one.on == on), None)
    if there is not None and there.gone_on:
        yield phrase(
            "Mødet %(on)s holdes ikke efter rådets mødekalender (%(gone_why)s).",
            on=full(on),
            gone_why=there.gone_why,
        )
    elif there is None and own:
        yield phrase("Rådets mødekalender har intet møde %(on)s.", on=full(on))
    elif there is not None and there.agenda_closes and there.agenda_closes < (found.asked.sent_on or on):
        yield phrase(
            "Dagsordenen til mødet lukkede %(agenda_closes)s, før teksten blev sendt.",
            agenda_closes=full(there.agenda_closes),
        )
