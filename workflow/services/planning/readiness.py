"""What stands between an agreement and the next thing it must send to the Health Authority. Read-only and pure.

Until it is submitted that is the agreement itself, afterwards its final status. Only what the agreement's own regime
has a provision for is asked for (``provisions`` in ``calendars/regimes/*.toml``).
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.errors import NotPossible
from workflow.language import noted, phrase
from workflow.lifecycle.spoken import taken_back
from workflow.lifecycle.text import Version
from workflow.rules.endings import GONE_SAID
from workflow.rules.facts import Fact
from workflow.services.facts.intake import national_goals
from workflow.services.planning.involvement import Missing, after_the_end, involvement
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

OVER = ("superseded", "lapsed")


def next_sending(standing: Standing) -> str:
    """``"submission"``; ``"final"`` once the newest text is with the Health Authority or approved by it, or was a
    revision that was taken back; ``"none"`` where nothing is to be sent now."""
    if nothing_to_send(standing):
        return "none"
    return "final" if _sent_in(standing) else "submission"


def nothing_to_send(standing: Standing) -> Missing | None:
    """Why nothing is to be sent on the standing's day: the rules ask for no status, the last one is sent, the next
    agreement has taken over, or the Authority's answer is waited for. ``None`` where something is."""
    regime, course, ended_on = standing.agreement.regime, standing.course, standing.story.ended_on
    current = course.current
    if not _sent_in(standing):
        if ended_on is None:
            return None
        text = phrase("den næste aftale trådte i kraft %(day)s; intet skal indsendes", day=ended_on)
        return Missing("succeeded", text, regime.cite("in-force"), "", warning=True)
    if regime.rule("final-order") is None:
        text = phrase("%(rules)s kræver ingen statusrapporter", rules=regime.instrument)
        return Missing("no-reports", text, "", "", warning=True)
    if course.tables.report.target(course.final, "sent") is None:
        return Missing("final-sent", phrase("slutstatus er sendt"), "", "", warning=True)
    if current and current.with_authority and ended_on is None and not any(_final(standing)):
        return Missing("answer", awaited(standing, current), regime.cite("decide"), "sst", warning=True)
    return None


def awaited(standing: Standing, current: Version) -> str:
    """That the Authority's answer is waited for, and whether it is known to have the text."""
    return standing.agreement.regime.words.phrase(
        noted("%(Authority.genitive)s svar afventes")
        if current.received_on
        else noted("%(Authority.genitive)s svar afventes; modtagelsen er ikke bekræftet")
    )


def _sent_in(standing: Standing) -> bool:
    """Whether the agreement itself lies with the Authority or was approved, so that its statuses are what is left."""
    current = standing.course.current
    return current is not None and (
        current.with_authority
        or current.state == "sst_approved"
        or (current.revision and current.state == "withdrawn")
    )


def readiness(standing: Standing, rulebook: Rulebook) -> list[Missing]:
    """Everything that is missing on the standing's day, in the order in which it is usually cleared.

    :class:`NotPossible` where the regime knows no submission at all.
    """
    regime = standing.agreement.regime
    if not regime.cite("submit"):
        raise NotPossible(
            phrase(
                "%(instrument)s kender ingen indsendelse til godkendelse, så intet kan mangle",
                instrument=regime.instrument,
            )
        )
    ends, sending = standing.ends, next_sending(standing)
    if ends and standing.law_gone:
        return after_the_end(standing, ends, sending)
    if ends and sending == "submission" and standing.submission_gone:
        said = (
            phrase("%(gone)s for reglerne (%(days)s)", gone=GONE_SAID, days=ends.days_said)
            if not ends.confirmed_on
            else phrase("bortfaldet med reglerne")
        )
        text = phrase("pligten til at indsende er %(said)s; intet skal indsendes", said=said)
        return [Missing("law", text, ends.cite, "")]
    if nothing := nothing_to_send(standing):
        return [nothing, *_nominal_end(standing)]
    if sending == "final":
        return [*_final(standing), *_nominal_end(standing)]
    return [*involvement(standing, rulebook), *_content(standing), *_annexes(standing), *_metadata(standing, rulebook),
            *_approvals(standing), *_nominal_end(standing)]  # fmt: skip


def fit_to_send(standing: Standing, rulebook: Rulebook) -> bool:
    """Whether what must stand in the agreement and come with it is there (O-32, O-33): else nothing is announced as
    ready (N-11)."""
    return not _beside_the_text(standing, rulebook)


def unheard(standing: Standing, rulebook: Rulebook) -> list[Missing]:
    """Those who must be heard and were not, and the goals that must stand in the text and do not."""
    found = [*involvement(standing, rulebook), *_content(standing)]
    return [missing for missing in found if not missing.warning]


def sent_without(after: Standing, rulebook: Rulebook, fact: Fact) -> list[str]:
    """What a text was sent without to the councils or the Authority, in Danish, by the provisions of the day it was
    sent; ``after`` is the agreement with it. It stops nothing."""
    if fact.event not in ("sent-for-approval", "submitted"):
        return []
    missing = {one.need for one in _beside_the_text(after, rulebook)} if fact.event == "submitted" else ()
    then = after.told(fact) if missing and fact in after.story.steps else after
    beside = [one for one in _beside_the_text(then, then.rules) if one.need in missing]
    return [
        *_unchanged(after, fact),
        *(phrase("ved indsendelsen: %(text)s (%(cite)s)", text=one.text, cite=one.cite) for one in beside),
    ]


def _unchanged(after: Standing, fact: Fact) -> list[str]:
    """After a refusal the agreement is to be changed; what is not in the text may be in its annexes."""
    course = after.course
    text = next((v.document for v in course.versions if v.number == fact.version), "")
    refused = [one.version for one in course.noted["sst-refused"] if one.version != fact.version]
    authority = after.agreement.regime.words.authority.definite
    same = [v.number for v in course.versions if v.number in refused and text and v.document == text]
    return [
        phrase(
            "teksten er den samme som i version %(number)s, som %(authority)s har afslået; aftalen "
            "skal ændres, før den indsendes igen (%(cite)s). Er det et bilag, der er ændret, så "
            "registrér det med annex-added",
            number=number,
            authority=authority,
            cite=after.agreement.regime.cite("refuse"),
        )
        for number in same
    ]


def _beside_the_text(standing: Standing, rulebook: Rulebook) -> list[Missing]:
    return [*_annexes(standing), *_metadata(standing, rulebook)]


def _content(standing: Standing) -> Iterator[Missing]:
    """Common goals, tied to the national ones (O-22)."""
    cite, noted = standing.agreement.regime.cite, standing.course.noted
    goals = noted["goals-set"]
    if (provision := cite("goals")) and not goals:
        text = phrase("aftalens fælles mål er ikke registreret (goals-set)")
        yield Missing("goals", text, provision, "ssu")
    elif (provision := cite("national-goals")) and not any(national_goals(fact.about) for fact in goals):
        text = phrase(
            "det fremgår ikke, hvilke nationale mål aftalens mål er knyttet til (goals-set --about 1;3)")  # fmt: skip
        yield Missing("national-goals", text, provision, "ssu")


def _annexes(standing: Standing) -> Iterator[Missing]:
    """What the Authority needs beside the text (O-33)."""
    if provision := standing.agreement.regime.cite("annexes"):
        number = current.number if (current := standing.course.current) else None
        if not any(fact.version in (None, number) for fact in standing.course.noted["annex-added"]):
            authority = standing.agreement.regime.words.authority.definite
            text = phrase("ingen bilag til %(authority)s er registreret (annex-added)", authority=authority)
            yield Missing("annexes", text, provision, "regional-council")


def _metadata(standing: Standing, rulebook: Rulebook) -> Iterator[Missing]:
    """Parties, version number and effective date must stand in the agreement (O-32); its term cannot be missing. The
    parties must be the councils of the day."""
    agreement, course = standing.agreement, standing.course
    provision = agreement.regime.cite("metadata")
    if not provision:
        return
    if course.current is None:
        text = phrase("aftalen har ingen tekst med et versionsnummer")
        yield Missing("version-number", text, provision, "ssu")
    if course.effective_on is None:
        text = phrase("ikrafttrædelsesdatoen er ikke registreret (effective)")
        yield Missing("effective-date", text, provision, "ssu")
    if course.current and course.current.sent_on and agreement.regime.parties == "all-councils":
        asked = {party.code for party in rulebook.parties(agreement.region, course.current.sent_on)}
        if changed := sorted(asked ^ {party.code for party in agreement.parties}):
            text = phrase(
                "regionens kommuner er ikke de samme, som da teksten blev sendt: %(codes)s",
                codes=", ".join(changed))  # fmt: skip
            yield Missing("parties", text, provision, "ssu")


def _approvals(standing: Standing) -> Iterator[Missing]:
    """Every council's unconditional yes to this exact text (O-30, O-31); of a plan that one council adopts, that."""
    tables, regime, current = standing.course.tables, standing.agreement.regime, standing.course.current
    if not tables.knows("sent-for-approval"):
        adopted = current is not None and current.state in tables.version.are("concluded")
        if tables.knows("adopted") and not adopted:
            said = regime.words.phrase(noted("%(document)s er ikke vedtaget"))
            councils = [party.code for party in standing.agreement.parties]
            who = councils[0] if len(councils) == 1 else "regional-council"
            yield Missing("adopted", said, regime.cite("adopt"), who)
        return
    provision = regime.cite("unanimity")
    if current and current.state == "withdrawn":
        text = taken_back(current.number, current.sendable)
    elif current is None or current.state in OVER:
        text = phrase("ingen tekst er sendt til godkendelse i rådene")
    elif current.state == "sst_refused":
        text = phrase(
            "version %(number)s er ikke godkendt af %(authority)s; en ny version skal sendes til rådene",
            number=current.number, authority=standing.agreement.regime.words.authority.definite)  # fmt: skip
    elif current.sent_on is None:
        text = phrase(
            "version %(number)s (%(state)s) er ikke sendt til rådene",
            number=current.number, state=current.state_name)  # fmt: skip
    else:
        yield from _each_council(current, provision)
        yield from _unproved(standing, current, provision)
        return
    yield Missing("sent", text, provision, "ssu")


def _each_council(current: Version, provision: str) -> Iterator[Missing]:
    for code in current.parties:
        if not current.approved_by(code):
            text = phrase(
                "%(council)s: %(decision)s (version %(number)s)",
                council=current.names[code], decision=current.decision_name(code), number=current.number)  # fmt: skip
            yield Missing("approval", text, provision, code)


def _unproved(standing: Standing, current: Version, provision: str) -> Iterator[Missing]:
    """A yes that nothing shows: recorded with neither source nor minutes. It counts; the region must have them."""
    said = standing.story.named("council-approved", "council-remarks")
    said = [fact for fact in said if fact.version == current.number]
    for code, fact in {fact.council or "": fact for fact in said}.items():
        yes = current.approved_by(code) and current.decisions[code] != "evidence_received"
        if yes and not (fact.source.strip() or fact.document):
            text = phrase(
                "%(council)s: intet viser beslutningen; bed om udskriften (evidence --council %(code)s)",
                council=current.names[code], code=code)  # fmt: skip
            yield Missing("evidence", text, provision, code, warning=True)


def _final(standing: Standing) -> Iterator[Missing]:
    """The midterm status: the final one contains it where the guidance says so (O-62); it is owed for itself else."""
    provision, owed = (
        standing.agreement.regime.cite("final-includes-midterm"),
        standing.deadline("midterm-order"),
    )
    if standing.course.midterm != standing.course.tables.report.initial:
        return
    if provision:
        text = phrase("slutstatus skal indeholde midtvejsstatus, og den er ikke registreret (midterm-sent)")
        yield Missing("midterm", text, provision, "ssu")
    elif owed and owed.late_after and standing.as_of > owed.late_after:
        text = phrase(
            "midtvejsstatus er ikke registreret (midterm-sent); fristen var %(day)s", day=owed.legal_on
        )
        yield Missing("midterm", text, owed.cite[0], "ssu", warning=True)


def _nominal_end(standing: Standing) -> Iterator[Missing]:
    """No law fixes an end; without a named one the final status has no date."""
    rule = standing.agreement.regime.rule("final-order")
    if rule and standing.without_end:
        text = phrase(
            "aftalens udløb er ikke aftalt og registreret, så slutstatus har ingen dato (nominal-end)"
        )
        yield Missing("nominal-end", text, rule.cite[0], "ssu", warning=True)
