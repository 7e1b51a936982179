"""An agreement's whole term as a drawing: where each thing stands, in pixels. The template draws it, and a table beside
it says the same in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from workflow.faces.web.pages.tables import STATUSES
from workflow.language import gettext as _
from workflow.language import worded
from workflow.lifecycle.names import called
from workflow.rules.endings import state_of
from workflow.rules.facts import live
from workflow.rules.words import capital
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass, replace

MILESTONES = (
    "drafting-opened", "consultation-opened", "endorsed", "sent-for-approval", "submitted", "received", "sst-approved",
    "sst-refused", "deviation", "midterm-sent", "final-sent", "annual-review-held", "revision-opened", "withdrawn",
)  # fmt: skip
WIDE, NARROW = 960, 300
_MARK = 26  # between the middles of two marks in one lane
_TOP, _BAR, _LANE = 24, 22, 28


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in time. ``kind`` is a deadline's status, or ``event``; ``rule`` and ``subject`` name a deadline,
    ``state`` says in Danish how it stands."""

    number: int
    on: date
    text: str
    kind: str
    rule: str = ""
    subject: str = ""
    met_on: date | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry's place in the drawing."""

    entry: Entry
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time with its words."""

    text: str
    kind: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the template needs, in user units from the top left; ``today`` is the x of the day shown."""

    width: int
    height: int
    years: tuple[tuple[int, float], ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    today: float | None


def entries(standing: Standing) -> list[Entry]:
    """The dated deadlines and the milestones, in the order of their days, numbered from 1."""
    found = [
        Entry(0, d.legal_on, worded(d.title) + (f" ({d.subject})" if d.subject else ""), d.status, d.id, d.subject,
              d.met_on, state_of(d, STATUSES[d.status][0], standing.as_of))
        for d in standing.deadlines
        if d.legal_on
    ]  # fmt: skip
    events = called(standing.agreement.regime.words)
    for fact in live(standing.facts, standing.as_of):
        if fact.event in MILESTONES:
            version = ", " + _("version %(number)s") % {"number": fact.version} if fact.version else ""
            found.append(Entry(0, fact.on, events[fact.event] + version, "event"))
    ordered = sorted(found, key=lambda entry: (entry.on, entry.kind != "event", entry.text))
    return [replace(e, number=number) for number, e in enumerate(ordered, start=1)]


def draw(standing: Standing, found: Iterable[Entry], width: int) -> Drawing:
    """The drawing at ``width``: term and period as bars, entries as numbered marks in as many lanes as they need."""
    shown = list(found)
    term, course = standing.agreement.term, standing.course
    spans = [(_("Valgperioden"), "term", term.starts_on, term.ends_on)]
    end = course.nominal_end.value - timedelta(days=1) if course.nominal_end else None
    days = [term.starts_on, term.ends_on, *(entry.on for entry in shown)] + ([end] if end else [])
    first, last = date(min(days).year, 1, 1), date(max(days).year, 12, 31)
    if course.effective_on and course.effective_on <= last:
        name = capital(standing.agreement.regime.words.now.document.short)
        spans.append((name, "period", course.effective_on, end or last))

    def x(on: date) -> float:
        inside = width - 32
        return round(16 + inside * (on - first).days / max((last - first).days, 1), 1)

    bars = tuple(
        Bar(text, kind, x(begins), _TOP + _BAR * row + 4, max(x(ends) - x(begins), 2.0))
        for row, (text, kind, begins, ends) in enumerate(spans)
    )
    top = _TOP + _BAR * len(spans) + 18
    free: list[float] = []
    marks = []
    for entry in shown:
        at = x(entry.on)
        lane = next((n for n, busy in enumerate(free) if at - busy >= _MARK), len(free))
        free[lane : lane + 1] = [at]
        marks.append(Mark(entry, at, top + lane * _LANE))
    height = int(top + max(len(free), 1) * _LANE)
    step = 1 if width > 500 else max(1, (last.year - first.year + 1) // 4)
    years = tuple((year, x(date(year, 1, 1))) for year in range(first.year, last.year + 1, step))
    today = x(standing.as_of) if first <= standing.as_of <= last else None
    return Drawing(width, height, years, bars, tuple(marks), today)
