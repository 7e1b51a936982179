"""How a backward plan is told: green, yellow or red, each with its reason in Danish words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil
from workflow.rules.days import spoken

GREEN, YELLOW, RED = "grøn", "gul", "rød"
NAMED = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """``colour`` is one of the three; ``text`` the reason, whole sentences in Danish."""

    colour: str
    text: str


def verdict(found: BackwardPlan, tight: int) -> Verdict:
    """How the round stands: red when no plan is left, yellow when it is tight or not known, else green."""
    asked = found.asked
    if asked.as_of > asked.by:
        return Verdict(RED, f"Fristen {spoken(asked.by, False)} er passeret.")
    if found.lost:
        who = named([one.lane.name for one in found.lost])
        return Verdict(
            RED, f"{who} har intet møde tilbage, hvor sagen kan nås inden {spoken(asked.by, False)}."
        )
    late = [one for one in found.councils if one.meets_on and one.meets_on > asked.by and not one.decided_on]
    if late:
        told = named([f"{one.lane.name} ({spoken(one.meets_on, False)})" for one in late if one.meets_on])
        return Verdict(RED, f"Mødet ligger efter fristen {spoken(asked.by, False)}: {told}.")
    if missing := found.unknown:
        return Verdict(YELLOW, _unknown(found, missing))
    after = [
        one for one in found.councils
        if one.meets_on and asked.reply_by and one.meets_on > asked.reply_by and not one.decided_on
    ]  # fmt: skip
    if after and asked.reply_by:
        told = named([f"{one.lane.name} ({spoken(one.meets_on, False)})" for one in after if one.meets_on])
        return Verdict(
            YELLOW, f"Mødet ligger efter den aftalte svardag {spoken(asked.reply_by, False)}: {told}."
        )
    waiting = [one for one in found.councils if one.slack_days is not None]
    if not waiting:
        return Verdict(GREEN, "Alle råd har besluttet.")
    least = min(waiting, key=lambda one: one.slack_days or 0)
    left, who = least.slack_days or 0, least.lane.name
    if asked.against:
        what = f"{named(asked.against)} har sagt nej eller taget forbehold. En ny tekst skal sendes"
    else:
        what = "Sagen skal være hos rådene" if asked.sent_on else "Teksten skal sendes"
    day = least.road.starts_on if least.road else asked.by
    text = f"{what} senest {spoken(day)}, {_left(left)}; dagen sættes af {who}."
    return Verdict(YELLOW if left < tight or asked.against else GREEN, text)


def _unknown(found: BackwardPlan, missing: Sequence[PlannedCouncil]) -> str:
    who = named([one.lane.name for one in missing])
    text = f"Mødekalenderen mangler for {len(missing)} af {len(found.councils)} råd: {who}."
    if found.dispatch_by:
        text += f" Efter de andre skal teksten sendes senest {spoken(found.dispatch_by)}."
    return text


def council_word(one: PlannedCouncil) -> str:
    """What there is to say of one council."""
    if one.decided_on:
        return f"har besluttet {spoken(one.decided_on, False)}"
    if one.usable is None:
        return "ingen mødekalender"
    if one.usable:
        return ""
    if one.first:
        return f"for sent; kan tidligst beslutte {spoken(one.first.council.on, False)}"
    return "intet møde, der kan bruges"


def named(names: Sequence[str]) -> str:
    """The first few names, and how many more."""
    shown = list(names[:NAMED])
    if more := len(names) - len(shown):
        return ", ".join(shown) + f" og {more} til"
    return " og ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _left(days: int) -> str:
    return "i dag" if days == 0 else f"om {days} dag{'e' * (days != 1)}"
