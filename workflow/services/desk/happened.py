"""What happened, the newest first: lines of the journals, letters, what councils answered, notes. One list for the log
of an agreement, *Min uge* and the monthly report. Read-only; instants are aware UTC, days Danish.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, or_, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from workflow.language import noted, phrase
from workflow.lifecycle.names import EVENTS
from workflow.lifecycle.names import called as events
from workflow.mail.writing.words import BEARERS, stort
from workflow.rules.days import danish_day
from workflow.services.desk.notes import about, notes_in
from workflow.services.due.handled import EVENT, SPOKEN
from workflow.services.hearing.lines import SPOKEN as HEARD
from workflow.services.hearing.lines import happened_on, of_hearings, said
from workflow.services.law.changing import source_said
from workflow.services.views import titles
from workflow.storage.database import reading
from workflow.storage.facts.acts import Act
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import word
from workflow.storage.people.contacts import ROOM as CONTACT
from workflow.storage.tables import AgreementRow, Bounce, FactRow, Notice
from workflow.values import dataclass, replace

_ONE, _MORE = noted("%(body)s og 1 anden"), noted("%(body)s og %(others)s andre")
KINDS = {
    "journal": noted("Journal"), "svar": noted("Svar fra råd"), "brev": noted("Breve"),
    "hoering": noted("Høring"), "notat": noted("Notater"), "kontakt": noted("Kontakter"),
}  # fmt: skip
INNER = ("hoering", "notat", "kontakt")  # what is not told to the councils it is about
_CONTACTS = {
    "added": noted("Kontakt tilføjet"),
    "changed": noted("Kontakt ændret"),
    "ended": noted("Kontakt afsluttet"),
    "removed": noted("Kontakt fjernet"),
    "deputy": noted("Stedfortræder sat ind"),
    "struck-off": noted("Adresse slået fra"),
    "restored": noted("Adresse taget i brug igen"),
    "asked": noted("Organ spurgt om sin postkasse"),
    "answered": noted("Organ svarede om sin postkasse"),
    "confirmed": noted("Postkasse bekræftet"),
    "turned-down": noted("Svar om postkasse afvist"),
}
US = "Aftalefrist"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing. ``at``: when it was written or sent, ``on``: the Danish day it is about; ``path`` leads to its row."""

    at: datetime
    on: date | None
    kind: str
    agreement: str
    what: str
    body: str
    by: str
    said: str
    path: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: ``kinds`` of :data:`KINDS`, one council's (``body``: its code), by whom (part of the name),
    from ``since`` until before ``until``. ``lane`` is the council whose letters alone the reader may see."""

    kinds: Collection[str] = tuple(KINDS)
    body: str = ""
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None
    lane: str = ""


def happened(
    engine: Engine, rulebook: Rulebook, keys: Collection[str], wanted: Wanted, limit: int, skip: int = 0
) -> list[Happening]:
    """The newest of the agreements ``keys``, at most ``limit`` after the first ``skip``."""
    names, called = titles.bodies(rulebook), titles.letters(rulebook)
    found: list[Happening] = []
    with reading(engine) as session:
        query = select(col(AgreementRow.id), AgreementRow)
        rows = {
            number: row.key
            for number, row in session.execute(query.where(_named(keys)))
            if number is not None
        }
        read: dict[str, Callable[[], list[Happening]]] = {
            "journal": lambda: _facts(session, rulebook, rows, wanted, names, skip + limit),
            "svar": lambda: _answers(session, rows, wanted, names, skip + limit),
            "brev": lambda: _letters(session, rows, wanted, names, called, skip + limit),
            "hoering": lambda: _hearings(session, list(rows.values()), wanted, names, skip + limit),
            "notat": lambda: _notes(session, list(rows.values()), wanted, names, skip + limit),
            "kontakt": lambda: _contacts(session, rulebook, list(rows.values()), wanted, names, skip + limit),
        }
        for kind in KINDS:
            if kind in wanted.kinds:
                found += read[kind]()
    found.sort(key=lambda one: one.at, reverse=True)
    return found[skip : skip + limit]


def gathered(found: Sequence[Happening]) -> list[Happening]:
    """The same with letters of one kind, agreement and day told as one, by how many they went to."""
    same: dict[tuple[object, ...], list[Happening]] = {}
    for one in found:
        alone = (one.path,) if one.kind != "brev" else (one.agreement, one.what, one.said, danish_day(one.at))
        same.setdefault(alone, []).append(one)
    return [
        some[0]
        if len(some) == 1
        else replace(
            some[0],
            body=phrase(_ONE if len(some) == 2 else _MORE, body=some[0].body, others=len(some) - 1),
            path=f"/aftaler/{some[0].agreement}/log?hvad=brev",
        )
        for some in same.values()
    ]


def keys_within(engine: Engine, regions: Collection[str] | None) -> list[str]:
    """The keys of the agreements of ``regions`` (``None``: all) that are not over."""
    with reading(engine) as session:
        query = select(AgreementRow).where(col(AgreementRow.period_state).not_in(("ended", "rules_ended")))
        if regions is not None:
            query = query.where(col(AgreementRow.region).in_(regions))
        return [row.key for row in session.scalars(query.order_by(AgreementRow.region, AgreementRow.label))]


def _named(keys: Collection[str]) -> ColumnElement[bool]:
    return (col(AgreementRow.region) + "/" + col(AgreementRow.label)).in_(list(keys))


def _span(at: Any, by: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [] if wanted.since is None else [at >= wanted.since]
    found += [] if wanted.until is None else [at < wanted.until]
    return found + ([by.icontains(wanted.by, autoescape=True)] if wanted.by else [])


def _facts(
    session: Session, rulebook: Rulebook, rows: dict[int, str], wanted: Wanted, names: dict[str, str], limit: int
) -> list[Happening]:  # fmt: skip
    query = select(FactRow, col(AgreementRow.regime)).where(col(FactRow.agreement_id).in_(rows))
    query = query.join(AgreementRow, col(AgreementRow.id) == col(FactRow.agreement_id))
    query = query.where(*_span(col(FactRow.recorded_at), col(FactRow.by), wanted))
    if wanted.body:
        query = query.where(col(FactRow.council) == wanted.body)
    if wanted.lane:  # what was done to others' letters, and said on the telephone about them
        query = query.where(col(FactRow.event) != EVENT)
    newest = query.order_by(col(FactRow.recorded_at).desc(), col(FactRow.id).desc()).limit(limit)
    return [
        _fact(fact, rows[fact.agreement_id], names, events(rulebook.words(regime)))
        for fact, regime in session.execute(newest)
    ]


def _fact(fact: FactRow, key: str, names: dict[str, str], called: Mapping[str, str]) -> Happening:
    what = stort(called.get(fact.event, fact.event))
    if fact.event == EVENT:
        what = phrase("Brev: %(act)s", act=SPOKEN.get(fact.about.partition("|")[0], ""))
    if fact.corrects:
        what = phrase("%(event)s af linje %(line)s", event=what, line=fact.corrects)
    if fact.version:
        what = phrase("%(event)s, version %(number)s", event=what, number=fact.version)
    path = f"/aftaler/{key}/journal#linje{fact.no}"
    body = names.get(fact.council or "", "")
    source = source_said(fact.source)
    return Happening(fact.recorded_at, fact.on, "journal", key, what, body, fact.by, source, path)


def _answers(
    session: Session, rows: dict[int, str], wanted: Wanted, names: dict[str, str], limit: int
) -> list[Happening]:
    one = ReportedDecision
    query = select(one).where(col(one.agreement_id).in_(rows))
    query = query.where(*_span(col(one.reported_at), col(one.by), wanted))
    if wanted.body:
        query = query.where(col(one.council) == wanted.body)
    if wanted.lane:
        query = query.where(col(one.council) == wanted.lane)
    told = {"reported": noted("venter på sekretariatet"), "verified": noted("bekræftet"),
            "turned-down": noted("afvist")}  # fmt: skip
    return [
        Happening(
            answer.reported_at, answer.on, "svar", rows[answer.agreement_id],
            phrase("Indberettet: %(event)s, version %(number)s", event=EVENTS[answer.event], number=answer.version),
            names.get(answer.council, answer.council), answer.by, told[answer.state],
            f"/aftaler/{rows[answer.agreement_id]}/raad#raad-{answer.council}",
        )
        for answer in session.scalars(query.order_by(col(one.reported_at).desc()).limit(limit))
    ]  # fmt: skip


def _letters(
    session: Session, rows: dict[int, str], wanted: Wanted, names: dict[str, str], called: dict[str, str], limit: int
) -> list[Happening]:  # fmt: skip
    """Letters as the mail server took them, and those that came back."""
    if wanted.by and wanted.by.lower() not in US.lower():
        return []
    within: list[ColumnElement[bool]] = [col(Notice.agreement_id).in_(rows)]
    for code in filter(None, (wanted.body, wanted.lane)):
        within.append(col(Notice.recipient).startswith(f"{code}/", autoescape=True))
    light: Any = (Notice.body, Notice.facts)
    sent = select(Notice).options(*(defer(column) for column in light))
    sent = sent.where(*within, *_span(col(Notice.accepted_at), None, _anybody(wanted)))
    sent = (
        sent.where(col(Notice.accepted_at).is_not(None)).order_by(col(Notice.accepted_at).desc()).limit(limit)
    )
    back = select(Bounce, Notice).join(Notice, col(Notice.id) == col(Bounce.notice_id))
    back = back.options(*(defer(column) for column in light))
    back = back.where(*within, *_span(col(Bounce.arrived_at), None, _anybody(wanted)))
    back = back.order_by(col(Bounce.arrived_at).desc()).limit(limit)

    def letter(notice: Notice, at: datetime, said: str) -> Happening:
        what, to = called.get(notice.letter, notice.letter), titles.recipient(names, notice.recipient)
        key = rows[notice.agreement_id]
        return Happening(at, notice.due_on, "brev", key, what, to, US, said, f"/breve/{notice.id}")

    found = [
        letter(one, one.accepted_at, word(one.state, one.outcome, one.uncertain))
        for one in session.scalars(sent)
        if one.accepted_at
    ]
    return found + [
        letter(notice, bounce.arrived_at, f"kom retur: {bounce.text or bounce.kind}"[:200])
        for bounce, notice in session.execute(back)
        if bounce.kind == "failed"
    ]


def _anybody(wanted: Wanted) -> Wanted:
    return Wanted(since=wanted.since, until=wanted.until)


def _notes(
    session: Session, keys: Sequence[str], wanted: Wanted, names: dict[str, str], limit: int
) -> list[Happening]:
    which = about(keys, wanted.body)
    for one in _span(col(Act.at), col(Act.by), wanted):
        which &= one
    return [
        Happening(
            note.at, None, "notat", note.agreement, noted("Notat"), names.get(note.body, note.body), note.by, note.text,
            f"/aftaler/{note.agreement}/log#notat-{note.number}",
        )
        for note in notes_in(session, which, limit)
    ]  # fmt: skip


def _hearings(
    session: Session, keys: Sequence[str], wanted: Wanted, names: dict[str, str], limit: int
) -> list[Happening]:
    """What was written into the registers of hearings."""
    query = select(Act).where(of_hearings(keys), *_span(col(Act.at), col(Act.by), wanted))
    found, known = [], names | {"piu": BEARERS["piu"]}
    for act in session.scalars(query.order_by(col(Act.no).desc())):
        key, _, version = act.about.partition("@")
        party = str(act.told.get("party", ""))
        if wanted.body in ("", party):
            page = f"/aftaler/{key}/hoering" + f"/part/{party}" * bool(party) + f"?version={version}"
            told = (HEARD[act.what], known.get(party, ""), act.by, said(act), page)
            found.append(Happening(act.at, happened_on(act), "hoering", key, *told))
        if len(found) == limit:
            break
    return found


def _contacts(
    session: Session, rulebook: Rulebook, keys: Sequence[str], wanted: Wanted, names: dict[str, str], limit: int
) -> list[Happening]:  # fmt: skip
    """What was done to the mailboxes of the regions' bodies."""
    regions = list(dict.fromkeys(key.partition("/")[0] for key in keys))
    of = {region: region for region in regions}
    of |= {m.code: m.region for m in rulebook.memberships if m.region in regions}
    of |= {cluster.id: cluster.region for cluster in rulebook.clusters if cluster.region in regions}
    of |= {region.code: region.id for region in rulebook.regions if region.id in regions and region.code}
    bodies = [body for body in of if wanted.body in ("", body)]
    same = [col(Act.about).startswith(f"{body}/", autoescape=True) for body in bodies]
    query = select(Act).where(
        col(Act.room) == CONTACT, or_(False, *same), *_span(col(Act.at), col(Act.by), wanted)
    )
    found = []
    for act in session.scalars(query.order_by(col(Act.no).desc()).limit(limit)):
        region = of[act.about.partition("/")[0]]
        key = next(key for key in keys if key.partition("/")[0] == region)
        what, to = _CONTACTS.get(act.what, noted("Kontakt")), titles.recipient(names, act.about)
        said, path = str(act.told.get("email", "")), f"/kontakter?region={region}"
        found.append(Happening(act.at, None, "kontakt", key, what, to, act.by, said, path))
    return found
