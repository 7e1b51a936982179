"""What a letter is written from: plain JSON values, fixed when the notice is planned, so that what was said and
what was known that day can be shown together for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any, TypedDict, Unpack

from workflow.language import noted, phrase
from workflow.lifecycle.names import REPORT_NAMES
from workflow.mail.writing import factparts as parts
from workflow.mail.writing.facts import LetterFacts, RecipientFacts
from workflow.rules.agreement import Agreement, Council
from workflow.rules.facts import Fact
from workflow.rules.obligation import cited_in
from workflow.rules.readings import ends_read
from workflow.rules.timeline import Deadline
from workflow.rules.waiting import rule_behind, signed
from workflow.services.due.ending import doubted_from, regime_facts, rules_gone
from workflow.services.due.prompts import unpublished
from workflow.services.due.regionends import REGION_ENDS
from workflow.services.planning.meetingfacts import meeting_of
from workflow.services.planning.recipients import party_of
from workflow.services.planning.textfacts import agreement_facts, councils_facts, iso, version_facts
from workflow.services.planning.travelling import changed_for
from workflow.storage.facts.deadlinerows import step_json
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

PAIRS = {
    "midterm-order": "midterm-guidance",
    "midterm-guidance": "midterm-order",
    "final-order": "final-guidance",
    "final-guidance": "final-order",
}
# A council's own answer, by what its regime calls the council; another country's is told as its files call it.
_OWN_ANSWER = {
    "regionsrådet": noted("Svar fra regionsrådet"),
    "kommunalbestyrelsen": noted("Svar fra kommunalbestyrelsen"),
}


class Telling(TypedDict, total=False):
    """What a letter tells beside the standing, where it has it: ``tell`` is the date it tells, ``reply`` the day agreed
    for a council's answer, ``owed_on`` is told as ``due_on``, ``nth`` asked only when it is written."""

    tell: Deadline | None
    reply: Deadline | None
    moved: parts.MovedFacts
    event: parts.EventFacts | None
    rung: str
    due_on: date
    owed_on: date
    late: bool
    nth: Callable[[], int]
    last: bool
    deputy: bool
    version: int | None
    since: list[parts.Said]
    over: bool
    done: list[str]
    ahead: list[Deadline]
    quota: parts.QuotaFacts | None
    papers: parts.CarriedFacts | None
    duty: parts.DutyFacts | None
    duties: list[parts.MissingFacts]
    magistrates: list[str]
    seats: parts.SeatsFacts | None
    meeting_year: parts.MeetingYearFacts
    gone: parts.GoneFacts
    asked_for: bool


def letter_facts(
    standing: Standing, rulebook: Rulebook, recipient: str, today: date, **more: Unpack[Telling]
) -> LetterFacts:
    """The facts of one letter to one function. Whom to ask, the link and the letter's own words are added when the
    notice is planned.

    Of a letter about an event ``standing`` is that of the event's own day; ``since``, ``over`` (whether what it asks is
    past), ``done`` (what of it has been done) and ``ahead`` (its dates as they stand now, for a calendar) alone are
    today's.
    """
    agreement = standing.agreement
    since = more.get("since")
    counted_from = today if since is None else standing.as_of
    party = None if _heir_told(more, standing, recipient) else party_of(standing, recipient)
    doubted = doubted_from(standing)
    deadline = _told_to(standing, party, more.get("tell"))
    other = _beside(standing, deadline) if deadline else None
    end, reply = standing.course.nominal_end, _told_to(standing, party, more.get("reply"))
    told = [one for one in (deadline, other, reply) if one]
    cites = [cite for one in told for cite in (*one.cite, *(step.cite for step in one.why))]
    event = more.get("event")
    cites += event["cite"] if event else ()
    return {
        "agreement": agreement_facts(standing),
        "words": _words(standing, rulebook),
        "recipient": _recipient(standing, rulebook, recipient, party),
        "deadline": _in_its_words(agreement, deadline, deadline_facts(deadline, counted_from, doubted))
        if deadline
        else None,
        "also": [deadline_facts(other, counted_from, doubted)] if other and other.legal_on else [],
        "today": today.isoformat(),
        "due_on": (more.get("owed_on") or more.get("due_on") or today).isoformat(),
        "late": bool(more.get("late")),
        "rung": more.get("rung", ""),
        "nth": more["nth"]() if "nth" in more else None,
        "last": bool(more.get("last")),
        "deputy": bool(more.get("deputy")),
        "version": version_facts(standing, more.get("version")),
        "councils": councils_facts(standing, more.get("version")),
        "nominal_end": _end(end, deadline) if end else None,
        "moved": more.get("moved"),
        "event": event,
        "quota": more.get("quota"),
        "papers": more.get("papers"),
        "changed": compared_for(standing, recipient, more.get("papers"), more.get("version")),
        "publication": _publication(standing, deadline)
        if deadline and deadline.id == "publication"
        else None,
        "digest": [],
        "reply": deadline_facts(reply, counted_from) if reply else None,
        "regime": regime_facts(standing),
        "adopted_on": _adopted_on(standing, deadline) if deadline else None,
        "since": since,
        "over": bool(more.get("over")),
        "done": more.get("done", []),
        "ahead": [
            deadline_facts(one, today) for its in more["ahead"] if (one := _told_to(standing, party, its))
        ]
        if "ahead" in more
        else None,
        "duty": more.get("duty"),
        "duties": more.get("duties"),
        "magistrates": more.get("magistrates"),
        "seats": more.get("seats"),
        "meeting": meeting_of(standing, rulebook, party.code, deadline) if deadline and party else None,
        "meeting_year": more.get("meeting_year"),
        "gone": more.get("gone"),
        "unchecked": _unchecked(standing, rulebook, told),
        "asked_for": bool(more.get("asked_for")),
        "provisions": _provisions(standing),
        "acts": cited_in(rulebook.consolidations, cites, standing.as_of),
    }


def _words(standing: Standing, rulebook: Rulebook) -> dict[str, Any]:
    """The words of the regime, taken apart once for all the letters of a standing."""
    if _words not in standing.kept:
        standing.kept[_words] = rulebook, [asdict(standing.agreement.regime.words)]
    [words] = standing.kept[_words][1]
    return dict(words)


def _heir_told(more: Telling, standing: Standing, recipient: str) -> bool:
    """Whether it is the successor of a region that is told that the region ends: it is no party before."""
    event, heir = more.get("event"), standing.rules.region(standing.agreement.region).successor
    return bool(event and event["event"] == REGION_ENDS and recipient.partition("/")[0] == heir)


def _provisions(standing: Standing) -> dict[str, str]:
    """The provision behind each step. That a hearing must be held is not said by rules that are gone under either end:
    what is left of it is what the parties asked for themselves."""
    gone, known = rules_gone(standing), standing.agreement.regime.provisions
    return {step: cite for step, cite in known.items() if not gone or step != "consultation"}


def compared_for(
    standing: Standing, recipient: str, papers: parts.CarriedFacts | None, version: int | None
) -> parts.ComparedFacts | None:
    """What to compare for a council that is asked about a text; nothing for others."""
    party = party_of(standing, recipient)
    if party is None or not recipient.endswith("/council") or not (papers and papers["asks"]):
        return None
    return changed_for(standing, party.code, version)


def _adopted_on(standing: Standing, deadline: Deadline) -> str | None:
    """The day the committee adopted the report that this date is about: what is left is to send it."""
    adopted = standing.story.first(f"{deadline.id.partition('-')[0]}-adopted")
    return adopted.on.isoformat() if adopted else None


def _unchecked(standing: Standing, rulebook: Rulebook, told: list[Deadline]) -> bool:
    """Whether a rule behind the letter is signed by no lawyer; what is told without a date rests on the provisions."""
    found = [signed(rule_behind(rulebook.law, one)) for one in told if one.duty != "none"]
    return not all(
        [*found, standing.agreement.regime.checked_by] if len(found) < max(len(told), 1) else found
    )


def _beside(standing: Standing, deadline: Deadline) -> Deadline | None:
    """The law's other date for a report; for a day that hangs on the agreed reply, the law's date behind it."""
    if deadline.id in ("council-reply", "council-agenda") and deadline.duty == "agreed":
        return standing.submission_due
    return standing.deadline(PAIRS[deadline.id]) if deadline.id in PAIRS else None


def _told_to(standing: Standing, party: Council | None, deadline: Deadline | None) -> Deadline | None:
    """The date in the recipient's own words: a council reads of its own answer, not of another's."""
    if deadline is None or deadline.id != "council-reply" or party is None:
        return deadline
    words = standing.agreement.regime.words
    called = (words.regional if party.regional else words.council).definite
    return replace(deadline, title=_OWN_ANSWER.get(called, phrase("Svar fra %(called)s", called=called)))


def _in_its_words(agreement: Agreement, deadline: Deadline, told: parts.DeadlineFacts) -> parts.DeadlineFacts:
    """The date with what its duty asks for in its regime's own words, where it has any."""
    rule = agreement.regime.rule(deadline.id)
    return told | {"do": rule.do} if rule and rule.do else told


def deadline_facts(deadline: Deadline, today: date, doubted: date | None = None) -> parts.DeadlineFacts:
    """A deadline as a letter tells it; ``days_left`` counts from ``today`` to the legal date."""
    return {
        "id": deadline.id, "subject": deadline.subject, "title": deadline.title, "duty": deadline.duty,
        "who": deadline.who, "legal_on": iso(deadline.legal_on), "aim_on": iso(deadline.aim_on),
        "original_on": iso(deadline.original_on), "revision": deadline.revision, "status": deadline.status,
        "days_left": (deadline.legal_on - today).days if deadline.legal_on else 0,
        "latest_on": iso(deadline.latest_on),
        "latest_gone": deadline.latest_gone,
        "cite": list(deadline.cite),
        "why": [step_json(step) for step in deadline.why],
        "doubtful": deadline.doubtful,
        "asked_in_doubt": iso(doubted if _asked_in_doubt(deadline, doubted) else None),
    }  # fmt: skip


def _asked_in_doubt(deadline: Deadline, doubted: date | None) -> bool:
    """Whether the duty is still asked for though its rules may be gone by now; its own date came while they held."""
    on = deadline.ruled_on or deadline.legal_on
    came = bool(on and doubted and on < doubted)
    return came and deadline.open and deadline.duty != "agreed"


def _end(end: Fact, deadline: Deadline | None) -> parts.EndFacts:
    """The agreed end that the date is counted from; ``other`` where its readings give two and nobody has signed one."""
    found = ends_read(end, deadline.readings if deadline else ())
    first, *more = [parts.SourcedDay(on=on.isoformat(), source=source) for on, source in found]
    return {**first, "other": more[0] if more else None}


def _recipient(
    standing: Standing, rulebook: Rulebook, recipient: str, behind: Council | None
) -> RecipientFacts:
    body, _, function = recipient.partition("/")
    party = standing.agreement.council(body)
    cluster = next((group.name for group in rulebook.clusters if group.id == body), "")
    own = body == standing.agreement.region and function != "council"
    heir = next((region.name for region in rulebook.regions if region.id == body and not own), "")
    name = party.name if party else cluster or heir or standing.agreement.region_name
    told: RecipientFacts = {
        "body": body,
        "name": name,
        "function": function,
        "regional": bool(party.regional if party else heir and function == "council"),
        "heir": heir,
    }
    return told | {"party": behind.code} if behind else told


def _publication(standing: Standing, deadline: Deadline) -> parts.PublicationFacts:
    """Who has not confirmed that the text or report of this duty stands on its website."""
    missing = unpublished(standing, deadline.subject)
    total = len(standing.agreement.parties)
    version = int(deadline.subject[1:]) if deadline.subject.startswith("v") else None
    return {
        "what": REPORT_NAMES.get(deadline.subject, "aftalen"),
        "version": version,
        "missing": [party.name for party in standing.agreement.parties if party.code in missing],
        "confirmed": total - len(missing),
        "total": total,
    }
