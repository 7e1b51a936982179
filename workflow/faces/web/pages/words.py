"""What the pages say of dates, states and people. The templates only lay it out."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from workflow.faces.web.pages.tables import ANSWERS, CHOICES, NAMES_OF_DATES, STATUSES, SUBJECTS  # noqa: F401  for templates
from workflow.language import gettext as _
from workflow.language import in_figures, in_words, ngettext, noted, worded
from workflow.lifecycle.names import EVENTS, called
from workflow.lifecycle.text import Version
from workflow.mail.writing.words import (
    BEARERS,  # noqa: F401  the templates read it here, with the other words
    HVILER_PAA,  # noqa: F401
    antal,
    dage,
    hjemmel,
    kort,
    om,
    pligt,
    stort,
)
from workflow.mail.writing.words import trin as rung  # noqa: F401
from workflow.rules.days import COPENHAGEN
from workflow.rules.endings import coming_on, other_said, state_of, told
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import basis, next_date  # noqa: F401  the templates read them here
from workflow.services.law.changing import source_said
from workflow.services.planning.readiness import readiness
from workflow.services.views.blocking import binding
from workflow.services.views.board import OVER, Place
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import NOWHERE
from workflow.values import replace

SOON = 30  # days
_NOT_COUNTED = ("law", "unmet", "approval")  # the rules are gone; councils are counted apart
# How urgent an agreement is: the order of the cards, their mark, and the word that says it without the colour.
TONES = {
    "late": noted("Overskredet"),
    "soon": noted("Inden for 30 dage"),
    "ahead": noted("Ingen dato inden for 30 dage"),
    "calm": noted("Ingen dato forude"),
    "over": noted("Afsluttet"),
}
# How a round stands in time: the tone of its colour.
COLOURS = {"grøn": "ahead", "gul": "soon", "rød": "late"}
NOTES = {"grøn": " past", "gul": "", "rød": " late"}  # what the class of a note has behind it
PANELS = {"grøn": "calm", "gul": "tight", "rød": "late"}


def teach(pages: Environment) -> None:
    """Give the templates these words, the names of states and events, and the letters' filters."""
    for spoken_by in (day, plain_day, short, eve, instant, plainly, antal, dage, hjemmel, kort, pligt, stort):
        pages.filters[spoken_by.__name__] = spoken_by
    pages.filters |= {"stort": capital, "reason": reason_here, "source_said": source_said}
    pages.globals |= {
        "words": sys.modules[__name__],
        "EVENTS": EVENTS,
        "called": called,
        "state": state,
        "told": told,
        "other_said": other_said,
        "coming_on": coming_on,
    }


def state(deadline: Deadline, word: str, as_of: date | None = None) -> str:
    """A deadline's state on a Danish day; what is only like one (a row of a list) has no second date."""
    return (
        state_of(deadline, word, as_of)
        if hasattr(deadline, "latest_on")
        else told(deadline.status, False, word)
    )


def mark(standing: Standing, rulebook: Rulebook) -> tuple[str, str]:
    """Which of :data:`TONES` the agreement has, and what is said with it: while something is missing, what that is,
    however far away the date may be."""
    found = _tone(standing, rulebook)
    if found in ("ahead", "calm") and (missing := _missing(standing, rulebook)):
        return "soon", missing
    return found, worded(TONES[found])


def worst_first(places: Sequence[Place]) -> list[Place]:
    """Regions and their agreements by how urgent they are; those that are alike stay in their order."""
    tones = list(TONES)
    weights = {
        one.agreement.key: tones.index(mark(one, one.rules)[0]) for place in places for one in place.standings
    }

    def heaviest(place: Place) -> int:
        found = [weights[one.agreement.key] for one in place.standings]
        return -1 if place.broken else min(found, default=len(tones))

    return [
        replace(place, standings=tuple(sorted(place.standings, key=lambda one: weights[one.agreement.key])))
        for place in sorted(places, key=heaviest)
    ]


def _tone(standing: Standing, rulebook: Rulebook) -> str:
    following = next_date(standing, rulebook)
    if standing.course.period in OVER:
        return "over"
    if any(deadline.status == "overdue" for deadline in standing.deadlines):
        return "late"
    on = coming_on(following, standing.as_of) if following else None
    if on is None:
        return "calm"
    return "soon" if (on - standing.as_of).days <= SOON else "ahead"


def _missing(standing: Standing, rulebook: Rulebook) -> str:
    """What the next sending still lacks, counted: the councils where they are asked, else what must come before; empty
    where nothing is, and of the latter where nothing is to be sent any more."""
    current = standing.course.current
    if current and current.sent_on and current.with_councils and current.missing:
        missing, total = len(current.missing), len(current.parties)
        return _("%(missing)s af %(total)s råd mangler") % {"missing": missing, "total": total}
    if not standing.agreement.regime.cite("submit"):
        return ""
    lacking = [
        one for one in readiness(standing, rulebook) if not one.warning and one.need not in _NOT_COUNTED
    ]
    said = ngettext("%(num)s forudsætning mangler", "%(num)s forudsætninger mangler", len(lacking))
    return said % {"num": len(lacking)} if lacking else ""


def sentence(standing: Standing) -> str:
    """Where the agreement stands, in one sentence for somebody with thirty seconds."""
    course, current = standing.course, standing.course.current
    text = _stands(current) if current else _("Udkast")
    if older := binding(standing):
        text = _("%(stands)s og gælder. Revision: %(revision)s") % {
            "stands": _stands(older), "revision": text[:1].lower() + text[1:],
        }  # fmt: skip
    match course.period:
        case "planned" if (
            current is None
        ):  # where no council is asked: what the course calls its own beginning
            asked, texts = course.tables.knows("sent-for-approval"), course.tables.version
            own = f"{stort(worded(texts.name))}: {worded(texts.states[texts.initial])}"
            return _("Under forberedelse; ingen tekst er sendt til rådene") if asked else own
        case "planned":
            return text
        case "in_force" if course.effective_on:
            return _("I kraft siden %(day)s. %(text)s") % {
                "day": plain_day(course.effective_on),
                "text": text,
            }
        case "hold_over" if course.nominal_end:
            said = (
                _("Gælder fortsat efter det aftalte udløb %(day)s. %(text)s")
                if standing.agreement.regime.cite("in-force")  # else nothing says that it still does
                else _("Det aftalte udløb, %(day)s, er passeret. %(text)s")
            )
            return said % {"day": plain_day(eve(course.nominal_end.value)), "text": text}
        case _:
            return worded(course.tables.period.states[course.period]).capitalize()


def _stands(version: Version) -> str:
    said = _("Version %(number)s %(state)s") if version.tacit else _("Version %(number)s er %(state)s")
    return said % {
        "number": version.number,
        "state": worded(version.state_name),
    }


def capital(text: str) -> str:
    """The first letter made a capital, also where a tag stands before it."""
    if isinstance(text, Markup):
        return Markup(re.sub(r"^((?:<[^>]*>)*)(.)", lambda m: m[1] + m[2].upper(), text, count=1))
    return stort(text)


def plainly(text: str) -> str:
    """A sentence without the command that would record what is missing: it stands on a page, not in a terminal."""
    return re.sub(r" \(([a-z-]+)(?: --[^)]*)?\)", lambda m: "" if m[1] in EVENTS else m[0], text)


@pass_context
def reason_here(context: Context, text: str) -> str:
    """:func:`reason` with the events as the page's agreement has them."""
    return reason(text, context["EVENTS"])


def reason(text: str, events: Mapping[str, str] = EVENTS) -> str:
    """Why something cannot be recorded, as a page says it: events by their Danish names, no options of a command."""
    text = re.sub(r"^[a-z-]+ (?:er ikke mulig|is not possible): ", "", text)
    text = re.sub(r" \(?--[a-z-]+[^).;]*\)?", "", text)
    text = re.sub(r"'([^']*)'", r"»\1«", text)
    return re.sub(
        r"(?<!\w)[a-z]+(?:-[a-z]+)+(?!\w)", lambda m: f"»{events[m[0]]}«" if m[0] in events else m[0], text
    )


def subject(about: str, rulebook: Rulebook) -> str:
    """What a fact is about: a committee, a cluster and its level, or a report; a person's own words as they are."""
    own, _, level = about.partition(":")
    known = {key: worded(said) for key, said in SUBJECTS.items()}
    name = {cluster.id: cluster.name for cluster in rulebook.clusters}.get(own) or known.get(own, own)
    if level in known:
        return f"{name}, {known[level]}"
    return known.get(about, about if level else name)


def about(about: str, rulebook: Rulebook) -> str:
    """What a letter is about, in brackets, of a committee's or level's year (``piu@2026``), a year or a version; of a
    duty without a date (``cluster-dialogue:CLUSTER@2025``, ``piu-procedure:@nr154``) its title."""
    who, at, year = about.partition("@")
    own, _, body = who.partition(":")
    titles = {task.id: worded(task.title.da) for regime in rulebook.law.regimes for task in regime.tasks}
    if at and own in titles:
        told = (titles[own], subject(body, rulebook) if body else "", "" if year.startswith("nr") else year)
        return f"({', '.join(filter(None, told))})"
    return f"({subject(who, rulebook)}, {year})" if at else of(about).strip()


def of(subject: str) -> str:
    """What a date is about, in brackets, where its title does not say it; empty otherwise."""
    return f" ({om(subject)})" if om(subject) else ""


def day(on: date | str | None, weekday: bool = True) -> Markup:
    """A ``<time>`` with the day in words; a dash for none."""
    if on is None:
        return Markup('<span class="none">–</span>')
    found = date.fromisoformat(on) if isinstance(on, str) else on
    return Markup('<time datetime="{}">{}</time>').format(found.isoformat(), in_words(found, weekday))


def plain_day(on: date | None) -> str:
    """The day in words where no markup can stand; a dash for none."""
    return in_words(on, False) if on else "–"


def long_day(on: date) -> str:
    """The day with its weekday, where no markup can stand."""
    return in_words(on)


def short(on: date | str | None) -> Markup:
    """The same without the weekday."""
    return day(on, weekday=False)


def eve(end: date) -> date:
    """The last day of what ends before ``end``: an agreement's agreed end is stored as the first day after it."""
    return end - timedelta(days=1)


def instant(at: datetime | None, words: bool = False) -> Markup:
    """A ``<time>`` in Danish time: ``31.5.2027 kl. 8.00``, or with ``words`` ``mandag den 31. maj 2027 kl. 8.00``."""
    if at is None:
        return day(None)
    local = at.astimezone(COPENHAGEN)
    said = in_words(local.date()) if words else in_figures(local.date())
    clock = _("kl. %(time)s") % {"time": f"{local.hour}.{local:%M}"}
    return Markup('<time datetime="{}">{} {}</time>').format(local.isoformat(timespec="seconds"), said, clock)


def letter_tone(state: str, uncertain: bool, said: str = "") -> str:
    """Whether a letter's state is good, bad or neither; ``said`` is the word for it."""
    if said == NOWHERE or state in ("refused", "held", "quarantined", "bounced", "unanswered") or uncertain:
        return "late"
    return "good" if state in ("accepted", "confirmed", "told") else "plain"
