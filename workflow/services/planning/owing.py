"""What is owed: every notice that ought to exist for one agreement at an instant, with its key and its facts.

Three sources: rungs of deadlines and prompts, things that happened, and dates that moved. Deterministic, and
nothing is written here; ``reminders.py`` writes it down. What had its day before it was entered here is *history* and
waits for a person's word (``history.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from itertools import chain

from workflow.lifecycle.text import TACIT
from workflow.mail.writing.facts import LetterFacts
from workflow.rules.facts import Fact
from workflow.rules.ladder import LetterRule, Rung, owed
from workflow.rules.silence import SIGNED
from workflow.rules.timeline import Deadline
from workflow.services.planning import history as past
from workflow.services.planning.counting import TOLD, ladder, placed, states, timed, times_told, to_come
from workflow.services.planning.hushed import before_its_state, outrun, quiet
from workflow.services.planning.letterfacts import Telling, letter_facts
from workflow.services.planning.moves import TAKES_BACK, by_authority, ended_told, mistakes_told, move_told
from workflow.services.planning.occasions import happened, needing, prompted, tells
from workflow.services.planning.recipients import expand, stands_for, there, unheard_of
from workflow.services.planning.since import rung_of
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass, field

NEWS_LATE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Owed:
    """A notice that ought to exist: its key, to whom, and what it is written from."""

    key: str
    letter: LetterRule
    deadline: Deadline | None
    event: bool
    rung: str
    recipient: str
    due_on: date
    late: bool
    past: Callable[[], bool] = field(
        repr=False, compare=False
    )  # costs another fold: asked of what is new only
    write: Callable[[], LetterFacts] = field(repr=False, compare=False)
    """Works out what it is written from: only what is new is written, so only that is worked out."""

    @property
    def history(self) -> bool:
        """Whether it waits for a person's word before it goes."""
        return self.past()

    @property
    def facts(self) -> LetterFacts:
        """What it is written from, as plain JSON values."""
        return self.write()


def owed_now(
    rulebook: Rulebook,
    standing: Standing,
    today: date,
    by: date,
    known: Mapping[str, str],
    ever: bool = False,
) -> Iterator[Owed]:
    """Every notice owed for one agreement on the Danish day ``today``; reminders only to the day ``by``, whose send
    hour has come. ``known`` maps the keys already planned to their state: it tells whether an old date was told.
    ``ever`` counts what happened however long ago it could first be told."""
    oldest = date.min if ever else today - timedelta(days=past.NEWS_DAYS)
    rungs = list(
        owed(ladder(standing, rulebook), rulebook.letters, rulebook.days, states(standing, rulebook), by)
    )
    news = [fact for fact in standing.story.steps if fact.heard_on >= oldest]
    found = chain(_of_rungs(standing, rulebook, rungs, today, by, known), *(
        _moved(standing, rulebook, letter, today, oldest, known) if letter.name == "deadline-moved"
        else _retracted(standing, rulebook, letter, today, oldest, known) if letter.name in TAKES_BACK
        else _happened(standing, rulebook, letter, today, oldest, news)
        for letter in rulebook.letters
    ))  # fmt: skip
    yield from unheard_of(standing, rulebook, found, known)


def owed_early(
    rulebook: Rulebook, standing: Standing, today: date, until: date, known: Mapping[str, str]
) -> Iterator[Owed]:
    """The reminders that fall after ``today`` and by ``until``, told as of today: for a person who will not wait for
    them. What only comes about by then is not among them."""
    rungs = [rung for rung in to_come(rulebook, standing, today) if rung.due_on <= until]
    for rung in rungs:
        yield from _of_rungs(standing, rulebook, [rung], today, rung.due_on, known)


def _of_rungs(
    standing: Standing, rulebook: Rulebook, rungs: Sequence[Rung], today: date, by: date, known: Mapping[str, str]
) -> Iterator[Owed]:  # fmt: skip
    told = cache(partial(times_told, known))
    for rung in rungs:
        if before_its_state(standing, rulebook, rung):
            continue
        more: Telling = {"tell": rung.deadline, "rung": rung.name, **timed(standing, rung, today)}
        more |= prompted(standing, rulebook, rung.letter, rung.deadline)
        old = cache(partial(_rung_of_the_past, standing, rulebook, rung, by))
        day = rung.deadline.legal_on or rung.due_on
        for recipient in expand(standing, rulebook, rung.letter.to, rung.deadline):
            if not there(rulebook, recipient, day) or quiet(standing, rung, recipient, known):
                continue
            if outrun(standing, rulebook, rung, recipient, rungs):
                continue
            date_ = f"r{rung.deadline.revision}@{rung.deadline.legal_on}"
            place = rung.deadline.id, rung.deadline.subject, date_, rung.letter.name, recipient
            told_of = more | placed(rung, told, place)
            yield _owed(standing, rulebook, rung.letter, recipient, today, rung.deadline, old, told_of)


def _happened(
    standing: Standing, rulebook: Rulebook, letter: LetterRule, today: date, oldest: date, news: Sequence[Fact]
) -> Iterator[Owed]:  # fmt: skip
    """Letters about something that happened: a fact of the letter's event, or a state a version reached. ``news`` is
    what could first be told on the day ``oldest`` or later."""
    for fact in news:  # what was corrected before anybody was told is not told
        if tells(standing, rulebook, letter, fact):
            to = needing(standing, fact, expand(standing, rulebook, letter.to))
            yield from _about(standing, rulebook, letter, fact, to, today)
    for silence in standing.story.silences if letter.state == TACIT else ():
        if past.silence_heard_on(standing, silence) >= oldest:
            to = expand(standing, rulebook, letter.to)
            yield from _about(standing, rulebook, letter, silence, to, today)
    current = standing.course.current
    if current and letter.state in states(standing, rulebook) and current.decided_on:
        reached_on = max(current.decided_on.values())
        if past.decided_heard_on(standing, current.number, reached_on) >= oldest:
            deadline = standing.submission_due
            more: Telling = {
                "tell": deadline,
                "rung": f"v{current.number}@{reached_on}",
                "due_on": reached_on,
            }
            old = cache(partial(past.state_of_the_past, standing, letter.state, reached_on))
            for recipient in expand(standing, rulebook, letter.to):
                yield _owed(standing, rulebook, letter, recipient, today, deadline, old, more)


def _about(
    standing: Standing, rulebook: Rulebook, letter: LetterRule, fact: Fact, to: list[str], today: date
) -> Iterator[Owed]:
    """One letter about ``fact`` to each of ``to``, told from the day of the fact whenever it is written."""
    rung, late = rung_of(fact), (today - fact.on).days > NEWS_LATE_DAYS
    entered_late = (
        partial(past.silence_of_the_past, standing, fact) if not fact.no else partial(bool, fact.entered_late)
    )
    old = cache(entered_late)

    @cache
    def then() -> Standing:
        return standing.told(fact)

    def write(recipient: str) -> LetterFacts:
        told = happened(then(), standing, rulebook, fact, letter) | {
            "rung": rung,
            "due_on": fact.on,
            "late": late,
        }
        return letter_facts(then(), rulebook, recipient, today, **told)

    for recipient in to:
        key = "|".join((standing.agreement.key, "||r0@", letter.name, rung, recipient))
        told = partial(write, recipient)
        yield Owed(key, letter, None, True, rung, recipient, fact.on, late, old, told)


def _rung_of_the_past(standing: Standing, rulebook: Rulebook, rung: Rung, by: date) -> bool:
    """Whether the rung had its day before what it follows from was entered here."""
    then = past.without_late(standing, rung.due_on)
    if then is None or then is standing:
        return then is None
    rungs = owed(ladder(then, rulebook), rulebook.letters, rulebook.days, states(then, rulebook), by)
    return _named(rung) not in [_named(one) for one in rungs]


def _named(rung: Rung) -> tuple[str, str, str, date | None, int]:
    deadline = rung.deadline
    return rung.letter.name, deadline.id, deadline.subject, deadline.legal_on, rung.offset


def _moved(
    standing: Standing,
    rulebook: Rulebook,
    letter: LetterRule,
    today: date,
    oldest: date,
    known: Mapping[str, str],
) -> Iterator[Owed]:
    """The letter that a date has moved: to everyone when SST moved it, else to whoever had been told the old date.

    SST's act is told even when the duty is done already (N-13: to all parties, at once), and so is its correction to
    whoever was told of it; the letter then says that nothing is owed. Any other move of a done duty is no news.
    """
    signed = {fact.known_on for fact in standing.story.named(SIGNED)}
    for deadline in standing.deadlines:
        if deadline.revision < 2 or deadline.changed_on is None or deadline.legal_on is None:
            continue
        if deadline.changed_on in signed:
            continue  # told by the letter about the reading
        if past.moved_heard_on(standing, deadline.changed_on) < oldest or not (
            deadline.open or deadline.met_on
        ):
            continue
        deviation = by_authority(deadline)
        if deadline.met_on and not deviation and deadline.id != "submission":
            continue
        everyone = expand(standing, rulebook, letter.to) if deviation else []
        more: Telling = {"rung": "moved", "due_on": deadline.changed_on}
        old = cache(partial(past.move_of_the_past, standing, deadline))
        write = partial(_move_written, rulebook, today, more, cache(partial(move_told, standing, deadline)))
        earlier = _told_earlier(standing, deadline, known, letter.name if deadline.met_on else "")
        for recipient in dict.fromkeys([*everyone, *earlier]):
            yield _owed(standing, rulebook, letter, recipient, today, deadline, old, more, write)


def _move_written(
    rulebook: Rulebook, today: date, more: Telling, told: Callable[[], tuple[Standing, Telling]], recipient: str
) -> LetterFacts:  # fmt: skip
    then, moved = told()
    return letter_facts(then, rulebook, recipient, today, **more | moved)


def _retracted(
    standing: Standing, rulebook: Rulebook, letter: LetterRule, today: date, oldest: date, known: Mapping[str, str]
) -> Iterator[Owed]:  # fmt: skip
    """The letter that a confirmed end of the rules was taken back, to whoever had been told of it; and the letter that
    takes back another that told what a correction has undone."""
    told_of = ended_told if letter.name == "regime-retracted" else mistakes_told
    for fact, about, told in told_of(standing, rulebook, today, known):
        if fact.heard_on < oldest:
            continue
        more: Telling = {"rung": f"fact{fact.no}", "due_on": fact.on, **about}
        old = partial(bool, fact.entered_late)
        for to in dict.fromkeys(stands_for(standing, rulebook, one) for one in told):
            yield _owed(standing, rulebook, letter, to, today, None, old, more)


def _told_earlier(
    standing: Standing, deadline: Deadline, known: Mapping[str, str], letter: str = ""
) -> list[str]:
    """Functions to whom an earlier date of this deadline has gone out, in ``letter`` where one is named."""
    stem = f"{standing.agreement.key}|{deadline.id}|{deadline.subject}|r"
    told = []
    for key, state in known.items():
        if key.startswith(stem) and state in TOLD:
            revision, _, rest = key.removeprefix(stem).partition("@")
            _, told_in, *_, recipient = rest.split("|")
            if revision.isdigit() and int(revision) < deadline.revision and letter in ("", told_in):
                told.append(recipient)
    return told


def _owed(
    standing: Standing, rulebook: Rulebook, letter: LetterRule, recipient: str, today: date,
    deadline: Deadline | None, old: Callable[[], bool], more: Telling,
    write: Callable[[str], LetterFacts] | None = None,
) -> Owed:  # fmt: skip
    rung = more["rung"]
    event = rung.startswith(("fact", "v"))  # the event is the duty, whatever its date does meanwhile
    about = "||r0@"
    if deadline and not event:
        about = f"{deadline.id}|{deadline.subject}|r{deadline.revision}@{deadline.legal_on}"
    key = "|".join((standing.agreement.key, about, letter.name, rung, recipient))
    return Owed(
        key, letter, deadline, event, rung, recipient, more["due_on"], more.get("late", False), old,
        partial(write, recipient) if write else partial(letter_facts, standing, rulebook, recipient, today, **more),
    )  # fmt: skip
