"""Writing into the register of a hearing: parties, answers, remarks, what becomes of them, and what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.lifecycle.spoken import the_day
from workflow.mail.writing.words import clean
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.services.hearing.register import (
    ASKED,
    DECIDED,
    REMARKED,
    ROOM,
    Party,
    Register,
    mail_address,
    register_in,
)
from workflow.services.planning.superseding import supersede
from workflow.storage.database import Writable, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.acts import Act, record_act
from workflow.storage.facts.documents import Attached, keep
from workflow.storage.facts.heard import ANSWERED, STRUCK
from workflow.storage.law.rulebook import Rulebook

MOST, MOST_NAME = 4000, 200  # characters of a remark or a reason, and of a name
_TWICE = timedelta(minutes=10)  # the same words again within this were sent twice


def add_party(
    engine: Writable, rulebook: Rulebook, key: str, name: str, on: date, by: str, at: datetime, *, email: str = "",
    private: bool = False, version: int | None = None,
) -> int:  # fmt: skip
    """Add somebody who was asked on that Danish day: the act's number. ``private``: a person, whose name is not
    published. :class:`Invalid` for no name, a day to come or before the hearing, or an address that is none;
    :class:`Conflict` for a name that is there."""

    def told(session: Session, register: Register) -> Mapping[str, object]:
        said = _words(phrase("navnet"), name, MOST_NAME)
        if any(one.name.casefold() == said.casefold() for one in register.parties):
            raise Conflict(phrase("%(party)s står allerede blandt høringsparterne", party=said))
        if not register.opened.on <= on <= danish_day(at):
            raise Invalid(
                phrase(
                    "dagen skal ligge fra %(opened)s, da høringen åbnede, til %(today)s",
                    opened=register.opened.on, today=danish_day(at),
                )
            )  # fmt: skip
        return {"name": said, "on": on.isoformat(), "email": mail_address(email), "private": private}

    return _write(engine, rulebook, key, version, ASKED, told, by, at)


def take_answer(
    engine: Writable, rulebook: Rulebook, key: str, party: str, on: date, clock: str, by: str, at: datetime, *,
    source: str = "", attached: Attached | None = None, version: int | None = None,
) -> int:  # fmt: skip
    """Enter that ``party`` (its id) answered on that Danish day at that Danish ``clock`` (``HH:MM``), with the file
    where there is one. An answer after the hearing's end is taken, and marked. :class:`Invalid` for an instant that is
    to come, was before the hearing or never was; :class:`NotFound` for a party that is not there."""
    came = _instant(on, clock)

    def told(session: Session, register: Register) -> Mapping[str, object]:
        _party(register, party)
        if came > at:
            raise Invalid(phrase("%(day)s kl. %(clock)s er ikke kommet endnu", day=the_day(on), clock=clock))
        if on < register.opened.on:
            raise Invalid(phrase("høringen åbnede først %(day)s", day=the_day(register.opened.on)))
        digest = keep(session, attached, at) if attached else ""
        return {
            "party": party, "at": came.isoformat(),
            "source": _words(phrase("kilden"), source, MOST_NAME, may_be_empty=True),
            "document": digest, "file": clean(attached.name)[:MOST_NAME] if attached else "",
        }  # fmt: skip

    return _write(engine, rulebook, key, version, ANSWERED, told, by, at)


def add_remark(
    engine: Writable, rulebook: Rulebook, key: str, party: str, text: str, by: str, at: datetime, *, where: str = "",
    version: int | None = None,
) -> int:  # fmt: skip
    """Enter one remark of a party as an item; ``where`` is the place in the draft it is about. :class:`NotPossible`
    where the party has not answered."""

    def told(session: Session, register: Register) -> Mapping[str, object]:
        sender = _party(register, party)
        if not register.answers_of(party):
            raise NotPossible(phrase("%(party)s har ikke svaret; skriv svaret ind først", party=sender.name))
        place = _words(phrase("stedet"), where, MOST_NAME, may_be_empty=True)
        return {"party": party, "where": place, "text": _words(phrase("bemærkningen"), text, MOST)}

    return _write(engine, rulebook, key, version, REMARKED, told, by, at)


def decide(
    engine: Writable, rulebook: Rulebook, key: str, item: int, taken: bool, because: str, by: str, at: datetime, *,
    version: int | None = None,
) -> int:  # fmt: skip
    """Say what becomes of the remark with that number in the hearing; again, and the last holds. :class:`Invalid`
    where it is not taken and nobody says why; :class:`NotFound` for a remark that is not there."""

    def told(session: Session, register: Register) -> Mapping[str, object]:
        remark = next((one for one in register.remarks if one.item == item), None)
        if remark is None:
            raise NotFound(phrase("høringen har ingen bemærkning nr. %(number)s", number=item))
        if not taken and not clean(because):
            raise Invalid(phrase("skriv, hvorfor bemærkningen ikke er taget med"))
        return {
            "remark": remark.number,
            "taken": taken,
            "because": _words(phrase("grunden"), because, MOST, may_be_empty=True),
        }

    return _write(engine, rulebook, key, version, DECIDED, told, by, at)


def strike(
    engine: Writable, rulebook: Rulebook, key: str, number: int, why: str, by: str, at: datetime, *,
    version: int | None = None,
) -> int:  # fmt: skip
    """Strike out the line with that number of the journal of acts, because it was wrong; both stay. :class:`NotFound`
    for a line that is not this hearing's or is struck out, :class:`NotPossible` where another rests on it."""

    def told(session: Session, register: Register) -> Mapping[str, object]:
        reason = _words(phrase("begrundelsen"), why, MOST_NAME)
        struck = {int(str(act.told["number"])) for act in register.acts if act.what == STRUCK}
        line = next(
            (a for a in register.acts if a.no == number and a.no not in struck and a.what != STRUCK), None
        )
        if line is None:
            raise NotFound(phrase("høringen har ingen linje nr. %(number)s, der kan slettes", number=number))
        _nothing_rests_on(register, line)
        return {"number": number, "why": reason}

    return _write(engine, rulebook, key, version, STRUCK, told, by, at)


def _nothing_rests_on(register: Register, line: Act) -> None:
    party = f"p{line.no}" if line.what == ASKED else str(line.told.get("party", ""))
    if line.what == ASKED and register.answers_of(party):
        raise NotPossible(phrase("parten har svaret; slet svaret først"))
    if line.what == ANSWERED and len(register.answers_of(party)) == 1 and register.remarks_of(party):
        raise NotPossible(phrase("der er skrevet bemærkninger ind fra svaret; slet dem først"))


def _write(
    engine: Writable, rulebook: Rulebook, key: str, version: int | None, what: str,
    told: Callable[[Session, Register], Mapping[str, object]], by: str, at: datetime,
) -> int:  # fmt: skip
    """Add one line, on the agreement's locked row: two writers see each other's. The same words by the same person
    within ten minutes are one line."""
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        standing = projection.load(session, rulebook, row, danish_day(at))
        register = register_in(session, standing, version)
        said = dict(told(session, register))
        newest = register.acts[-1] if register.acts else None
        if newest and (newest.what, newest.by, newest.told) == (what, by, said) and at - newest.at < _TWICE:
            return newest.no
        number = record_act(session, ROOM, register.about, what, said, by, at).no
        if what in (ANSWERED, STRUCK):  # whoever has answered is not reminded
            supersede(session, standing.rules, row, projection.load(session, rulebook, row, danish_day(at)))
            row.wake_on = danish_day(at)
        return number


def _party(register: Register, identity: str) -> Party:
    found = register.party(identity)
    if found is None:
        raise NotFound(phrase("den part er ikke i høringen"))
    return found


def _instant(on: date, clock: str) -> datetime:
    try:
        local = datetime.combine(on, time.fromisoformat(clock.strip().replace(".", ":")), COPENHAGEN)
    except ValueError as error:
        raise Invalid(phrase("skriv klokkeslættet med timer og minutter, fx 11:42")) from error
    there = local.replace(second=0, microsecond=0).astimezone(UTC)
    if there.astimezone(COPENHAGEN).time() != local.time():
        raise Invalid(
            phrase(
                "%(day)s kl. %(clock)s fandtes ikke i Danmark; skriv klokkeslættet med timer og minutter",
                day=the_day(on),
                clock=clock,
            )
        )
    return there


def _words(what: str, typed: str, most: int, *, may_be_empty: bool = False) -> str:
    said = clean(typed)
    if not said and not may_be_empty:
        raise Invalid(phrase("%(what)s mangler", what=what))
    if len(said) > most:
        raise Invalid(
            phrase(
                "%(what)s er på %(long)s tegn; der er plads til %(most)s",
                what=what,
                long=len(said),
                most=most,
            )
        )
    return said
