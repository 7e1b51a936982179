"""The rules that were broken on an agreement's way, each kept for its life with the step that broke it.

What happened is recorded though it broke a rule; the mark is what remains of the rule. Marks are worked out from the
facts each time, so a fact that was only typed in late takes its mark away again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TypedDict

from workflow.errors import NotPossible
from workflow.language import noted, phrase
from workflow.lifecycle.course import Mark
from workflow.rules.days import spoken
from workflow.rules.endings import DOUBT, SURE, Ending
from workflow.services.planning.readiness import unheard
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

REVIEW = "annual-review-held"
CONFIRMED = ("drafting-opened", "consultation-opened", "adopted", "submitted", "sst-refused", "final-sent")
"""Steps that a rule forbids as they are: they are recorded once a person says that it happened all the same. Of a
submission it is what nothing recorded shows was there: the hearing, the goals, the clusters' part."""

_UNRECORDED = {
    "cluster-input": noted("bidrag fra %(clusters)s"),
    "piu-meeting": phrase("mødet med patientinddragelsesudvalget før udkastet"),
    "consultation": phrase("en afsluttet høring af patientinddragelsesudvalget"),
    "goals": phrase("aftalens fælles mål"),
    "national-goals": phrase("de nationale mål, som aftalens mål er knyttet til,"),
}


def marks(standing: Standing, rulebook: Rulebook) -> list[Mark]:
    """Every rule that was broken, in the order it was, each once: what is missing at the submission because it was
    missing at the draft is one breach."""
    found = [*standing.course.marks, *_at_submission(standing, rulebook), *_at_review(standing, rulebook)]
    order = {fact: index for index, fact in enumerate(standing.story.steps)}
    first: dict[tuple[str, str, int], Mark] = {}
    for mark in sorted(found, key=lambda one: order[one.fact]):
        year = (
            mark.fact.value.year if mark.fact.event == REVIEW else 0
        )  # each year's review is a duty of its own
        first.setdefault((mark.need, mark.cite, year), mark)
    return [told for mark in first.values() if (told := _under_the_rules(standing.ends, mark))]


def _under_the_rules(ends: Ending | None, mark: Mark) -> Mark | None:
    """The mark, with the doubt where the rules may have been gone on the day of the step; none where they were, since
    then nothing was broken. All marks are of provisions that end with the agreement's rules."""
    zone = ends.zone(mark.fact.on) if ends else SURE
    if zone == DOUBT:
        return replace(mark, text=phrase("%(broken)s, hvis reglen gjaldt den dag", broken=mark.text))
    return mark if zone == SURE else None


def must_be_confirmed(after: Standing, rulebook: Rulebook, number: int) -> None:
    """:class:`NotPossible` where fact ``number`` broke a rule, with the rule and how to record it all the same."""
    broken = [mark for mark in marks(after, rulebook) if mark.fact.no == number]
    if broken:
        event = broken[0].fact.event
        said = "; ".join(f"{mark.text} ({mark.cite})" for mark in broken)
        raise NotPossible(
            phrase(
                "%(event)s bryder en regel: %(said)s. Skete det alligevel, så bekræft det (--confirm); så "
                "registreres det, og bruddet bliver stående med sin hjemmel",
                event=event,
                said=said,
            ),
            broken[0].cite,
        )


def told(mark: Mark, events: Mapping[str, str]) -> str:
    """A mark in one sentence, without its full stop: the day, the step that broke the rule by its name in ``events``
    where the text does not say it, and the rule."""
    step = "" if mark.fact.event == "submitted" else f", {events[mark.fact.event]}"
    return f"{spoken(mark.fact.on, False)}{step}: {mark.text}"


class MarkJson(TypedDict):
    """A mark: the number, event and day of the fact that broke a rule, and which."""

    fact: int
    event: str
    on: str
    need: str
    text: str
    cite: str
    who: str


def marks_json(standing: Standing, rulebook: Rulebook) -> list[MarkJson]:
    """As ``status``, ``ready`` and the API give them."""
    return [
        {
            "fact": mark.fact.no, "event": mark.fact.event, "on": mark.fact.on.isoformat(), "need": mark.need,
            "text": mark.text, "cite": mark.cite, "who": mark.who,
        }
        for mark in marks(standing, rulebook)
    ]  # fmt: skip


def _at_submission(standing: Standing, rulebook: Rulebook) -> Iterator[Mark]:
    """What nothing in the journal shows was there when a text was submitted: those who must be heard, and what must
    stand in it (O-14, O-21 to O-23). One mark a provision. It says *not recorded*: whether it was done, nobody here
    knows. What was sent and then taken back had been sent all the same."""
    for fact in (step for step in standing.story.steps if step.event == "submitted"):
        lacking: dict[tuple[str, str, str], list[str]] = {}
        for lack in unheard(standing.told(fact), rulebook):
            owner = "" if lack.need == "cluster-input" else lack.who
            lacking.setdefault((lack.need, lack.cite, owner), []).append(lack.who)
        for (need, cite, who), whose in lacking.items():
            names = listed([cluster.name for cluster in rulebook.clusters if cluster.id in whose])
            said = phrase(_UNRECORDED[need], clusters=names)
            yield Mark(fact, need, phrase("indsendt, uden at %(said)s er registreret", said=said), cite, who)


def _at_review(standing: Standing, rulebook: Rulebook) -> Iterator[Mark]:
    """The clusters whose dialogue with the committee is not recorded before a year's review, where the order of that
    day wanted it (O-56): from the review before on, and of no more than a year."""
    before, of = date.min, 0
    for fact in standing.story.named(REVIEW):
        if (year := fact.value.year) == of:
            continue  # the same year's review once more, as when it is told later what it found
        then = standing.told(fact)
        if provision := then.agreement.regime.cite("cluster-dialogue"):
            since = max(before, fact.on - timedelta(days=366))
            dialogues = then.course.noted["cluster-dialogue"]
            held = {one.about for one in dialogues if since < one.on <= fact.on}
            clusters = rulebook.clusters_of(then.agreement.region, fact.on)
            if missing := [cluster.name for cluster in clusters if cluster.id not in held]:
                said = phrase(
                    "dialogen med %(clusters)s forud for gennemgangen er ikke registreret",
                    clusters=listed(missing),
                )
                yield Mark(fact, "cluster-dialogue", said, provision, "ssu")
        before, of = fact.on, year


def listed(names: list[str]) -> str:
    """``"A, B og C"``."""
    return " og ".join(part for part in (", ".join(names[:-1]), names[-1] if names else "") if part)
