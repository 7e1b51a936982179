"""What the status page says, as plain values in Danish: the template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflow.faces.daemon.workplace import Workplace
from workflow.lifecycle.decision import DECISION
from workflow.lifecycle.period import PERIOD
from workflow.lifecycle.version import VERSION
from workflow.mail.words import antal, dage
from workflow.rules.days import COPENHAGEN, danish_day, spoken
from workflow.rules.timeline import Deadline
from workflow.services.heartbeat import last_tick, open_alarms
from workflow.services.overview import count_states, count_waiting, newest_notices
from workflow.services.status import blockers, next_deadline, standings
from workflow.storage.projection import Standing

SOON = 30  # days
STALE = timedelta(minutes=5)
NEWEST = 15
MOST_ALARMS = 6
OVER = ("ended", "lapsed_by_law")
_SIDES = {
    "secretariat-region": "sekretariatet, regionen",
    "secretariat-municipal": "sekretariatet, kommunerne",
}
# How urgent an agreement is: the order of the cards, their mark, and the word that says it without the colour.
TONES = {
    "late": "Overskredet",
    "soon": "Inden for 30 dage",
    "ahead": "I god tid",
    "calm": "Ingen frist forude",
    "over": "Afsluttet",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant or a day to be shown: ``iso`` for the machine, ``text`` for the reader (Danish time)."""

    iso: str
    text: str


def status_page(place: Workplace, at: datetime) -> dict[str, Any]:
    """Everything the page shows at the aware instant ``at``."""
    today = danish_day(at)
    found = standings(place.engine, place.rulebook, None, today)
    cards = sorted((_card(standing) for standing in found), key=lambda card: card["order"])
    states = count_states(place.engine)
    ticked, alarms = last_tick(place.engine), open_alarms(place.engine)
    return {
        "now": moment(at),
        "cards": cards,
        "doubts": _doubts(found),
        "figures": _figures(cards, states, count_waiting(place.engine, at)),
        "alarms": [{"text": alarm.text, "at": moment(alarm.raised_at)} for alarm in alarms[:MOST_ALARMS]],
        "more_alarms": len(alarms) - MOST_ALARMS,
        "letters": _letters(place, found),
        "mail": _mail(place),
        "ticked": moment(ticked) if ticked else None,
        "stale": not fresh(ticked, at),
    }


def fresh(ticked: datetime | None, at: datetime) -> bool:
    """Whether the daemon has ticked within five minutes, and by a clock that agrees with this one."""
    return ticked is not None and abs(at - ticked) <= STALE


def moment(at: datetime) -> Moment:
    """An aware instant in Danish time: ``"mandag den 31. maj 2027 kl. 8.00"``."""
    local = at.astimezone(COPENHAGEN)
    return Moment(local.isoformat(timespec="seconds"), f"{spoken(local.date())} kl. {local.hour}.{local:%M}")


def _short(at: datetime) -> Moment:
    """The same for a table: ``"31.5.2027 kl. 8.00"``."""
    local = at.astimezone(COPENHAGEN)
    return Moment(moment(at).iso, f"{local.day}.{local.month}.{local.year} kl. {local.hour}.{local:%M}")


def _card(standing: Standing) -> dict[str, Any]:
    agreement, course = standing.agreement, standing.course
    following, current = next_deadline(standing), course.current
    overdue = [deadline for deadline in standing.deadlines if deadline.status == "overdue"]
    tone = _tone(standing, overdue, following)
    shown = None if following in overdue else following
    return {
        "id": agreement.key.replace("/", "-"),
        "key": agreement.key,
        "name": agreement.region_name,
        "label": agreement.label,
        "instrument": agreement.regime.instrument,
        "tone": tone,
        "mark": TONES[tone],
        "order": (
            tuple(TONES).index(tone),
            following.legal_on.toordinal() if following and following.legal_on else 0,
        ),
        "version": f"Version {current.number}: {VERSION.states[current.state]}"
        if current
        else VERSION.states["draft"],
        "period": PERIOD.states[course.period],
        "overdue": [_deadline(deadline, standing) for deadline in overdue],
        "next": _deadline(shown, standing) if shown else None,
        "councils": _councils(standing),
        "blocked": _blocked(standing),
    }


def _tone(standing: Standing, overdue: list[Deadline], following: Deadline | None) -> str:
    if standing.course.period in OVER:
        return "over"
    if overdue:
        return "late"
    if following is None or following.legal_on is None:
        return "calm"
    return "soon" if (following.legal_on - standing.as_of).days <= SOON else "ahead"


def _deadline(deadline: Deadline, standing: Standing) -> dict[str, Any]:
    assert deadline.legal_on is not None, "an open deadline has a date"
    subject = f" ({deadline.subject})" if deadline.subject else ""
    before = (
        f"påmindelser sigter mod {spoken(deadline.aim_on)}"
        if deadline.aim_on not in (None, deadline.legal_on)
        else ""
    )
    return {
        "title": f"{deadline.title}{subject}",
        "on": Moment(deadline.legal_on.isoformat(), spoken(deadline.legal_on)),
        "left": dage((deadline.legal_on - standing.as_of).days),
        "cite": deadline.cite[0],
        "doubtful": deadline.doubtful,
        "aim": before if deadline.aim_on and deadline.aim_on >= standing.as_of else "",
        "moved": spoken(deadline.original_on, False) if deadline.original_on else "",
    }


def _doubts(found: list[Standing]) -> list[str]:
    """What is said of rules that may have ended (law.md 5), each thing once."""
    doubtful = [d for standing in found for d in standing.deadlines if d.open and d.doubtful]
    texts = (step.text for deadline in doubtful for step in deadline.why if "kan være ophævet" in step.text)
    return list(dict.fromkeys(texts))


def _councils(standing: Standing) -> dict[str, Any] | None:
    """Who has not yet said yes to the newest version; ``None`` before it was sent to anybody."""
    current = standing.course.current
    if current is None or current.sent_on is None:
        return None
    missing = len(current.missing)
    total = len(current.parties)
    return {
        "approved": total - missing,
        "total": total,
        "missing": missing,
        "said": f"{total - missing} af {antal(total, 'råd', 'råd')} har godkendt",
        "pending": [current.names[code] for code in current.pending],
        "against": [
            f"{current.names[code]}: {DECISION.states[current.decisions[code]]}" for code in current.against
        ],
    }


def _blocked(standing: Standing) -> list[dict[str, str]]:
    """What stands in the way; the councils are told by name elsewhere on the card."""
    codes = {party.code for party in standing.agreement.parties}
    return [{"text": b.text, "cite": b.cite} for b in blockers(standing) if b.who not in codes]


def _figures(cards: list[dict[str, Any]], states: dict[str, int], waiting: int) -> list[dict[str, Any]]:
    """The numbers at the top; each says in words what it counts."""
    late = sum(len(card["overdue"]) for card in cards)
    soon = sum(card["tone"] == "soon" for card in cards)
    councils = sum(card["councils"]["missing"] for card in cards if card["councils"])
    stopped = sum(states.get(state, 0) for state in ("quarantined", "held", "refused"))
    counted = [
        (late, "frist overskredet", "frister overskredet", "late"),
        (soon, "aftale med frist inden for 30 dage", "aftaler med frist inden for 30 dage", "soon"),
        (councils, "rådsgodkendelse mangler", "rådsgodkendelser mangler", "soon"),
        (stopped, "brev er standset", "breve er standset", "late"),
        (waiting, "brev venter på at blive sendt", "breve venter på at blive sendt", "plain"),
    ]
    return [
        {"number": number, "text": one if number == 1 else many, "tone": tone if number else "good"}
        for number, one, many, tone in counted
    ]


def _letters(place: Workplace, found: list[Standing]) -> list[dict[str, Any]]:
    by_key = {standing.agreement.key: standing for standing in found}
    titles = {letter.name: letter.title.da for letter in place.rulebook.letters}
    return [
        {
            "at": _short(datetime.fromisoformat(notice["at"])),
            "letter": titles.get(notice["letter"], notice["letter"]),
            "agreement": _agreement_name(by_key.get(notice["agreement"]), notice["agreement"]),
            "to": _recipient(by_key.get(notice["agreement"]), notice["recipient"]),
            "state": notice["state_text"],
            "tone": _letter_tone(notice),
            "late": notice["late"],
            "answer": notice["answer"] if notice["state"] != "accepted" else "",
        }
        for notice in newest_notices(place.engine, NEWEST)
    ]


def _letter_tone(notice: dict[str, Any]) -> str:
    if notice["state"] in ("refused", "held", "quarantined", "bounced") or notice["uncertain"]:
        return "late"
    return "good" if notice["state"] in ("accepted", "confirmed") else "plain"


def _agreement_name(standing: Standing | None, key: str) -> str:
    return f"{standing.agreement.region_name} {standing.agreement.label}" if standing else key


def _recipient(standing: Standing | None, recipient: str) -> str:
    body, _, function = recipient.partition("/")
    party = standing.agreement.council(body) if standing else None
    return party.name if party else _SIDES.get(function, recipient)


def _mail(place: Workplace) -> dict[str, str]:
    settings = place.settings
    if settings.smtp_host:
        return {"where": f"{settings.smtp_host}:{settings.smtp_port}", "folder": ""}
    return {"where": "", "folder": str(settings.inbox)}
