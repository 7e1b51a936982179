"""Deadlines, councils and letters as tables to take away: headings and rows of plain values. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from workflow.ahead.backwards import BackwardPlan
from workflow.language import noted, worded
from workflow.mail.writing.words import HVILER_PAA, TILSTANDE, om, pligt, trin
from workflow.rules.endings import state_of
from workflow.rules.timeline import Deadline
from workflow.rules.words import Words
from workflow.services.due.dates import BASES, dated
from workflow.services.lookahead.telling import council_word
from workflow.services.views import titles
from workflow.services.views.listing import ListedDeadline, ListedLetter
from workflow.services.views.matrix import matrix
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

Cell = str | int | date | datetime | None
Row = tuple[Cell, ...]

# headings, said in the language of whoever fetches the table
DEADLINES = (
    noted("Aftale"), noted("Hvad"), noted("Om"), noted("Hvem"), noted("Grundlag"), noted("Bindende"),
    noted("Tilstand"), noted("Dato"), noted("Sigt efter"), noted("Oprindelig dato"), noted("Opfyldt"),
    noted("Usikker"), noted("Hjemmel"),
)  # fmt: skip
COUNCILS = (
    noted("Kode"), noted("Råd"), noted("Version"), noted("Beslutning"), noted("Møde"), noted("Besluttet"),
    noted("Grundlag"), noted("Dokument"), noted("Offentliggjort"),
)  # fmt: skip
PLAN = (
    noted("Kode"), noted("Råd"), noted("Sætter dagen"), noted("Sidste møde"), noted("Dagsordenen lukker"),
    noted("Senest hos rådet"), noted("Dage tilbage"), noted("Møder i reserve"), noted("Rådets egen dag"),
    noted("Besluttet"), noted("Bemærkning"),
)  # fmt: skip
LETTERS = (
    noted("Nr."), noted("Aftale"), noted("Brev"), noted("Frist"), noted("Om"), noted("Hvornår"), noted("Modtager"),
    noted("Adresse"), noted("Forfaldt"), noted("Tilstand"), noted("Forsinket"), noted("Forsøg"), noted("Overgivet"),
    noted("Serverens svar"),
)  # fmt: skip
YES = noted("ja")


def deadline_rows(standing: Standing, rulebook: Rulebook) -> Iterator[Row]:
    """Every date of one agreement as it stood on the standing's day."""
    agreement, names = f"{standing.agreement.name} {standing.agreement.label}", titles.bodies(rulebook)
    for d in dated(standing, standing.rules):
        said, cite = (
            _said(names, d, standing.agreement.regime.words, standing.as_of),
            "; ".join(worded(one) for one in d.cite),
        )
        yield (agreement, worded(d.title), om(d.subject), *said, d.legal_on, d.aim_on, d.original_on, d.met_on,
               _yes(d.doubtful), cite)  # fmt: skip


def listed_rows(listed: Iterable[ListedDeadline], rulebook: Rulebook, as_of: date) -> Iterator[Row]:
    """Dates of many agreements, as a list holds them on a Danish day."""
    names = titles.bodies(rulebook)
    for d in listed:
        said = _said(names, d, rulebook.words(d.regime), as_of)
        about = (titles.agreement(names, d.agreement), worded(d.title), om(d.subject))
        yield (*about, *said, d.legal_on, d.aim_on, d.original_on, d.met_on,
               _yes(d.doubtful), worded(d.cite))  # fmt: skip


def _said(
    names: dict[str, str], d: Deadline | ListedDeadline, words: Words, as_of: date
) -> tuple[str, str, str, str]:
    """Who, what it rests on, how binding and how it stands, as people say it; programs ask the API for the codes."""
    state = state_of(d, TILSTANDE[d.status], as_of)
    return (
        titles.doer(names, d.who, words), worded(HVILER_PAA[BASES[d.duty]]),
        pligt(d.duty, worded(words.authority.genitive)), worded(state),
    )  # fmt: skip


def council_rows(standing: Standing, lane: str = "") -> Iterator[Row]:
    """Every council with its answer on the newest version, or one council's (its code) alone."""
    said = standing.course.tables.decision.states
    for a in matrix(standing):
        if lane not in ("", a.code):
            continue
        yield (a.code, a.name, a.version, worded(said[a.state]), a.meets_on, a.decided_on, a.evidence, a.document,
               a.published_on)  # fmt: skip


def plan_rows(found: BackwardPlan | None, lane: str = "") -> Iterator[Row]:
    """Every council of a round planned backwards, with its last meeting and what is left before it; or one council's
    (its code) alone."""
    for one in found.councils if found else ():
        road = one.road
        if lane not in ("", one.lane.code):
            continue
        yield (one.lane.code, one.lane.name, _yes(found is not None and one.lane.code in found.blocking),
               road.council.on if road else None, road.council.agenda_closes if road else None,
               road.starts_on if road else None, one.slack_days, one.slack_meetings, one.meets_on, one.decided_on,
               worded(council_word(one)))  # fmt: skip


def letter_rows(letters: Iterable[ListedLetter], rulebook: Rulebook) -> Iterator[Row]:
    """Letters with whom they went to and what became of them."""
    called, names, about = titles.letters(rulebook), titles.bodies(rulebook), titles.dates(rulebook)
    for n in letters:
        yield (n.id, titles.agreement(names, n.agreement), called.get(n.letter, n.letter),
               worded(about.get(n.deadline, n.deadline)), om(n.subject_of), trin(n.rung),
               titles.recipient(names, n.recipient), n.address, n.due_on,
               worded(n.state_text), _yes(n.late), n.attempts, n.accepted_at, worded(n.answer))  # fmt: skip


def _yes(said: bool) -> str:
    return worded(YES) if said else ""
