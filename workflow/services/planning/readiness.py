"""What stands between an agreement and the next thing it must send to the Health Authority. Read-only and pure.

Until it is submitted that is the agreement itself, afterwards its final status. Only what the agreement's own regime
has a provision for is asked for (``provisions`` in ``calendars/regimes/*.toml``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.errors import NotPossible
from workflow.language import noted, phrase
from workflow.lifecycle.text import Version
from workflow.rules.days import spoken
from workflow.rules.endings import GONE_SAID
from workflow.rules.facts import Fact
from workflow.services.facts.intake import national_goals
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

OVER = ("withdrawn", "superseded", "lapsed")


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: a word for machines, Danish words, the provision and who can clear it.

    ``who`` is a council's code, a cluster's id, or ``ssu``, ``regional-council``, ``piu``. A ``warning`` stops nothing.
    """

    need: str
    text: str
    cite: str
    who: str
    warning: bool = False


def next_sending(standing: Standing) -> str:
    """``"submission"``, or ``"final"`` once the newest text is with the Health Authority or approved by it."""
    current = standing.course.current
    return (
        "final" if current and (current.with_authority or current.state == "sst_approved") else "submission"
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
        day = noted("%(day)s") if ends.confirmed_on else noted("senest %(day)s")
        gone = phrase(day, day=ends.gone_on)
        text = phrase("reglerne er ophævet fra %(gone)s; intet skal indsendes", gone=gone)
        return [Missing("law", text, ends.cite, "")]
    if ends and sending == "submission" and standing.submission_gone:
        said = (
            phrase("%(gone)s for reglerne (%(days)s)", gone=GONE_SAID, days=ends.days_said)
            if not ends.confirmed_on
            else phrase("bortfaldet med reglerne")
        )
        text = phrase("pligten til at indsende er %(said)s; intet skal indsendes", said=said)
        return [Missing("law", text, ends.cite, "")]
    if sending == "final":
        return [*_final(standing), *_nominal_end(standing)]
    return [*_involvement(standing, rulebook), *_content(standing), *_annexes(standing), *_metadata(standing, rulebook),
            *_approvals(standing), *_nominal_end(standing)]  # fmt: skip


def fit_to_send(standing: Standing, rulebook: Rulebook) -> bool:
    """Whether what must stand in the agreement and come with it is there (O-32, O-33): else nothing is announced as
    ready (N-11)."""
    return not _beside_the_text(standing, rulebook)


def unheard(standing: Standing, rulebook: Rulebook) -> list[Missing]:
    """Those who must be heard and were not, and the goals that must stand in the text and do not."""
    found = [*_involvement(standing, rulebook), *_content(standing)]
    return [missing for missing in found if not missing.warning]


def sent_without(after: Standing, rulebook: Rulebook, fact: Fact) -> list[str]:
    """What a text was sent without to the councils or the Authority, in Danish; ``after`` is the agreement with it. It
    stops nothing."""
    if fact.event not in ("sent-for-approval", "submitted"):
        return []
    beside = _beside_the_text(after, rulebook) if fact.event == "submitted" else []
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


def _involvement(standing: Standing, rulebook: Rulebook) -> Iterator[Missing]:
    """The patient committee before drafting (O-14) and on the draft (O-23), and every cluster's input (O-21)."""
    cite, noted = standing.agreement.regime.cite, standing.course.noted
    if provision := cite("piu-meeting"):
        met, begun = _first(standing, "piu-meeting-held"), _begun_on(standing)
        if met is None:
            text = phrase(
                "mødet med patientinddragelsesudvalget om forventninger og indhold er ikke registreret "
                "(piu-meeting-held)"
            )
            yield Missing("piu-meeting", text, provision, "ssu")
        elif begun and met > begun:
            text = phrase(
                "patientinddragelsesudvalget blev først indkaldt %(late)s, efter at udkastet var begyndt %(first)s",
                late=met, first=begun)  # fmt: skip
            yield Missing("piu-meeting", text, provision, "ssu", warning=True)
    if provision := cite("cluster-input"):
        heard = {fact.about for fact in noted["cluster-input"]}
        for cluster in rulebook.clusters_of(standing.agreement.region, standing.as_of):
            if cluster.id not in heard:
                text = phrase(
                    "%(cluster)s har ikke givet sit bidrag (cluster-input --about %(id)s)",
                    cluster=cluster.name, id=cluster.id)  # fmt: skip
                yield Missing("cluster-input", text, provision, cluster.id)
    if provision := cite("consultation"):
        yield from _consultation(standing, provision)


def _consultation(standing: Standing, provision: str) -> Iterator[Missing]:
    """A hearing that is over; a revision needs one of its own, a text only renegotiated does not."""
    first = max((fact.version or 1 for fact in standing.course.noted["revision-opened"]), default=1)
    heard = [v for v in standing.course.versions if v.closes_on and v.number >= first]
    if not heard:
        if first > 1:
            text = phrase(
                "patientinddragelsesudvalget er ikke hørt om den reviderede aftale (consultation-opened)")  # fmt: skip
        else:
            text = phrase("patientinddragelsesudvalget er ikke hørt om udkastet (consultation-opened)")
        yield Missing("consultation", text, provision, "ssu")
    elif all(version.state == "in_consultation" for version in heard):
        ends_on = spoken(heard[-1].closes_on) if heard[-1].closes_on else ""
        yield Missing(
            "consultation", phrase("høringen slutter først %(ends_on)s", ends_on=ends_on), provision, "ssu"
        )


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
    if course.current is None or course.current.state in OVER:
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
    if current and current.state == "withdrawn" and not current.missing:
        text = phrase("version %(number)s er trukket tilbage; indsend den igen, eller send en ny version til "
                      "godkendelse i rådene", number=current.number)  # fmt: skip
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
    """The final status contains the midterm status (O-62)."""
    provision = standing.agreement.regime.cite("final-includes-midterm")
    unsent = standing.course.tables.report.target(standing.course.final, "sent") is not None
    if provision and unsent and standing.course.midterm == "scheduled":
        text = phrase("slutstatus skal indeholde midtvejsstatus, og den er ikke registreret (midterm-sent)")
        yield Missing("midterm", text, provision, "ssu")


def _nominal_end(standing: Standing) -> Iterator[Missing]:
    """No law fixes an end; without a named one the final status has no date (trap 3)."""
    rule = standing.agreement.regime.rule("final-order")
    if rule and standing.course.nominal_end is None:
        text = phrase(
            "aftalens udløb er ikke aftalt og registreret, så slutstatus har ingen dato (nominal-end)"
        )
        yield Missing("nominal-end", text, rule.cite[0], "ssu", warning=True)


def _first(standing: Standing, event: str) -> date | None:
    return min((fact.on for fact in standing.course.noted[event]), default=None)


def _begun_on(standing: Standing) -> date | None:
    """The day the first text was begun: by its own fact, or by the first step that shows it exists."""
    begins = ("drafting-opened", "consultation-opened", "endorsed", "sent-for-approval")
    return min((day for event in begins if (day := _first(standing, event))), default=None)
