"""What a secretariat should be prompted about though no law gives it a date: replies, hearings, receipts,
publication, meetings, rosters.

A prompt has the shape of a deadline so that the same ladder serves both, but it is never listed as one, is never
*overdue* and stops by itself once it is done, once it is old, or once the law has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.language import full, phrase
from workflow.rules.anchors import Step
from workflow.rules.found import PRACTICE
from workflow.rules.timeline import Deadline
from workflow.services.due.councildays import of_calendars
from workflow.services.due.ending import patients, standing_alone, unsettled, wind_down
from workflow.services.due.once import once
from workflow.services.due.prompt import STALE_DAYS, asked, asked_from, begun_on, year_ends
from workflow.services.due.quotas import quotas, read
from workflow.services.due.regionends import REGION_ENDS, region_ends
from workflow.services.due.tasks import new_term, tasks
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

RECEIPT_DAYS = 5  # business days before a missing receipt is chased


@once
def prompts(standing: Standing, rulebook: Rulebook) -> list[Deadline]:
    """Everything worth a prompt for this agreement on its day."""
    ended = standing.course.law_ended
    if ended and standing.as_of >= ended.value:
        return [*wind_down(standing, rulebook), *standing_alone(standing, rulebook)]
    found = [*_replies(standing, rulebook), *of_calendars(standing, rulebook)]
    found += [*_hearing(standing, rulebook), *_receipt(standing, rulebook)]
    found += [*_publication(standing, rulebook), *_before_drafting(standing, rulebook)]
    if standing.carries:
        found += [*_yearly(standing, rulebook), *new_term(standing, rulebook)]
        found += region_ends(standing, rulebook)
    found += tasks(standing, rulebook)
    if standing.course.period in ("in_force", "hold_over"):
        found += [*_watch(standing, rulebook), *_hold_over(standing, rulebook)]
    return [
        *[prompt for prompt in found if not _without_law(standing, prompt)],
        *unsettled(standing, rulebook),
    ]


def _without_law(standing: Standing, prompt: Deadline) -> bool:
    """Whether the rule a prompt rests on is gone by its day, whatever is true. What the parties agreed is no rule; but
    no council is asked for its answer once the rules behind it are gone, as after an end that was confirmed."""
    ends = standing.agreement.regime.ends
    alone = {rule.cite for rule in standing.agreement.regime.quotas if rule.stands_alone}
    if ends is None or prompt.cite[0] in alone or prompt.id == REGION_ENDS:
        return False
    lapsed = bool(prompt.legal_on and ends.lapsed(prompt.legal_on))
    if prompt.duty == "agreed":
        return ends.lapsed(standing.as_of) and prompt.id == "council-reply"
    return ends.lapsed(standing.as_of) or lapsed


def unpublished(standing: Standing, subject: str) -> list[str]:
    """Codes of the parties that have not confirmed publication of ``v1``, ``midterm`` or ``final``."""
    if subject.startswith("v"):
        done = standing.course.published("agreement", int(subject[1:]))
    else:
        done = standing.course.published(subject)
    return [party.code for party in standing.agreement.parties if party.code not in done]


def _replies(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The date councils are asked to answer by: as the secretariat asked, or else the submission's own date."""
    current = standing.course.current
    if current is None or current.sent_on is None or current.state not in ("in_council_approval", "blocked"):
        return
    if standing.story.ended_on:
        return  # the next agreement has taken over
    submission = standing.submission_due
    by = current.reply_by or (submission.legal_on if submission else None)
    if by is None:
        return
    cite = standing.agreement.regime.cite("unanimity")
    sent = phrase(
        "Version %(number)s blev sendt til rådene %(sent_on)s",
        number=current.number,
        sent_on=full(current.sent_on),
    )
    if current.reply_by:
        wanted = Step(
            phrase("Rådene er bedt om at svare senest %(by)s", by=full(by)),
            by,
            phrase("brevet til rådene"),
            "start",
        )
    else:
        text = phrase(
            "Rådene er ikke bedt om svar en bestemt dag; de skal have godkendt, før aftalen indsendes senest %(by)s",
            by=full(by),
        )
        wanted = Step(text, by, cite, "start")
    yield asked(
        standing, rulebook.days, "council-reply", f"v{current.number}", phrase("Svar fra rådene"), by,
        Step(sent, current.sent_on, phrase("journalen")), wanted,
        duty="agreed" if current.reply_by else "shall", since=current.sent_on,
    )  # fmt: skip


def _hearing(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    current = standing.course.current
    if current and current.closes_on and current.state in ("in_consultation", "consultation_closed"):
        closes = full(current.closes_on)
        text = (
            phrase("Høringen slutter %(day)s kl. %(at)s", day=closes, at=current.closes_at.replace(":", "."))
            if current.closes_at
            else phrase("Høringen slutter %(day)s", day=closes)
        )
        step = Step(text, current.closes_on, phrase("høringsbrevet"), "start")  # the law sets no length
        yield asked(
            standing, rulebook.days, "consultation", f"v{current.number}", phrase("Høringen slutter"),
            current.closes_on, step, duty="agreed",
        )  # fmt: skip


def _receipt(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """A receipt is waited for where the course knows of one: what is sent for information has none."""
    current, texts = standing.course.current, standing.agreement.regime.course.machine("version")
    receives = texts is not None and any(step.event == "received" for step in texts.steps)
    if receives and current and current.state == "submitted" and current.submitted_on:
        on = rulebook.days.add(current.submitted_on, RECEIPT_DAYS)
        cite = standing.agreement.regime.cite("receive")
        sent = Step(
            phrase("Aftalen blev sendt %(submitted_on)s", submitted_on=full(current.submitted_on)),
            current.submitted_on,
            phrase("journalen"),
        )
        words = standing.agreement.regime.words
        title = words.phrase("Kvittering fra %(authority)s")
        text = words.phrase(
            "%(Authority)s kvitterer for modtagelsen; er intet registreret efter %(days)s hverdage, "
            "spørges der %(day)s",
            days=RECEIPT_DAYS,
            day=full(on),
        )
        yield asked(
            standing, rulebook.days, "receipt", f"v{current.number}", title, on, sent,
            Step(text, on, cite, "start"),
        )  # fmt: skip


def _publication(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    cite = standing.agreement.regime.cite("publish")
    if not cite:
        return
    document = standing.agreement.regime.words.document.definite
    due: list[tuple[str, str, date]] = [
        (
            f"v{version.number}",
            phrase("%(document)s, version %(number)s", document=document, number=version.number),
            version.due_public_on,
        )
        for version in standing.course.versions
        if version.due_public_on and not standing.story.ended_on  # what was replaced binds nobody
    ]
    for report, called in (("midterm", phrase("midtvejsstatus")), ("final", phrase("slutstatus"))):
        due += [(report, called, fact.on) for fact in standing.course.noted[f"{report}-sent"]]
    since = standing.agreement.regime.binds_from(
        "publish"
    )  # nobody was asked by guidance that was not there yet
    for subject, name, done_on in due:
        on = max(done_on, since)
        fresh = standing.as_of <= on + timedelta(days=STALE_DAYS)
        if fresh and unpublished(standing, subject):
            time = standing.agreement.regime.times.get("publish", "")
            text = (
                phrase(
                    "Regionen og hver kommune lægger %(name)s på sin egen hjemmeside; reglerne siger »%(time)s«",
                    name=name, time=time,
                )
                if time
                else phrase(
                    "Regionen og hver kommune lægger %(name)s på sin egen hjemmeside; loven sætter ingen dato",
                    name=name,
                )
            )  # fmt: skip
            step = Step(text, on, cite, "start")
            yield asked(
                standing,
                rulebook.days,
                "publication",
                subject,
                phrase("Offentliggørelse af %(name)s", name=name),
                on,
                step,
                day=begun_on(on),
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
        text = phrase("Patientinddragelsesudvalget skal indkaldes til et møde, før udkastet påbegyndes")
        step = Step(text, on, cite, "start")
        title = phrase("Møde med patientinddragelsesudvalget")
        before = phrase("Der spørges et år før fristen for indsendelse: %(day)s", day=full(on))
        day = Step(before, on, PRACTICE)
        yield asked(standing, rulebook.days, "piu-before-drafting", "", title, on, step, day=day)


def _yearly(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The year's meetings. An end that nobody has confirmed silences none of them: it is said."""
    year = standing.as_of.year
    last = date(year, 12, 31)
    for quota in quotas(standing, rulebook, year):
        on = quota.asked_by(standing.as_of)
        if quota.about != "piu" and quota.state(standing.as_of) == "at_risk":
            text = phrase(
                "%(quota)s: %(held)s holdt, %(planned)s planlagt i %(year)s; mindst %(minimum)s",
                quota=quota.name,
                held=quota.held,
                planned=quota.planned,
                year=year,
                minimum=quota.minimum,
            )
            step = Step(text, on, quota.cite, "start")
            title = phrase("Møder i %(quota)s", quota=quota.name)
            found = asked(
                standing, rulebook.days, "meetings", f"{quota.about}@{year}", title, on, step,
                duty="shall", since=quota.asked_from(standing.as_of), day=year_ends(year) if on == last else None,
            )  # fmt: skip
            yield read(found, quota)
        elif quota.about == "piu" and quota.state(standing.as_of) == "at_risk":
            yield patients(standing, rulebook, quota)
    yield from _invitation(standing, rulebook, last)


def _invitation(standing: Standing, rulebook: Rulebook, last: date) -> Iterator[Deadline]:
    """The committee's yearly invitation to the patient committee (O-15), which the guidance alone asks for."""
    cite = standing.agreement.regime.cite("piu-yearly-invitation")
    invited = [fact for fact in standing.of_committees("piu-invited") if fact.on.year == last.year]
    if cite and not invited:
        text = phrase(
            "Patientinddragelsesudvalget inviteres i %(year)s til et møde om samarbejdet", year=last.year
        )
        title = phrase("Årligt møde med patientinddragelsesudvalget")
        step = Step(text, last, cite, "start")
        day = year_ends(last.year)
        yield asked(standing, rulebook.days, "piu-yearly", str(last.year), title, last, step, day=day)


def _watch(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The year's economic agreements and acts, which may ask for a revision (O-65)."""
    year = standing.as_of.year
    june, in_force_from = date(year, 6, 1), standing.course.effective_on
    regime = standing.agreement.regime
    cite = regime.cite("revision")
    holds = standing.course.period == "in_force" or regime.cite(
        "in-force"
    )  # else nothing says that it still does
    if cite and holds and in_force_from and in_force_from <= june:
        text = phrase(
            "Økonomiaftaler, nationale aftaler og nye love kan stille krav, som aftalen skal rette sig efter"
        )
        yield asked(
            standing, rulebook.days, "watch", str(year), phrase("Årets økonomiaftaler og nye love"), june,
            Step(text, june, cite, "start"), day=asked_from(june),
        )  # fmt: skip


def _hold_over(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    end = standing.course.nominal_end
    if standing.course.period == "hold_over" and end:
        cite = standing.agreement.regime.cite("in-force")
        holds = (
            phrase(
                "Aftalens aftalte udløb er passeret (%(value)s); den gælder, til en ny træder i kraft",
                value=end.value,
            )
            if cite
            else phrase(
                "Aftalens aftalte udløb er passeret (%(value)s); der er ikke fundet en regel om, at den gælder imens",
                value=end.value,
            )
        )
        title = phrase("Aftalen gælder fortsat") if cite else phrase("Aftalens aftalte udløb er passeret")
        step = Step(holds, end.value, cite, "start")
        yield asked(standing, rulebook.days, "hold-over", "", title, end.value, step)
