"""Whether those who must be heard of a text were: the patient committee and the clusters; and what the end of the
rules leaves to be sent. Read-only and pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.language import noted, phrase
from workflow.rules.days import spoken
from workflow.rules.endings import Ending, between, state_of
from workflow.rules.timeline import Deadline
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

_SENT = frozenset(("submitted", "midterm-sent", "final-sent"))  # to the Authority
_SHOW_A_TEXT = ("consultation-opened", "endorsed", "sent-for-approval")
"""Steps that show that a draft existed; when it was begun only ``drafting-opened`` says."""


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


def after_the_end(standing: Standing, ends: Ending, sending: str) -> list[Missing]:
    """What is left to be sent once the rules are gone: nothing that fell due from that day on. Whether what was due
    before and was not sent is still owed, no text read says: each such duty is named with what it is."""
    day = noted("fra %(day)s") if ends.confirmed_on else noted("senest fra %(day)s")
    gone, regime = phrase(day, day=ends.gone_on), standing.agreement.regime
    sent = {rule.id for rule in regime.deadlines if _SENT.intersection(rule.met_by)}
    owed = [one for one in standing.deadlines if one.id in sent and _unmet(one, standing.as_of)]
    if owed:
        said = [Missing("law", phrase("reglerne er ophævet %(gone)s", gone=gone), ends.cite, "")]
        for one in owed:
            values = {"title": one.title, "day": one.legal_on, "state": state_of(one, "", standing.as_of)}
            text = phrase(
                "%(title)s, %(day)s: %(state)s. Om pligten stadig består, er ikke afklaret", **values
            )
            said.append(Missing("unmet", text, one.cite[0], ""))
        return said
    text = (
        phrase("reglerne er ophævet %(gone)s; slutstatus skal ikke længere sendes", gone=gone)
        if sending != "submission" and regime.rule("final-order")
        else phrase("reglerne er ophævet %(gone)s; intet skal indsendes", gone=gone)
    )
    return [Missing("law", text, ends.cite, "")]


def _unmet(one: Deadline, as_of: date) -> bool:
    return one.status == "breached" or between(one, as_of)


def involvement(standing: Standing, rulebook: Rulebook) -> Iterator[Missing]:
    """The patient committee before drafting (O-14) and on the draft (O-23), and every cluster's input (O-21)."""
    cite, noted = standing.agreement.regime.cite, standing.course.noted
    if provision := cite("piu-meeting"):
        yield from _before_drafting(standing, provision)
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


def _before_drafting(standing: Standing, provision: str) -> Iterator[Missing]:
    """The meeting with the patient committee of the term before its draft. A text that follows one that was
    submitted was not begun without: what was lacking then is a mark, and a later meeting is another one."""
    current = standing.course.current
    if current and (current.revision or current.answers is not None):
        return
    ends_on = standing.agreement.term.ends_on
    met = min((f.on for f in standing.course.noted["piu-meeting-held"] if f.on <= ends_on), default=None)
    if met is None:
        text = phrase(
            "mødet med patientinddragelsesudvalget om forventninger og indhold er ikke registreret "
            "(piu-meeting-held)"
        )
        yield Missing("piu-meeting", text, provision, "ssu")
        return
    begun, shown = _first(standing, "drafting-opened"), _first(standing, *_SHOW_A_TEXT)
    first, said = min(
        (day, words)
        for day, words in (
            (begun or date.max, noted("efter at udkastet var begyndt %(first)s")),
            (shown or date.max, noted("efter at der forelå et udkast %(first)s")),
        )
    )
    if met > first:
        text = phrase(
            "patientinddragelsesudvalget blev først indkaldt %(late)s, %(after)s",
            late=met, after=phrase(said, first=first),
        )  # fmt: skip
        yield Missing("piu-meeting", text, provision, "ssu", warning=True)


def _first(standing: Standing, *events: str) -> date | None:
    return min((fact.on for event in events for fact in standing.course.noted[event]), default=None)
