"""Deadlines, councils and letters as tables to take away: headings and rows of plain values. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from workflow.ahead.backwards import BackwardPlan
from workflow.mail.writing.words import HVILER_PAA, TILSTANDE, om, pligt, trin
from workflow.rules.endings import state_of
from workflow.rules.timeline import Deadline
from workflow.rules.words import Words
from workflow.services.lookahead.telling import council_word
from workflow.services.views import titles
from workflow.services.views.dates import BASES, dated
from workflow.services.views.listing import ListedDeadline, ListedLetter
from workflow.services.views.matrix import matrix
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

Cell = str | int | date | datetime | None
Row = tuple[Cell, ...]

DEADLINES = (
    "Aftale", "Hvad", "Om", "Hvem", "Grundlag", "Bindende", "Tilstand", "Dato", "Sigt efter", "Oprindelig dato",
    "Opfyldt", "Usikker", "Hjemmel",
)  # fmt: skip
COUNCILS = (
    "Kode",
    "Råd",
    "Version",
    "Beslutning",
    "Møde",
    "Besluttet",
    "Grundlag",
    "Dokument",
    "Offentliggjort",
)
PLAN = (
    "Kode", "Råd", "Sætter dagen", "Sidste møde", "Dagsordenen lukker", "Senest hos rådet", "Dage tilbage",
    "Møder i reserve", "Rådets egen dag", "Besluttet", "Bemærkning",
)  # fmt: skip
LETTERS = (
    "Nr.", "Aftale", "Brev", "Frist", "Om", "Hvornår", "Modtager", "Adresse", "Forfaldt", "Tilstand", "Forsinket",
    "Forsøg", "Overgivet", "Svar",
)  # fmt: skip


def deadline_rows(standing: Standing, rulebook: Rulebook) -> Iterator[Row]:
    """Every date of one agreement as it stood on the standing's day."""
    agreement, names = f"{standing.agreement.name} {standing.agreement.label}", titles.bodies(rulebook)
    for d in dated(standing, standing.rules):
        yield (agreement, d.title, om(d.subject), *_said(names, d, standing.agreement.regime.words), d.legal_on,
               d.aim_on, d.original_on, d.met_on, "ja" if d.doubtful else "", "; ".join(d.cite))  # fmt: skip


def listed_rows(listed: Iterable[ListedDeadline], rulebook: Rulebook) -> Iterator[Row]:
    """Dates of many agreements, as a list holds them."""
    names = titles.bodies(rulebook)
    for d in listed:
        said = _said(names, d, rulebook.words(d.regime))
        yield (titles.agreement(names, d.agreement), d.title, om(d.subject), *said, d.legal_on, d.aim_on, d.original_on,
               d.met_on, "ja" if d.doubtful else "", d.cite)  # fmt: skip


def _said(names: dict[str, str], d: Deadline | ListedDeadline, words: Words) -> tuple[str, str, str, str]:
    """Who, what it rests on, how binding and how it stands, as people say it; programs ask the API for the codes."""
    state = state_of(d, TILSTANDE[d.status])
    return (
        titles.doer(names, d.who, words), HVILER_PAA[BASES[d.duty]], pligt(d.duty, words.authority.genitive), state,
    )  # fmt: skip


def council_rows(standing: Standing, lane: str = "") -> Iterator[Row]:
    """Every council with its answer on the newest version, or one council's (its code) alone."""
    said = standing.course.tables.decision.states
    for a in matrix(standing):
        if lane not in ("", a.code):
            continue
        yield (a.code, a.name, a.version, said[a.state], a.meets_on, a.decided_on, a.evidence, a.document,
               a.published_on)  # fmt: skip


def plan_rows(found: BackwardPlan | None, lane: str = "") -> Iterator[Row]:
    """Every council of a round planned backwards, with its last meeting and what is left before it; or one council's
    (its code) alone."""
    for one in found.councils if found else ():
        road = one.road
        if lane not in ("", one.lane.code):
            continue
        yield (one.lane.code, one.lane.name, "ja" if found and one.lane.code in found.blocking else "",
               road.council.on if road else None, road.council.agenda_closes if road else None,
               road.starts_on if road else None, one.slack_days, one.slack_meetings, one.meets_on, one.decided_on,
               council_word(one))  # fmt: skip


def letter_rows(letters: Iterable[ListedLetter], rulebook: Rulebook) -> Iterator[Row]:
    """Letters with whom they went to and what became of them."""
    called, names, about = titles.letters(rulebook), titles.bodies(rulebook), titles.dates(rulebook)
    for n in letters:
        yield (n.id, titles.agreement(names, n.agreement), called.get(n.letter, n.letter),
               about.get(n.deadline, n.deadline), om(n.subject_of), trin(n.rung),
               titles.recipient(names, n.recipient), n.address, n.due_on,
               n.state_text, "ja" if n.late else "", n.attempts, n.accepted_at, n.answer)  # fmt: skip
