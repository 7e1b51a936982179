"""What a letter about an event says of the time since: what has happened to the same text, and whether what the letter
asks for is still to be done. The letter itself is told from the day of its fact; only this is told from today.
"""

from __future__ import annotations

from datetime import date

from workflow.language import Phrase, kept, noted, phrase, spoken
from workflow.lifecycle.names import REPORT_NAMES
from workflow.mail.writing.factparts import Said
from workflow.rules.facts import Fact
from workflow.rules.story import ANSWERS, SILENCE
from workflow.services.due.prompts import unpublished
from workflow.storage.facts.projection import Standing

CLAUSES = {
    "consultation-opened": noted("version %(version)s blev sendt i høring"),
    "consultation-closed": noted("høringen om version %(version)s sluttede"),
    "sent-for-approval": noted("version %(version)s blev sendt til godkendelse i rådene"),
    "council-approved": noted("%(council)s godkendte version %(version)s"),
    "council-remarks": noted("%(council)s godkendte version %(version)s med bemærkninger"),
    "council-conditional": noted(
        "%(council)s godkendte version %(version)s på betingelser, og det tæller ikke"
    ),
    "council-rejected": noted("%(council)s godkendte ikke version %(version)s"),
    "council-postponed": noted("%(council)s udsatte behandlingen af version %(version)s"),
    "submitted": noted("version %(version)s blev %(submit.done)s til %(authority.definite)s"),
    "received": noted("%(authority.definite)s modtog version %(version)s"),
    "info-requested": noted("%(authority.definite)s bad om flere oplysninger om version %(version)s"),
    "info-supplied": noted(
        "%(authority.definite)s fik de oplysninger om version %(version)s, den havde bedt om"
    ),
    "refusal-discussed": noted("%(authority.definite)s rejste tvivl om version %(version)s"),
    "sst-approved": noted("%(authority.definite)s godkendte version %(version)s"),
    "sst-refused": noted("%(authority.definite)s meddelte, at version %(version)s ikke kan godkendes"),
    "withdrawn": noted("version %(version)s blev trukket tilbage"),
    "revision-opened": noted("en revision blev begyndt som version %(version)s"),
    "deviation": noted("%(authority.definite)s flyttede fristen for %(submit.act)s til %(due)s"),
    "shared": noted("%(report)s blev delt med udvalgene i de andre regioner"),
    "regime-confirmed": noted("det blev bekræftet, at reglerne er ophævet fra %(due)s"),
}
_RECEIVED = {"received", "info-requested", "info-supplied", "refusal-discussed"}
_OF_ONE_COUNCIL = (
    "council-approved", "council-remarks", "council-conditional", "council-rejected", "council-postponed",
)  # fmt: skip
_STILL_OF = {
    "consultation-opened": "in-hearing", "sent-for-approval": "with-councils", "submitted": "with-authority",
    "received": "with-authority",
}  # fmt: skip
_STILL_ASKED = {
    "withdrawn": ("withdrawn",),
    "submitted": ("sst_approved",),
    "info-requested": ("info_requested",),
    "refusal-discussed": ("refusal_discussed",),
    "sst-approved": ("sst_approved",),
    "sst-refused": ("sst_refused",),
    SILENCE: ("sst_approved",),
}
"""The states of the fact's own version in which what its letter asks for is still to be done."""


def rung_of(fact: Fact) -> str:
    """What the keys of the letters about ``fact`` have in place of a rung: its number, or the text that a silence
    approved and its day."""
    return f"fact{fact.no}" if fact.no else f"silence{fact.version}@{fact.on}"


def since(now: Standing, fact: Fact) -> list[Said]:
    """What has happened after ``fact``, in order: one sentence each without its full stop, as a letter's facts keep a
    phrase (:func:`workflow.language.kept`)."""
    said = [(one.on, _clause(now, one)) for one in now.story.after(fact) if _concerns(one, fact)]
    said += [*_closed_by_the_clock(now, fact), *_approved_by_silence(now, fact)]
    return [kept(told_on(on, clause)) for on, clause in sorted(said)]


def told_on(on: date, clause: str) -> Phrase:
    """What happened, under its day; the day in words, as facts keep it."""
    return phrase("%(Day)s: %(Clause)s", Day=spoken(on), Clause=clause)


def still_asked(now: Standing, fact: Fact) -> bool:
    """Whether what the letter about ``fact`` asks for is still to be done, as things stand ``now``."""
    course = now.course
    version = course.version(fact.version or 0)
    if course.law_ended and now.as_of >= course.law_ended.value:
        return False
    if fact.event in _OF_ONE_COUNCIL:
        council = fact.council or ""
        if version is None or version is not course.current or not version.with_councils:
            return False
        return council in version.against or version.decisions.get(council) == "postponed"
    if fact.event == "revision-opened":
        return version is course.current and version is not None and version.submitted_on is None
    if fact.event in ("midterm-sent", "final-sent"):
        return course.reports[fact.event.removesuffix("-sent")] != "shared"
    if fact.event == "submitted" and version is not None and not version.answered:
        return True  # told to all, and asks nothing of anybody
    if fact.event == "sst-refused" and (newest := course.current) and newest is not version:
        return version is not None and newest.submitted_on is None
    kind, states = _STILL_OF.get(fact.event, ""), _STILL_ASKED.get(fact.event, ())
    if not kind and not states:
        return True
    of_kind = course.tables.version.are(kind) if kind else ()
    return version is not None and version.state in (*of_kind, *states)


def done_since(now: Standing, fact: Fact) -> list[str]:
    """What the letter about a submission, or about the silence after it, asks for and has been done by ``now``:
    ``received`` (the authority has it), ``answered`` (and has answered), ``published:CODE`` of each party that has put
    the text on its website, and ``published`` once every party has."""
    if fact.event not in ("submitted", SILENCE):
        return []
    later = {one.event for one in now.story.after(fact) if one.version == fact.version}
    answered = bool(later & set(ANSWERS) or now.story.silence(fact.version))
    done = ["received"] if answered or later & _RECEIVED else []
    done += ["answered"] if answered else []
    done += [f"published:{code}" for code in sorted(now.course.published("agreement", fact.version))]
    return done if unpublished(now, f"v{fact.version}") else [*done, "published"]


def _concerns(later: Fact, fact: Fact) -> bool:
    """Whether what happened later belongs in the letter: the course of the texts, and of the same council or report."""
    if later.event not in CLAUSES:
        return False
    if later.event in _OF_ONE_COUNCIL:
        return later.council == fact.council
    if later.event == "shared":
        return fact.event == f"{later.about}-sent"
    return fact.event not in ("midterm-sent", "final-sent")


def _clause(now: Standing, fact: Fact) -> str:
    council, words = now.agreement.council(fact.council or ""), now.agreement.regime.words
    told = {
        "version": fact.version, "council": council.name if council else fact.council, "due": spoken(fact.value),
        "report": REPORT_NAMES.get(fact.about, ""),
    }  # fmt: skip
    message = CLAUSES[fact.event]
    return words.phrase(message, **{name: value for name, value in told.items() if f"%({name})s" in message})


def _approved_by_silence(now: Standing, fact: Fact) -> list[tuple[date, str]]:
    """That no answer came to the text and it counts as approved, with nobody to record it."""
    silence = now.story.silence(fact.version) if fact.version else None
    if silence is None or silence.on < fact.on or fact.event == SILENCE:
        return []
    said = phrase(
        "der kom ikke svar inden fristen, og version %(version)s anses for godkendt", version=fact.version
    )
    return [(silence.on, said)]


def _closed_by_the_clock(now: Standing, fact: Fact) -> list[tuple[date, str]]:
    """A hearing that ended by its own closing day, with nobody to record it."""
    version = now.course.version(fact.version or 0)
    over = version is not None and version.closes_on is not None and version.closes_on < now.as_of
    recorded = any(f.event == "consultation-closed" and f.version == fact.version for f in now.story.steps)
    if fact.event != "consultation-opened" or version is None or not over or recorded:
        return []
    assert version.closes_on is not None
    return [(version.closes_on, phrase("høringen om version %(version)s sluttede", version=version.number))]
