"""A region's own settings of its letters: tried out before they are kept, kept with a line in the journal, undone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from workflow.errors import Conflict, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.writing.words import clean, trin
from workflow.rules.ladder import APART, LetterRule
from workflow.rules.words import NEUTRAL
from workflow.services.people.contacts.mailboxes import WrongFields
from workflow.services.planning.counting import to_come
from workflow.services.planning.owing import owed_now
from workflow.services.planning.recipients import expand
from workflow.services.planning.reminders import known_notices
from workflow.storage.database import reading, writing
from workflow.storage.facts import projection
from workflow.storage.facts.acts import Act, acts_of, record_act
from workflow.storage.law.lawfiles import TERM
from workflow.storage.law.lettersettingrows import put_in
from workflow.storage.law.lettersettings import Choice, Set, set_in, try_in
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.bundles import put_down, take_apart
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass

ROOM = "letters"  # of the journal of acts
AHEAD = timedelta(days=90)
MOST_RUNGS, LONGEST_OWN = 12, 600
_SOON = date(1, 1, 1)
_UNWRITTEN = ("planned", "ready", "refused")


@dataclass(frozen=True, slots=True)
class Change:
    """A reminder of the next 90 days that settings bring or take away; ``place`` is its day before or after its date,
    in words, ``to`` how many functions it goes to."""

    on: date
    agreement: str
    letter: str
    about: str
    place: str
    to: int
    comes: bool


def chosen(engine: Engine, rulebook: Rulebook, region: str) -> Set:
    """What the region has set; :class:`workflow.errors.NotFound` for an unknown region."""
    rulebook.region(region)
    with reading(engine) as session:
        return set_in(session, region)


def letter_of(rulebook: Rulebook, name: str) -> LetterRule:
    """The kind of letter, as the calendars have it; :class:`NotFound` for any other name."""
    found = next((letter for letter in rulebook.letters if letter.name == name), None)
    if found is None:
        raise NotFound(phrase("der er intet brev af det navn"))
    return found


def history_of(engine: Engine, region: str) -> list[Act]:
    """Who set what; the newest first."""
    with reading(engine) as session:
        return acts_of(session, ROOM, [region], 10)


def seen(said: Set) -> str:
    """What a form carries, so that nobody overwrites what another changed meanwhile."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def read_choice(letter: LetterRule, typed: Mapping[str, str]) -> Choice:
    """What a form says of one letter: ``on`` ("1" or empty), ``before`` and ``after`` (days, in any order), ``own``.
    What is as the calendars have it is left out. :class:`WrongFields` with a Danish sentence for each field."""
    wrong: dict[str, str] = {}
    own = " ".join(clean(one) for one in typed.get("own", "").splitlines() if clean(one))
    if len(own) > LONGEST_OWN:
        wrong["own"] = phrase(
            "Skriv højst %(longest_own)s tegn; afsnittet står midt i brevet.", longest_own=LONGEST_OWN
        )
    said: Choice = {"own": own} if own else {}
    if letter.optional:
        if typed.get("on", "") != "1":
            said["off"] = True
        if letter.at:
            at = [-day for day in _days(typed, "before", wrong)] + [
                day for day in _days(typed, "after", wrong) if day
            ]
            at = sorted(set(at))
            if not wrong:
                _refuse(at, said, wrong)
            if at != list(letter.at) and not wrong and at:
                said["at"] = at
    if wrong:
        raise WrongFields(wrong)
    return said


def _days(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> list[int]:
    words = typed.get(name, "").replace(",", " ").replace(" og ", " ").replace(";", " ").split()
    if not all(one.isascii() and one.isdigit() and int(one) <= TERM for one in words):
        wrong[name] = phrase("Skriv antal dage, fx 30, 14, 7. Hver højst %(term)s.", term=TERM)
        return []
    return [int(one) for one in words]


def _refuse(at: list[int], said: Choice, wrong: dict[str, str]) -> None:
    if not at and not said.get("off"):
        wrong["before"] = phrase("Skriv mindst én dag, eller slå påmindelsen fra.")
    elif len(at) > MOST_RUNGS:
        wrong["before"] = phrase("Skriv højst %(most_rungs)s dage i alt.", most_rungs=MOST_RUNGS)
    elif any(later - earlier < APART for earlier, later in pairwise(at)):
        wrong["before"] = phrase(
            "Ingen får en påmindelse to dage i træk: Lad der være mindst to dage mellem dem."
        )


def differences(engine: Engine, rulebook: Rulebook, region: str, said: Set, today: date) -> list[Change]:
    """Which reminders of the next 90 days would come or go, were ``said`` what the region has set; by day. Nothing is
    written. Letters about what happens are not foreseen."""
    with reading(engine) as session:
        before = _foreseen(session, rulebook, region, today)
    with reading(engine) as session:
        try_in(session, region, said)
        after = _foreseen(session, rulebook, region, today)
    found = [Change(*what, to, False) for what, to in (before - after).items()]
    found += [Change(*what, to, True) for what, to in (after - before).items()]
    return sorted(found, key=lambda one: (one.on, one.agreement, one.letter, one.comes))


def _foreseen(
    session: Session, rulebook: Rulebook, region: str, today: date
) -> Counter[tuple[date, str, str, str, str]]:
    found: Counter[tuple[date, str, str, str, str]] = Counter()
    for row in _rows(session, region):
        standing = projection.load(session, rulebook, row, today)
        rules, known = standing.rules, known_notices(session, row)
        for rung in to_come(rules, standing, today):
            if rung.due_on <= today + AHEAD:
                to = expand(standing, rules, rung.letter.to, rung.deadline)
                what = (
                    rung.due_on,
                    row.key,
                    NEUTRAL.said(rung.letter.title.da),
                    rung.deadline.title,
                    trin(rung.name),
                )
                found[what] += len(to)
        for one in owed_now(rules, standing, today, today, known):
            if one.key not in known and not one.event and one.deadline:
                found[
                    today, row.key, NEUTRAL.said(one.letter.title.da), one.deadline.title, trin(one.rung)
                ] += 1
    return found


def _rows(session: Session, region: str) -> list[AgreementRow]:
    return list(session.scalars(select(AgreementRow).where(col(AgreementRow.region) == region)))


def choose(
    engine: Engine, rulebook: Rulebook, region: str, name: str, choice: Choice, by: str, at: datetime,
    was: str = "",
) -> Set:  # fmt: skip
    """Keep ``choice`` (:func:`read_choice`) for one letter of the region. Its reminders that wait and no longer stand
    on the ladder are cancelled, and the region's agreements are planned anew at the next pass. ``was`` is :func:`seen`
    of what the person looked at: :class:`Conflict` where somebody changed it meanwhile."""
    letter_of(rulebook, name)
    with writing(engine) as session:
        before = set_in(session, region)
        after = {key: value for key, value in before.items() if key != name}
        after |= {name: choice} if choice else {}
        if after == before:
            return before
        if was and was != seen(before):
            raise Conflict(
                phrase("indstillingerne er ændret af en anden imens; se dem igen, og ret det, der mangler")
            )
        _keep(session, rulebook, region, before, after, by, at)
        return after


def undo(engine: Engine, rulebook: Rulebook, region: str, by: str, at: datetime) -> Set:
    """Put back what stood before the newest change, as a change of its own. Letters cancelled by it stay so.
    :class:`NotPossible` where nothing was ever set."""
    with writing(engine) as session:
        newest = next(iter(acts_of(session, ROOM, [region], 1)), None)
        if newest is None:
            raise NotPossible(phrase("der er ingen ændring at fortryde"))
        after: Set = newest.told["was"]  # type: ignore[assignment]
        _keep(session, rulebook, region, set_in(session, region), after, by, at)
        return after


def _keep(
    session: Session, rulebook: Rulebook, region: str, before: Set, after: Set, by: str, at: datetime
) -> None:
    put_in(session, region, after)
    record_act(session, ROOM, region, "changed", {"was": before, "becomes": after}, by, at)
    session.execute(update(AgreementRow).where(col(AgreementRow.region) == region).values(wake_on=_SOON))
    rows = {row.id: row for row in _rows(session, region)}
    ladders = {letter.name: letter for letter in rulebook.letters if letter.at and letter.optional}
    touched = [name for name in ladders if before.get(name) != after.get(name)]
    waiting = select(Notice).where(
        col(Notice.agreement_id).in_(rows), col(Notice.letter).in_(touched),
        col(Notice.state).in_((*_UNWRITTEN, "carried")),
    )  # fmt: skip
    for notice in session.scalars(waiting).all():
        said = after.get(notice.letter, {})
        stands = [f"{day:+d}d" for day in said.get("at") or ladders[notice.letter].at]
        if said.get("off") or notice.rung not in stands:
            _cancel(session, notice.id or 0, phrase("slået fra i regionens indstillinger af %(by)s", by=by))


def _cancel(session: Session, number: int, why: str) -> None:
    take_apart(session, number)
    here = (col(Notice.id) == number, col(Notice.state).in_(_UNWRITTEN))
    if session.execute(update(Notice).where(*here).values(state="cancelled", why=why)).rowcount:  # type: ignore[attr-defined]
        put_down(session, number)
