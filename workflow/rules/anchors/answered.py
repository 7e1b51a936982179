"""Anchors that stand in what an authority or somebody else did: its receipt, its refusal, a fact of its own."""

from __future__ import annotations

from datetime import date

from workflow.language import full, phrase
from workflow.rules.agreement import Agreement
from workflow.rules.anchors.counting import cite, counted, met, source
from workflow.rules.facts import DONE, NOTICES, Fact
from workflow.rules.found import Found, Step
from workflow.rules.obligation import DeadlineRule
from workflow.rules.story import Story


def from_receipt(agreement: Agreement, rule: DeadlineRule, story: Story) -> list[Found]:
    """A date for each submission, from its receipt or, until that is confirmed, from the sending. Where silence
    approves there is none before the receipt: nobody may take a text for approved on a guess."""
    submissions, words = story.named("submitted"), agreement.regime.words
    if not submissions:
        step = Step(
            words.phrase(
                "%(Document.short)s er ikke %(submit.done)s; fristen regnes fra %(authority.genitive)s modtagelse"
            ),
            None,
            cite(rule),
        )
        return [Found(rule, "", None, (step,))]
    found = []
    for sent in submissions:
        received = next((f for f in story.named("received") if f.version == sent.version), None)
        if received:
            start = Step(
                words.phrase(
                    "%(Authority)s modtog %(document.short)s %(day)s; modtagelsesdagen tælles ikke med",
                    day=full(received.value),
                ),
                received.value,
                source(received),
                "start",
            )
        elif agreement.regime.tacit_approval:
            found.append(_unreceived(agreement, rule, story, sent))
            continue
        else:
            start = Step(
                words.phrase(
                    "%(Document.short)s blev sendt %(day)s. Modtagelsen er ikke bekræftet, så der regnes "
                    "foreløbigt herfra",
                    day=full(sent.on),
                ),
                sent.on,
                source(sent),
                "start",
            )
        assert start.on is not None
        on, steps = counted(rule, start.on)
        subject = _subject(story, sent)
        since = (received or sent).known_on
        answers = [fact for fact in story.steps if fact.version == sent.version]
        done = met(rule, story, answers)
        if done is None and (done := story.silence(sent.version)):
            text = words.phrase(
                "%(Authority)s har ikke svaret inden fristen; %(document.short)s anses for godkendt"
            )
            steps.append(Step(text, done.on, agreement.regime.cite("tacit-approval")))
        found.append(Found(rule, subject, on, (start, *steps), done, since))
    return found


def _subject(story: Story, sent: Fact) -> str:
    return "" if sent is story.first("submitted") else f"v{sent.version}"


def _unreceived(agreement: Agreement, rule: DeadlineRule, story: Story, sent: Fact) -> Found:
    step = Step(
        agreement.regime.words.phrase(
            "%(Document.short)s blev sendt %(day)s. Fristen regnes fra modtagelsen, og den er ikke bekræftet, så "
            "tavshed godkender endnu intet",
            day=full(sent.on),
        ),
        None,
        cite(rule),
    )
    done = met(rule, story, [fact for fact in story.steps if fact.version == sent.version])
    return Found(rule, _subject(story, sent), None, (step,), done, sent.known_on)


def named(agreement: Agreement, rule: DeadlineRule, story: Story) -> list[Found]:
    """The day that each refusal names."""
    found, words = [], agreement.regime.words
    refusals = [fact for fact in story.named("sst-refused") if fact.due]
    for refusal in refusals:
        step = Step(
            words.phrase(
                "%(Authority)s afslog den %(day)s at godkende %(document.short)s og satte ny frist til %(due)s",
                day=refusal.on,
                due=full(refusal.value),
            ),
            refusal.value,
            f"{cite(rule)}; {source(refusal)}",
            "start",
        )
        later = [fact for fact in story.steps if (fact.version or 0) > (refusal.version or 0)]
        subject = "" if refusal is refusals[0] else f"v{refusal.version}"
        found.append(Found(rule, subject, refusal.value, (step,), met(rule, story, later), refusal.known_on))
    return found


def from_facts(agreement: Agreement, rule: DeadlineRule, story: Story) -> list[Found]:
    """One date for each fact of the rule's event: the day it sets, or a length from the day it happened. Only a later
    step about the same thing fulfils it. No length runs from a day before the order that sets it."""
    found: list[Found] = []
    for fact in story.named(rule.due.event):
        if not (fact.due or rule.due.add):
            continue  # somebody was told of it, and no day was given
        start = fact.on if rule.due.add and fact.event in NOTICES else fact.value
        first = max(rule.due.since or date.min, agreement.regime.in_force_on if rule.due.add else date.min)
        if not first <= start <= (rule.due.until or date.max):
            continue
        if rule.due.add:
            text = phrase("Der regnes fra %(day)s", day=full(start))
        elif fact.about:
            text = phrase("Der er sat en dato for »%(what)s«: %(day)s", what=fact.about, day=full(start))
        else:
            text = phrase("Der er sat en dato: %(day)s", day=full(start))
        on, steps = counted(rule, start)
        later = [
            one
            for one in story.after(fact)
            if (one.about == fact.about or one.event == DONE) and (one.version or 99) >= (fact.version or 0)
        ]
        begun = Step(text, start, f"{cite(rule)}; {source(fact)}", "start")
        subject = "" if not found else f"nr{fact.no}"
        done = met(rule, story, later)
        found.append(Found(rule, subject, on, (begun, *steps), done, fact.known_on, words=fact.about))
    return found
