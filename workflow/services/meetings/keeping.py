"""Meeting days kept: read from a file, imported all or not at all, listed, and marked when they fall away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Invalid, NotFound
from workflow.language import phrase
from workflow.lifecycle.spoken import below
from workflow.rules.days import danish_day, spoken
from workflow.services.meetings.icsfile import read_ics
from workflow.services.meetings.matching import Stored
from workflow.services.meetings.naming import Names, called_now, organ
from workflow.services.meetings.reading.heading import year_named
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.text import read_text
from workflow.services.meetings.sheets import (
    HEADING,
    Row,
    as_text,
    csv_rows,
    known_heading,
    read_rows,
)
from workflow.services.meetings.webpage import is_page, page_text
from workflow.services.meetings.workbook import read_workbook
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.facts.meetings import Meeting, of_bodies, wake
from workflow.storage.filereading import text_of
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass, field

LONGEST_SOURCE = 500
ROOM = "meetings"  # of the journal of acts; about a council's code
STORED = ("added", "changed", "gone")  # what changes something


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one proposed meeting: ``added``, ``changed``, ``unchanged``, ``gone`` or ``left-out`` (said not
    to be held, and never known here)."""

    what: str
    meeting: Proposed


@dataclass(slots=True)
class Imported:
    """What an import did or would do, meeting by meeting."""

    changes: list[Change] = field(default_factory=list)

    def count(self, what: str) -> int:
        """How many meetings became ``what``."""
        return sum(change.what == what for change in self.changes)


def read_file(
    rulebook: Rulebook,
    name: str,
    content: bytes,
    *,
    body: str = "",
    year: int | None = None,
    today: date | None = None,
) -> list[Proposed]:
    """The meetings a file tells of, by its kind (the ending of ``name``). ``body`` is the council of a file that names
    none, ``year`` that of days without one; one that is in ``name`` alone is not taken where it
    is over ``today``, a Danish day. :class:`Invalid` says what is wrong and what would work."""
    names = Names(rulebook)
    code = names.find(body).code if body else ""
    kind = name.casefold().rpartition(".")[2]
    named = year_named(name)
    named = None if named and today and named < today.year else named
    if kind == "ics" or content.lstrip().startswith(b"BEGIN:VCALENDAR"):
        return read_ics(content, _needed(code, name), year)

    def of_rows(rows: Sequence[Row]) -> list[Proposed]:
        columns = known_heading(rows)
        if columns is None:
            return read_text(as_text(rows), _needed(code, name), rulebook.days, year, named=named)
        return read_rows(rows, columns, names, year)

    if kind in ("xlsx", "xlsm"):
        return read_workbook(content, of_rows)
    text = _decoded(content, name)
    if is_page(text):
        return read_text(page_text(text), _needed(code, name), rulebook.days, year, named=named)
    first = text.lstrip("\n\r").partition("\n")[0]
    if not (kind == "csv" or any(sign in first for sign in ";\t")):
        return read_text(text, _needed(code, name), rulebook.days, year, named=named)
    try:
        rows = csv_rows(text)
    except Invalid:
        if kind == "csv":
            raise
        rows = []
    if rows and known_heading(rows) is None and kind != "csv":
        return read_text(text, _needed(code, name), rulebook.days, year, named=named)
    return of_rows(rows)


def _needed(code: str, name: str) -> str:
    if not code:
        raise Invalid(
            phrase(
                "%(name)s: sig, hvis møder det er, med --body KODE, eller skriv overskriften %(heading)s",
                name=name, heading=HEADING,
            )
        )  # fmt: skip
    return code


def _decoded(content: bytes, name: str) -> str:
    try:
        return text_of(content)[0]
    except ValueError as error:
        raise Invalid(
            phrase("%(name)s: filen er ikke tekst; gem den som CSV UTF-8, Excel (.xlsx) eller ICS", name=name)
        ) from error


def import_meetings(
    engine: Engine, rulebook: Rulebook, proposed: Sequence[Proposed], *, source: str, by: str, at: datetime,
    marked: bool = False, dry_run: bool = False,
) -> Imported:  # fmt: skip
    """Keep what was proposed, all or nothing, and write down what changed; the same again changes nothing. ``marked``:
    a person has looked at the days with a mark and takes them too, else they are refused (:class:`Invalid`, line by
    line)."""
    unsure = [one for one in proposed if one.doubt]
    if unsure and not marked and not dry_run:
        told = [
            phrase("linje %(line)s: %(day)s: %(doubt)s", line=one.line, day=one.on, doubt=one.doubt)
            for one in unsure
        ]
        raise Invalid(
            phrase("intet er indlæst; disse dage skal et menneske se på:\n%(told)s", told=below(told))
        )
    if not source.strip() or len(source) > LONGEST_SOURCE:
        raise Invalid(
            phrase("kilden skal være 1 til %(most)s tegn: hvor står mødedagene?", most=LONGEST_SOURCE)
        )
    if dry_run:
        with reading(engine) as session:
            return keep_in(session, proposed, source.strip(), by, at, store=False)
    with writing(engine) as session:
        done = keep_in(session, proposed, source.strip(), by, at, store=True)
        changed = {one.meeting.body for one in done.changes if one.what in STORED}
        _wake(session, rulebook, changed)
    return done


def keep_in(
    session: Session, proposed: Sequence[Proposed], source: str, by: str, at: datetime, *, store: bool = True
) -> Imported:
    """:func:`import_meetings` inside the caller's transaction, without its questions; only counted unless ``store``."""
    today = danish_day(at)
    bodies = sorted({one.body for one in proposed})
    there = Stored(of_bodies(session, bodies, gone=True), proposed)
    done = Imported()
    for one in proposed:
        rows = there.take(one.body, one.organ, one.on)
        row = rows[0] if rows else None
        done.changes.append(Change(_becomes(row, one), one))
        if not store or done.changes[-1].what in ("unchanged", "left-out"):
            continue
        if row is None:
            row = Meeting(body=one.body, organ=one.organ, on=one.on, source=source, read_on=today, by=by)
            session.add(row)
        if one.gone:
            for also in rows:
                also.gone_on, also.gone_why = also.gone_on or today, also.gone_why or source
            continue
        row.organ = one.organ
        row.agenda_closes = one.agenda_closes or row.agenda_closes
        row.time = one.time or row.time
        row.source, row.read_on, row.by, row.gone_on, row.gone_why = source, today, by, None, ""
    for body in bodies if store else ():
        told = {what: _told(done, what, body) for what in STORED}
        if any(told.values()):
            record_act(session, ROOM, body, "imported", {"source": source, **told}, by, at)
    return done


def _told(done: Imported, what: str, body: str) -> list[dict[str, str]]:
    return [
        {"on": one.on.isoformat(), "organ": one.organ, "agenda_closes": str(one.agenda_closes or "")}
        for one in (change.meeting for change in done.changes if change.what == what) if one.body == body
    ]  # fmt: skip


def _becomes(row: Meeting | None, one: Proposed) -> str:
    if one.gone:
        return "left-out" if row is None else "unchanged" if row.gone_on else "gone"
    if row is None:
        return "added"
    same = one.agenda_closes in (None, row.agenda_closes) and one.time in ("", row.time)
    same = same and called_now(row.organ) == one.organ
    return "unchanged" if same and row.gone_on is None else "changed"


def list_meetings(
    engine: Engine, rulebook: Rulebook, body: str, *, gone: bool = False
) -> tuple[str, str, Sequence[Meeting]]:
    """The code and the name of the council ``body`` (in any spelling), and its meetings in order of days."""
    council = Names(rulebook).find(body)
    with reading(engine) as session:
        return council.code, council.name, of_bodies(session, [council.code], gone=gone)


def calendars(engine: Engine, bodies: Sequence[str], years: tuple[int, int]) -> dict[tuple[str, int], int]:
    """How many meetings of each council itself are known in each of ``years``."""
    with reading(engine) as session:
        held = [(one.body, one.on.year) for one in of_bodies(session, bodies) if not one.organ]
    return {(body, year): held.count((body, year)) for body in bodies for year in years}


def remove_meeting(
    engine: Engine,
    rulebook: Rulebook,
    body: str,
    on: date,
    *,
    committee: str = "",
    why: str,
    by: str,
    at: datetime,
) -> Meeting:
    """Mark a meeting as not held, from the day of ``at``, with why, and write that down; :class:`NotFound` names the
    days there are."""
    council, name = Names(rulebook).find(body), organ(committee)
    with writing(engine) as session:
        known = of_bodies(session, [council.code])
        found = Stored(known).take(council.code, name, on)
        if not found:
            there = [one.on for one in known if called_now(one.organ) == name]
            days = ", ".join(spoken(one, False) for one in there[:12]) or "ingen"
            raise NotFound(
                phrase(
                    "%(body)s har intet møde %(day)s; dets møder: %(days)s",
                    body=f"{council.name}, {name}," if name else council.name,
                    day=on,
                    days=days,
                )
            )
        for one in found:
            one.gone_on, one.gone_why = danish_day(at), why.strip()
        said = {"on": on.isoformat(), "organ": name, "why": why.strip()}
        record_act(session, ROOM, council.code, "removed", said, by, at)
        _wake(session, rulebook, {council.code})
        return found[0]


def _wake(session: Session, rulebook: Rulebook, bodies: set[str]) -> None:
    names = Names(rulebook)
    wake(session, {region for body in bodies for region in names.regions(body)})
