"""What a secretariat should be prompted about though no law gives it a date: replies, hearings, receipts,
publication, meetings, rosters.

A prompt has the shape of a deadline so that the same ladder serves both, but it is never listed as one, is never
*overdue* and stops by itself once it is done, once it is old, or once the law has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.rules.anchors import Step
from workflow.rules.days import BusinessDays, spoken
from workflow.rules.timeline import Deadline
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook

STALE_DAYS = (
    122  # publication asked for on the day, after 14 and after 30 days; then a person has been told enough
)
RECEIPT_DAYS = 5  # business days before a missing receipt is chased


@dataclass(frozen=True, slots=True)
class Quota:
    """How one body's meetings of a calendar year stand against the minimum (law.md 3e)."""

    about: str
    name: str
    year: int
    held: int
    planned: int
    minimum: int
    cite: str
    rules_end_on: date | None = None

    def state(self, on: date) -> str:
        """``lapsed`` where the rules do not last the year out or have ended since; else ``ok``, ``at_risk`` or, once
        the year is over, ``missed``."""
        if self.rules_end_on and self.rules_end_on <= max(on, date(self.year, 12, 31)):
            return "lapsed"
        if self.held >= self.minimum or (on.year == self.year and self.held + self.planned >= self.minimum):
            return "ok"
        return "at_risk" if on.year <= self.year else "missed"


def prompts(standing: Standing, rulebook: Rulebook) -> list[Deadline]:
    """Everything worth a prompt for this agreement on its day."""
    ended = standing.course.law_ended
    if ended and standing.as_of >= ended.value:
        return list(_wind_down(standing, rulebook))
    found = [*_replies(standing, rulebook), *_hearing(standing, rulebook), *_receipt(standing, rulebook)]
    found += [*_publication(standing, rulebook), *_before_drafting(standing, rulebook)]
    if standing.course.period in ("in_force", "hold_over"):
        found += [
            *_yearly(standing, rulebook),
            *_new_term(standing, rulebook),
            *_hold_over(standing, rulebook),
        ]
    return found


def quotas(standing: Standing, rulebook: Rulebook, year: int) -> list[Quota]:
    """Every body of the region with a minimum of meetings; empty under a regime that fixes none."""
    bodies = [
        ("ssu", "ssu", standing.agreement.regime.committee),
        ("piu", "piu", "patientinddragelsesudvalget"),
    ]
    for cluster in rulebook.clusters_of(standing.agreement.region, standing.as_of):
        bodies += [
            (f"{cluster.id}:political", "political", f"det politiske niveau i {cluster.name}"),
            (f"{cluster.id}:professional", "professional", f"det faglige niveau i {cluster.name}"),
        ]
    found = []
    rules = {rule.body: rule for rule in standing.agreement.regime.quotas}
    for about, kind, name in bodies:
        if rule := rules.get(kind):
            noted = standing.course.noted
            held = [f for f in noted["meeting-held"] if f.about == about and f.on.year == year]
            if about == "piu":
                held += [f for f in noted["piu-meeting-held"] if f.on.year == year]
            ahead = [f for f in noted["meeting-planned"] if f.about == about and f.value.year == year]
            coming = sum(f.value > standing.as_of for f in ahead)
            found.append(
                Quota(about, name, year, len(held), coming, rule.minimum, rule.cite, standing.rules_end_on)
            )
    return found


def unpublished(standing: Standing, subject: str) -> list[str]:
    """Codes of the parties that have not confirmed publication of ``v1``, ``midterm`` or ``final``."""
    if subject.startswith("v"):
        done = standing.course.published("agreement", int(subject[1:]))
    else:
        done = standing.course.published(subject)
    return [party.code for party in standing.agreement.parties if party.code not in done]


def _prompt(
    standing: Standing, days: BusinessDays, prompt: str, subject: str, title: str, on: date, *steps: Step,
    duty: str = "none", since: date | None = None,
) -> Deadline:  # fmt: skip
    ends = standing.agreement.regime.ends
    return Deadline(
        prompt, subject, title, duty, "secretariat", "upcoming", on, days.on_or_before(on), None, None, 1,
        (steps[-1].cite,), steps, bool(ends and ends.doubtful(on)), since,
    )  # fmt: skip


def _replies(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The date councils are asked to answer by: agreed between the parties, or else the submission's own date."""
    current = standing.course.current
    if current is None or current.sent_on is None or current.state not in ("in_council_approval", "blocked"):
        return
    submission = standing.deadline("resubmission") or standing.deadline("submission")
    by = current.reply_by or (submission.legal_on if submission else None)
    if by is None:
        return
    cite = standing.agreement.regime.cite("unanimity")
    sent = f"Version {current.number} blev sendt til rådene {spoken(current.sent_on)}"
    if current.reply_by:
        asked = Step(
            f"Parterne har aftalt, at rådene svarer senest {spoken(by)}",
            by,
            "aftale mellem parterne",
            "start",
        )
    else:
        text = "Der er ikke aftalt en svarfrist; rådene skal have godkendt, før aftalen indsendes senest "
        asked = Step(text + spoken(by), by, cite, "start")
    yield _prompt(
        standing, rulebook.days, "council-reply", f"v{current.number}", "Svar fra rådene", by,
        Step(sent, current.sent_on, "journalen"), asked,
        duty="agreed" if current.reply_by else "shall", since=current.sent_on,
    )  # fmt: skip


def _hearing(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    current = standing.course.current
    if current and current.closes_on and current.state in ("in_consultation", "consultation_closed"):
        at = f" kl. {current.closes_at}" if current.closes_at else ""
        cite = standing.agreement.regime.cite("consultation")
        step = Step(f"Høringen slutter {spoken(current.closes_on)}{at}", current.closes_on, cite, "start")
        yield _prompt(
            standing, rulebook.days, "consultation", f"v{current.number}", "Høringen slutter", current.closes_on, step,
            duty="agreed",
        )  # fmt: skip


def _receipt(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    current = standing.course.current
    if current and current.state == "submitted" and current.submitted_on:
        on = rulebook.days.add(current.submitted_on, RECEIPT_DAYS)
        cite = standing.agreement.regime.cite("receive")
        sent = Step(f"Aftalen blev sendt {spoken(current.submitted_on)}", current.submitted_on, "journalen")
        text = "Sundhedsstyrelsen kvitterer for modtagelsen; er intet registreret efter "
        text += f"{RECEIPT_DAYS} hverdage, spørges der"
        yield _prompt(
            standing, rulebook.days, "receipt", f"v{current.number}", "Kvittering fra Sundhedsstyrelsen", on, sent,
            Step(text, on, cite, "start"),
        )  # fmt: skip


def _publication(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    cite = standing.agreement.regime.cite("publish")
    if not cite:
        return
    due: list[tuple[str, str, date]] = [
        (f"v{version.number}", f"sundhedsaftalen, version {version.number}", version.submitted_on)
        for version in standing.course.versions
        if version.submitted_on
    ]
    for report, name in (("midterm", "midtvejsstatus"), ("final", "slutstatus")):
        due += [(report, name, fact.on) for fact in standing.course.noted[f"{report}-sent"]]
    for subject, name, on in due:
        fresh = standing.as_of <= on + timedelta(days=STALE_DAYS)
        if fresh and unpublished(standing, subject):
            text = f"Regionen og hver kommune lægger {name} på sin egen hjemmeside; loven sætter ingen dato"
            step = Step(text, on, cite, "start")
            yield _prompt(
                standing, rulebook.days, "publication", subject, f"Offentliggørelse af {name}", on, step
            )


def _before_drafting(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The meeting with PIU that must come before drafting starts, every term (O-14)."""
    cite, submission = standing.agreement.regime.cite("piu-meeting"), standing.deadline("submission")
    if not cite or standing.course.current or standing.course.noted["piu-meeting-held"]:
        return
    if submission and submission.legal_on:
        on = submission.legal_on - timedelta(days=365)
        if standing.as_of > on + timedelta(days=STALE_DAYS):
            return
        text = "Patientinddragelsesudvalget skal indkaldes til et møde, før udkastet påbegyndes"
        step = Step(text, on, cite, "start")
        title = "Møde med patientinddragelsesudvalget"
        yield _prompt(standing, rulebook.days, "piu-before-drafting", "", title, on, step)


def _yearly(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    year = standing.as_of.year
    last = date(year, 12, 31)
    ends = standing.agreement.regime.ends
    if ends and ends.doubtful(
        last
    ):  # the seats lapsed with the term, and no text read renews the bodies (law.md 5)
        return
    for quota in quotas(standing, rulebook, year):
        if quota.about != "piu" and quota.state(standing.as_of) == "at_risk":
            text = (
                f"{quota.name}: {quota.held} holdt, {quota.planned} planlagt i {year}; mindst {quota.minimum}"
            )
            step = Step(text, last, quota.cite, "start")
            yield _prompt(
                standing, rulebook.days, "meetings", f"{quota.about}@{year}", f"Møder i {quota.name}", last, step,
                duty="shall",
            )  # fmt: skip
        elif quota.about == "piu" and not quota.held:
            step = Step(
                f"Patientinddragelsesudvalget mødes mindst én gang i {year}", last, quota.cite, "start"
            )
            title = "Årligt møde med patientinddragelsesudvalget"
            yield _prompt(standing, rulebook.days, "piu-yearly", str(year), title, last, step)
    june, in_force_from = date(year, 6, 1), standing.course.effective_on
    cite = standing.agreement.regime.cite("revision")
    if cite and in_force_from and in_force_from <= june:
        text = (
            "Økonomiaftaler, nationale aftaler og nye love kan stille krav, som aftalen skal rette sig efter"
        )
        yield _prompt(
            standing, rulebook.days, "watch", str(year), "Årets økonomiaftaler og nye love", june,
            Step(text, june, cite, "start"),
        )  # fmt: skip


def _new_term(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Rosters lapse with the election term; the new committees constitute themselves (O-01 to O-09)."""
    ends_on = standing.agreement.term.ends_on
    cite = standing.agreement.regime.cite("committee-term")
    if not cite or not ends_on - timedelta(days=62) <= standing.as_of <= ends_on + timedelta(days=182):
        return
    step = Step(
        f"Valgperioden slutter {spoken(ends_on)}; alle pladser og kontakter bortfalder",
        ends_on,
        cite,
        "start",
    )
    if standing.as_of <= ends_on:
        yield _prompt(
            standing, rulebook.days, "rosters", "", "Udvalg og kontaktlister udløber", ends_on, step
        )
    starts_on = ends_on + timedelta(days=1)
    new_term = next((term.label for term in rulebook.law.terms if term.starts_on == starts_on), "")
    if new_term and not any(
        f.about == "ssu" and f.on >= starts_on for f in standing.course.noted["meeting-held"]
    ):
        text = f"Den nye valgperiode begynder {spoken(starts_on)}; loven sætter ingen dato for de nye udvalg"
        new = Step(text, starts_on, standing.agreement.regime.cite("committee") or cite, "start")
        yield _prompt(
            standing, rulebook.days, "constitution", new_term, "Nye udvalg nedsættes", starts_on, new
        )


def _hold_over(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    end = standing.course.nominal_end
    if standing.course.period == "hold_over" and end:
        cite = standing.agreement.regime.cite("in-force")
        text = f"Aftalens aftalte udløb er passeret ({spoken(end.value, False)}); den gælder, til en ny træder i kraft"
        step = Step(text, end.value, cite, "start")
        yield _prompt(standing, rulebook.days, "hold-over", "", "Aftalen gælder fortsat", end.value, step)


def _wind_down(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """That the rules have ended: told from the day both have come, the end and the confirmation of it, since an end
    is mostly looked up after it has passed. The date stays the law's."""
    ended = standing.course.law_ended
    if ended is None:
        return
    tellable_on = rulebook.days.on_or_after(max(ended.value, ended.known_on or ended.value))
    if standing.as_of <= tellable_on + timedelta(days=STALE_DAYS):
        ends = standing.agreement.regime.ends
        cites = dict.fromkeys(part for part in (ends.cite if ends else "", ended.source) if part)
        cite = "; ".join(cites) or "journalen"
        text = f"Reglerne er ophævet fra {spoken(ended.value)}; åbne pligter er bortfaldet"
        step = Step(text, ended.value, cite, "start")
        prompt = _prompt(
            standing, rulebook.days, "regime-ended", "", "Reglerne er ophævet", ended.value, step
        )
        yield replace(prompt, aim_on=tellable_on)
