"""How a backward plan is told: green, yellow or red, each with its reason in Danish words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil
from workflow.language import noted, phrase
from workflow.rules.words import few
from workflow.values import dataclass

GREEN, YELLOW, RED = noted("grøn"), noted("gul"), noted("rød")
_DAYS = (
    noted("mandag"), noted("tirsdag"), noted("onsdag"), noted("torsdag"), noted("fredag"), noted("lørdag"),
    noted("søndag"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """``colour`` is one of the three; ``text`` the reason, whole sentences in Danish."""

    colour: str
    text: str


def verdict(found: BackwardPlan, tight: int) -> Verdict:
    """How the round stands: red when no plan is left, or when it is tight and not known; yellow when it is one of
    these; else green."""
    asked = found.asked
    if asked.as_of > asked.by:
        return Verdict(RED, phrase("Fristen %(day)s er passeret.", day=asked.by))
    if found.lost:
        who = few([one.lane.name for one in found.lost])
        text = phrase(
            "%(who)s har intet møde tilbage, hvor sagen kan nås inden %(day)s.", who=who, day=asked.by
        )
        return Verdict(RED, text)
    late = [one for one in found.councils if one.meets_on and one.meets_on > asked.by and not one.decided_on]
    if late:
        told = _meeting(late)
        return Verdict(
            RED, phrase("Mødet ligger efter fristen %(day)s: %(councils)s.", day=asked.by, councils=told)
        )
    promised = [
        one for one in found.unknown if asked.sent_on and one.meets_on and one.meets_on >= asked.as_of
    ]
    if missing := [one for one in found.unknown if one not in promised]:
        return _unknown(found, missing, tight)
    after = [
        one for one in found.councils
        if one.meets_on and asked.reply_by and one.meets_on > asked.reply_by and not one.decided_on
    ]  # fmt: skip
    if after and asked.reply_by:
        said = phrase(
            "Mødet ligger efter den aftalte svardag %(day)s: %(councils)s.",
            day=asked.reply_by, councils=_meeting(after),
        )  # fmt: skip
        return Verdict(YELLOW, said)
    waiting = [one for one in found.councils if one.slack_days is not None]
    slack = min((one.slack_days or 0 for one in waiting), default=None)
    if promised and (slack is None or _spare(promised, asked.by) < tight <= slack):
        return _promised(promised, asked.by, tight)
    if not waiting:
        return Verdict(GREEN, phrase("Alle råd har besluttet."))
    least = min(waiting, key=lambda one: one.slack_days or 0)
    left, who = least.slack_days or 0, least.lane.name
    day = least.road.starts_on if least.road else asked.by
    facts = {"day": _weekday(day), "left": _left(left), "who": who}
    if asked.against:
        text = phrase(
            "%(against)s har sagt nej eller taget forbehold. En ny tekst skal sendes senest %(day)s, %(left)s; "
            "dagen sættes af %(who)s.",
            against=few(asked.against), **facts,
        )  # fmt: skip
    elif asked.sent_on:
        text = phrase(
            "Sagen skal være hos rådene senest %(day)s, %(left)s; dagen sættes af %(who)s.", **facts
        )
    else:
        text = phrase("Teksten skal sendes senest %(day)s, %(left)s; dagen sættes af %(who)s.", **facts)
    return Verdict(YELLOW if left < tight or asked.against else GREEN, text)


def _spare(promised: Sequence[PlannedCouncil], by: date) -> int:
    """Days from the last of the meetings that they have told to the date."""
    return min((by - one.meets_on).days for one in promised if one.meets_on)


def _promised(promised: Sequence[PlannedCouncil], by: date, tight: int) -> Verdict:
    spare = _spare(promised, by)
    last = [one for one in promised if one.meets_on and (by - one.meets_on).days == spare]
    said = phrase(
        "Af rådene uden mødekalender beslutter %(who)s sidst, på mødet %(day)s, %(left)s.",
        who=few([one.lane.name for one in last]), day=_weekday(by - timedelta(spare)), left=_before(spare),
    )  # fmt: skip
    return Verdict(YELLOW if spare < tight else GREEN, said)


def _unknown(found: BackwardPlan, missing: Sequence[PlannedCouncil], tight: int) -> Verdict:
    who, by = few([one.lane.name for one in missing]), found.asked.by
    told = {"missing": len(missing), "all": len(found.councils), "who": who}
    left = (by - found.asked.as_of).days
    if left < tight:
        said = phrase(
            "Fristen er %(day)s, %(left)s, og %(missing)s af %(all)s råd har ikke besluttet og ikke oplyst et kommende "
            "møde: %(who)s.",
            **told, day=_weekday(by), left=_left(left),
        )  # fmt: skip
        return Verdict(RED, said)
    if not found.dispatch_by:
        return Verdict(
            YELLOW, phrase("Mødekalenderen mangler for %(missing)s af %(all)s råd: %(who)s.", **told)
        )
    said = phrase(
        "Mødekalenderen mangler for %(missing)s af %(all)s råd: %(who)s. Efter de andre skal teksten sendes senest "
        "%(day)s.",
        **told, day=_weekday(found.dispatch_by),
    )  # fmt: skip
    return Verdict(YELLOW, said)


def council_word(one: PlannedCouncil) -> str:
    """What there is to say of one council."""
    if one.decided_on:
        return phrase("har besluttet %(day)s", day=one.decided_on)
    if one.usable is None:
        return phrase("ingen mødekalender")
    if one.usable:
        return ""
    if one.first:
        return phrase("for sent; kan tidligst beslutte %(day)s", day=one.first.council.on)
    return phrase("intet møde, der kan bruges")


def _left(days: int) -> str:
    if days == 0:
        return phrase("i dag")
    return phrase("om 1 dag") if days == 1 else phrase("om %(count)s dage", count=days)


def _before(days: int) -> str:
    if days == 0:
        return phrase("på selve fristdagen")
    return phrase("1 dag før fristen") if days == 1 else phrase("%(count)s dage før fristen", count=days)


def _weekday(day: date) -> str:
    return phrase("%(weekday)s den %(day)s", weekday=_DAYS[day.weekday()], day=day)


def _meeting(councils: Sequence[PlannedCouncil]) -> str:
    return few([phrase("%(council)s (%(day)s)", council=one.lane.name, day=one.meets_on) for one in councils])
