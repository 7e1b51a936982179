"""What has changed since it was told: a date that moved, an end of the rules and a step that turned out a mistake; who
had been told of it, and what the letter that says so is written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from workflow.lifecycle.course import COUNCIL_EVENTS
from workflow.mail.writing.factparts import MovedFacts
from workflow.rules.anchors.revisions import MOVERS
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline
from workflow.services.due.ending import taken_back
from workflow.services.planning.counting import TOLD
from workflow.services.planning.letterfacts import Telling
from workflow.services.planning.occasions import clock_of, event_facts
from workflow.services.planning.since import since
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

TAKES_BACK = ("regime-retracted", "mistake-taken-back")
"""The letters that go to whoever had been told what a correction has undone, and to nobody else."""
_BY_THE_AUTHORITY = ("received", "info-requested", "refusal-discussed", "sst-approved", "sst-refused")
_SAME = ("event", "on", "due", "version", "council", "about")
Undone = tuple[Fact, Telling, list[str]]
"""A correction, what the letter about it tells, and the functions that had been told what it undoes."""


def by_authority(deadline: Deadline) -> bool:
    """Whether the authority moved the date, by a departure from it."""
    return any(step.kind == "moved" for step in deadline.why)


def mover(standing: Standing, deadline: Deadline) -> Fact | None:
    """The step that moved ``deadline`` to where it is; ``None`` where no step did, as when one was corrected."""
    learnt = [
        fact for fact in standing.facts if fact.known_on == deadline.changed_on and fact.event in MOVERS
    ]
    newest = max(learnt, key=lambda fact: fact.no, default=None)
    return newest if newest in standing.story.steps else None


def move_told(standing: Standing, deadline: Deadline) -> tuple[Standing, Telling]:
    """The standing that the letter is told from, and what it tells of the move: of the day of the step that moved the
    date, with what has happened since apart; of today where there is no such step, or that day knew another date."""
    fact = mover(standing, deadline)
    then = standing.told(fact) if fact else standing
    moved = then.deadline(deadline.id, deadline.subject)
    if fact is None or moved is None or moved.legal_on != deadline.legal_on:
        return standing, {"tell": deadline, "moved": _moved(standing, deadline)}
    return then, {
        "tell": moved,
        "moved": _moved(then, moved),
        "ahead": [deadline],
        "since": since(standing, fact),
        "over": moved.open and not deadline.open,
    }


def _moved(standing: Standing, deadline: Deadline) -> MovedFacts:
    """Where the date was and is, and who moved it: the authority, rules that were taken on, or what it counts from."""
    taken = [fact for fact in standing.story.named("rules-accepted") if fact.known_on == deadline.changed_on]
    sst = by_authority(deadline)
    cites = [step.cite for step in deadline.why if step.kind in ("moved", "start")]
    return {
        "from": deadline.previous_on.isoformat() if deadline.previous_on else None,
        "to": deadline.legal_on.isoformat() if deadline.legal_on else "",
        "on": deadline.changed_on.isoformat() if deadline.changed_on else "",
        "source": taken[-1].source if taken and not sst else cites[-1],
        "by": "sst" if sst else "rules" if taken else "",
        "met_on": deadline.met_on.isoformat() if deadline.met_on else None,
    }


def ended_told(
    standing: Standing, _rulebook: Rulebook, today: date, known: Mapping[str, str]
) -> Iterator[Undone]:
    """Each confirmed end of the rules that was taken back. ``known``: keys of the letters planned, and their states."""
    for fact, ended in taken_back(standing, today):
        if ended.event == "regime-confirmed":
            stem, day = f"{standing.agreement.key}|regime-ended||", f"@{ended.due}|"
            told = [k.split("|")[-1] for k in known if k.startswith(stem) and day in k and known[k] in TOLD]
            yield fact, {"event": event_facts(standing, fact) | {"due": ended.value.isoformat()}}, told


def mistakes_told(
    standing: Standing, rulebook: Rulebook, today: date, known: Mapping[str, str]
) -> Iterator[Undone]:
    """Each step that a correction has undone, once for each letter that told it: its own, or the one that said that
    every council had approved. What was recorded again word for word is none. ``known`` as :func:`ended_told`."""
    titles = {letter.name: letter.title.da for letter in rulebook.letters if letter.name not in TAKES_BACK}
    for fact, wrong in taken_back(standing, today):
        if any(
            all(getattr(one, name) == getattr(wrong, name) for name in _SAME) for one in standing.story.steps
        ):
            continue
        letters: dict[str, list[str]] = {}
        for key, state in known.items():
            *_, letter, rung, recipient = key.split("|")
            if state in TOLD and letter in titles and _tells(standing, wrong, rung.partition("~")[0]):
                letters.setdefault(letter, []).append(recipient)
        seen: set[str] = set()
        for letter, told in letters.items():
            title = standing.agreement.regime.words.said(titles[letter])
            yield fact, _mistake(standing, fact, wrong, title), [one for one in told if one not in seen]
            seen |= set(told)


def _tells(standing: Standing, wrong: Fact, rung: str) -> bool:
    """Whether a letter of this rung told ``wrong``, or what followed from it alone."""
    if rung == f"fact{wrong.no}":
        return True
    version = standing.course.version(wrong.version or 0)
    counted = wrong.event in COUNCIL_EVENTS and version and not version.approved_by(wrong.council or "")
    return bool(counted and rung.startswith(f"v{wrong.version}@"))


def _mistake(standing: Standing, fact: Fact, wrong: Fact, title: str) -> Telling:
    """What was said, and what stands now: the day on which it did happen, the text and the date that is open again."""
    again = [one for one in standing.story.steps if one.no > wrong.no and _of_one_kind(one, wrong)]
    event = event_facts(standing, fact) | {
        "undone": {
            "title": title,
            "on": wrong.on.isoformat(),
            "again": again[-1].on.isoformat() if again else None,
        }
    }
    tell = None
    if wrong.event in _BY_THE_AUTHORITY:
        tell = clock_of(standing, wrong.version)
    elif wrong.event in (*COUNCIL_EVENTS, "submitted", "sent-for-approval"):
        tell = standing.submission_due
    return {"event": event, "version": wrong.version, "tell": tell if tell and tell.open else None}


def _of_one_kind(one: Fact, other: Fact) -> bool:
    return (one.event, one.version, one.council, one.about) == (
        other.event,
        other.version,
        other.council,
        other.about,
    )
