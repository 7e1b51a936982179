"""What a letter about an event or a prompt tells: which date it concerns, and what happened, in plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.lifecycle.names import REPORT_NAMES
from workflow.mail.writing.factparts import EventFacts
from workflow.mail.writing.readingparts import ReadDay, ReadingFacts
from workflow.rules.facts import Fact, lacking
from workflow.rules.ladder import LetterRule
from workflow.rules.silence import SIGNED, signatures
from workflow.rules.story import SILENCE
from workflow.rules.timeline import Deadline
from workflow.services.due.councildays import uncalendared
from workflow.services.due.ending import NO_END, UNSETTLED, rules_gone
from workflow.services.due.prompts import prompts
from workflow.services.due.regionends import REGION_ENDS
from workflow.services.due.tasks import seats_apart, told, unset
from workflow.services.planning.letterfacts import Telling
from workflow.services.planning.meetingfacts import gone_facts, quota_facts
from workflow.services.planning.recipients import party_of
from workflow.services.planning.since import done_since, since, still_asked
from workflow.services.planning.travelling import carried
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

_ON_SSTS_CLOCK = ("submitted", "received", "info-requested", "refusal-discussed", SILENCE)
_TOWARDS_SUBMISSION = ("sent-for-approval", "council-rejected", "council-conditional", "council-postponed")
_ASKED_ANEW = ("midterm-sent", "final-sent")  # what their letters ask for is no part of what happened
_TOLD_AS_EVENTS = ("rosters", REGION_ENDS, "watch", "hold-over", "regime-ended", UNSETTLED, NO_END)
_PROVISIONS = {
    "submitted": "concluded",
    "received": "receive",
    "info-requested": "information",
    "refusal-discussed": "refusal-discussed",
    "sst-approved": "decide",
    "sst-refused": "refuse",
    SILENCE: "tacit-approval",
    "revision-opened": "revision",
    "midterm-sent": "share",
    "final-sent": "share",
    "consultation-opened": "consultation",
    "sent-for-approval": "unanimity",
    "council-rejected": "unanimity",
    "council-conditional": "unanimity",
    "council-postponed": "unanimity",
}


def tells(standing: Standing, rulebook: Rulebook, letter: LetterRule, fact: Fact) -> bool:
    """Whether the letter is about ``fact``: it names the event; or it is the generic one that a duty was met, and no
    letter of the duty's or of the event's own says so."""
    if letter.generic != "met":
        return fact.event in letter.event
    met = standing.fulfilled_by(fact)
    return bool(met and met.id in letter.deadline) and not any(
        fact.event in one.event for one in rulebook.letters
    )


def concerns(standing: Standing, rulebook: Rulebook, fact: Fact, letter: LetterRule) -> Deadline | None:
    """The date a letter about ``fact`` should tell, as it stood that day; ``None`` where it tells none."""
    if letter.generic:
        return standing.fulfilled_by(fact)
    if fact.event in _ON_SSTS_CLOCK:
        return clock_of(standing, fact.version)
    if fact.event == "sst-refused":
        named = (d for d in standing.deadlines if d.id == "resubmission" and d.legal_on == fact.due)
        return next(named, None)
    if fact.event == "consultation-opened":
        return next((p for p in prompts(standing, rulebook) if p.id == "consultation"), None)
    return standing.submission_due if fact.event in (*_TOWARDS_SUBMISSION, "withdrawn") else None


def clock_of(standing: Standing, version: int | None) -> Deadline | None:
    """The Authority's date for its answer to this very version, or ``None`` while it has none."""
    first = standing.story.first("submitted")
    subject = "" if first and first.version == version else f"v{version}"
    return standing.deadline("sst-decision", subject)


def reply_wanted(standing: Standing, rulebook: Rulebook, fact: Fact) -> Deadline | None:
    """The agreed day for the councils' answers, for the letter that asks for them; ``None`` where none is agreed."""
    if fact.event != "sent-for-approval":
        return None
    replies = (p for p in prompts(standing, rulebook) if p.id == "council-reply" and p.duty == "agreed")
    return next(replies, None)


def needing(standing: Standing, fact: Fact, recipients: list[str]) -> list[str]:
    """Who still needs the news of ``fact``: no council is asked for an answer it has given, about an old text, or under
    rules that have ended; by rules that are gone nobody is asked for something new."""
    text = standing.course.version(fact.version or 0)
    unknown = fact.event == "withdrawn" and not (text and text.sent_on)  # nobody outside had heard of it
    unasked = rules_gone(standing) or not standing.agreement.regime.cite("share")
    if unknown or (fact.event in _ASKED_ANEW and unasked):
        return []
    if fact.event != "sent-for-approval":
        return recipients
    current = standing.course.current
    if current is None or current.number != fact.version or current.state == "lapsed":
        return []
    decided = [code for code in current.decisions if current.approved_by(code)]
    behind = [(recipient, party_of(standing, recipient)) for recipient in recipients]
    return [recipient for recipient, party in behind if party is None or party.code not in decided]


def happened(then: Standing, now: Standing, rulebook: Rulebook, fact: Fact, letter: LetterRule) -> Telling:
    """What a letter about ``fact`` is written from: the fact and ``then``, the standing of its own day, whenever it is
    written; of ``now`` only what has happened since, under its own heading."""
    event = event_facts(then, fact, prompts(then, rulebook) if fact.event == SIGNED else ())
    if fact.event in _ASKED_ANEW:
        event["doubtful"] = bool(then.ends and then.ends.doubtful(fact.on))
    tell, reply = concerns(then, rulebook, fact, letter), reply_wanted(then, rulebook, fact)
    known = {(one.id, one.subject): one for one in (*prompts(now, rulebook), *now.deadlines)}
    ahead = [known.get((one.id, one.subject)) for one in (tell, reply) if one]
    return {
        "event": event,
        "tell": tell,
        "reply": reply,
        "ahead": [one for one in ahead if one],
        "version": fact.version,
        "since": since(now, fact),
        "over": not still_asked(now, fact),
        "done": done_since(now, fact),
        "papers": carried(now, letter, fact),
    }


def event_facts(standing: Standing, fact: Fact, beside: Sequence[Deadline] = ()) -> EventFacts:
    """What happened, as a letter tells it. ``about_name`` is the Danish name of the council, body or report,
    ``fulfils`` the duty that it fulfilled, ``revision`` whether the text is one of a revision, for which the law has
    no date, and ``refused`` the version that the authority refused and this text changes. ``standing`` is that of the
    fact's day, with the fact; ``beside`` the dates that a reading touches besides the deadlines."""
    council = standing.agreement.council(fact.council or "")
    fulfilled = standing.fulfilled_by(fact)
    judged_on = fulfilled.judged_on if fulfilled else None
    version, ends = standing.course.version(fact.version or 0), standing.ends
    about = fact.about or fact.event.removesuffix("-sent")
    provision = standing.agreement.regime.cite(_PROVISIONS.get(fact.event, ""))
    return {
        "event": fact.event,
        "on": fact.on.isoformat(),
        "due": fact.due.isoformat() if fact.due else None,
        "fulfils": {
            "id": fulfilled.id,
            "gone": bool(ends and judged_on and ends.lapsed(fulfilled.ruled_on or judged_on)),
            "judged_on": judged_on.isoformat() if judged_on else None,
            "latest_on": fulfilled.latest_on.isoformat() if fulfilled.latest_on else None,
        }
        if fulfilled
        else None,
        "revision": bool(version and version.revision),
        "refused": version.answers if version and fact.event == "submitted" else None,
        "time": fact.time,
        "about": fact.about or fact.council or "",
        "about_name": council.name if council else REPORT_NAMES.get(about, fact.about),
        "source": fact.source,
        "cite": list(standing.agreement.regime.citable((provision,), fact.on)) if provision else [],
        "lacking": lacking(fact),
        "reading": _signed(standing, [*standing.deadlines, *beside], fact),
    }


def _signed(standing: Standing, dates: Sequence[Deadline], fact: Fact) -> ReadingFacts | None:
    """The reading that ``fact`` signs, the dates it leaves, and the signature it takes the place of."""
    touched = [
        (d, one, chosen)
        for d in dates
        for one in d.readings
        if fact.event == SIGNED and f"{one.silence.id}:{one.signed}" == fact.about
        if (chosen := one.silence.reading(one.signed))
    ]
    if not touched:
        return None
    _, one, chosen = touched[0]
    earlier = [said for said in signatures(standing.story, one.silence) if said.no < fact.no]
    before = one.silence.reading(earlier[-1].about.partition(":")[2]) if earlier else None
    left = [_left(d, d.legal_on) for d, _, _ in touched if d.open and d.legal_on]
    return {
        "question": one.silence.question,
        "said": chosen.said,
        "cite": chosen.cite,
        "by": fact.by,
        "instead": {"said": before.said, "by": earlier[-1].by, "on": earlier[-1].on.isoformat()}
        if before
        else None,
        "dates": left,
        "open": any(day["other"] for day in left),
    }


def _left(deadline: Deadline, on: date) -> ReadDay:
    """A date as a signed reading leaves it: with the other day that a reading still open gives it."""
    return {
        "title": deadline.title,
        "legal_on": on.isoformat(),
        "other": deadline.latest_on.isoformat() if deadline.latest_on not in (None, on) else None,
        "gone": deadline.latest_gone,
        "doubtful": deadline.doubtful,
    }


def prompted(standing: Standing, rulebook: Rulebook, letter: LetterRule, prompt: Deadline) -> Telling:
    """What a reminder tells beside its date: the files it links to; and some prompts are told as an occasion, since no
    law dates them."""
    heard = heard_in(standing, prompt)
    return _occasion_of(standing, rulebook, letter, prompt, heard) | {
        "papers": carried(standing, letter, heard)
    }


def heard_in(standing: Standing, prompt: Deadline) -> Fact | None:
    """The hearing that a reminder is about; ``None`` where it is about another date."""
    opened = [f for f in standing.course.noted["consultation-opened"] if f.due == prompt.legal_on]
    return opened[-1] if opened and prompt.id == "consultation" else None


def _occasion_of(
    standing: Standing, rulebook: Rulebook, letter: LetterRule, prompt: Deadline, heard: Fact | None
) -> Telling:
    if prompt.id == "meetings":
        return {"quota": quota_facts(standing, rulebook, prompt)}
    if prompt.id == "council-calendar":
        names = [party.name for party in uncalendared(standing)]
        return {"tell": None, "meeting_year": {"year": int(prompt.subject), "missing": names}}
    if prompt.id == "council-day-gone":
        return {"tell": None, "gone": gone_facts(standing, rulebook, prompt)}
    if prompt.id == "task":
        return {"duty": told(standing, rulebook, prompt)}
    if prompt.id == "constitution":
        return _constitution(standing, rulebook, prompt)
    if prompt.id == "receipt":
        return {"tell": clock_of(standing, int(prompt.subject[1:]))}
    if prompt.id == "consultation":
        event = event_facts(standing, heard) if heard else None
        if event and rules_gone(standing):
            event |= {"cite": []}  # what is left of the hearing rests on its own letter
        if letter.name == "consultation-closed" and event:
            return {"tell": None, "event": event | {"event": "consultation-closed", "on": event["due"]}}
        return {"event": event}
    if prompt.id in _TOLD_AS_EVENTS:
        heir = _heir(standing, rulebook, prompt) if prompt.id in ("rosters", REGION_ENDS) else ""
        event = _occasion(prompt) | {"about": prompt.subject, "about_name": heir}
        if prompt.id == REGION_ENDS:
            ending = rulebook.ending_with(rulebook.region(standing.agreement.region))
            event |= {"title": prompt.title, "regions": [one.name for one in ending]}
        return {"tell": None, "event": event}
    return {}


def _constitution(standing: Standing, rulebook: Rulebook, prompt: Deadline) -> Telling:
    """What of the new committees is not recorded, and the councils that decide themselves who sits for them."""
    agreement = standing.agreement
    duties = unset(standing, rulebook, prompt.legal_on) if prompt.legal_on else []
    own = seats_apart(standing, rulebook, prompt.legal_on) if prompt.legal_on else None
    return {
        "seats": {
            "since": own.starts_on.isoformat(),
            "until": own.ends_on.isoformat(),
            "cite": own.cite,
            "continued": own.continued,
        }
        if own
        else None,
        "duties": [{"next": rule.next, "cite": list(rule.cite), "missing": names} for rule, names in duties],
        "magistrates": [
            party.name for party in agreement.parties if party.code in agreement.regime.magistrates
        ],
    }


def _heir(standing: Standing, rulebook: Rulebook, prompt: Deadline) -> str:
    """The name of the region that takes over where the agreement's own ends that day; "" where it goes on."""
    region = rulebook.region(standing.agreement.region)
    ends = region.successor and region.valid_to == prompt.legal_on
    return rulebook.region(region.successor).name if ends and region.successor else ""


def _occasion(prompt: Deadline) -> EventFacts:
    return {
        "event": prompt.id,
        "on": prompt.legal_on.isoformat() if prompt.legal_on else None,
        "due": None,
        "time": "",
        "about": "",
        "about_name": "",
        "source": "",
        "cite": [cite for cite in prompt.cite if cite],
    }
