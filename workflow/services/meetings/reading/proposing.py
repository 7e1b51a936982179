"""What one line of a published list proposes: a meeting, whose it is, and the mark where a person must look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from workflow.language import phrase
from workflow.services.meetings.naming import bare_name, is_asked, organs_in
from workflow.services.meetings.reading.closing import meeting_and_closing, only_sent, says_which
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, Dated, clock_in, without_readings
from workflow.values import dataclass, field, replace

GONE = re.compile(
    r"\b(aflys\w*|annuller\w*|udgår|udgået|bortfald\w*|droppe\w*|(?:intet|ingen) (?:\w+)?møder?|sløjfe\w*|"
    r"(?:af)?holdes ikke|mødes ikke|holder (?:\w+ )?fri|"
    r"mødefri\w*|cancell?ed)\b",
    re.IGNORECASE,
)
MOVED = re.compile(
    r"\b(flyt\w*|rykke[tr]?|ændret|udskudt|udskydes|udsat|udsættes|moved)\b.*?\b(til|to)\b", re.IGNORECASE
)
AWAY = re.compile(
    r"\b(?:(?:(?:flyt\w*|(?:frem)?rykke[tr]?|udskudt|ændret|moved)\s+(?:\w+\s+)?(?:fra|from)|i stedet for|erstatter|"
    r"erstatning for|(?:lå|var)\s+(?:før|først|tidligere|oprindeligt?))\b|(?:før|tidligere|oprindeligt?):)",
    re.IGNORECASE,
)
SHIFTED = re.compile(
    r"\b(flytte[srt]?|(?:frem)?rykke[srt]?|udskudt|udskydes|udsat|udsættes|bytte[srt]?)\b", re.IGNORECASE
)
_SHORT = re.compile(r"(?<![\w-])[A-ZÆØÅ]{2,4}(?![\w-])")
_NO_ORGAN = re.compile(rf"KL|NR|NB|OBS|TV|DEN|OG|SAL|BEH|{MONTH}|{DAY_NAME}", re.IGNORECASE)
OTHER_MEETING = (  # gruppemøde
    rf"(?!(?:{MONTH})s?møde|byråds|kommunalbestyrelses|regionsråds|\w*udvalgs)[^\W\d_]{{3,}}møde(?:t|r|rne)?"
)
UNSURE = re.compile(
    rf"\b(evt\.?|eventuel\w*|reserve\w*|forbehold|seminar\w*|{OTHER_MEETING}|konstituerende|foreløbig\w*|budget\w*|"
    r"forventet|forventes|fælles møde\w*|eller|hvis|såfremt|medmindre|ikke(?!\s+(?:åben|offentlig)))\b|\?",
    re.IGNORECASE,
)
"""What says that a day may be no meeting although every word is known; of an unknown word :mod:`residue` asks."""
_NONE_AT_ALL = re.compile(r"\b(?:ingen|intet) (?:\w+ )?(?:\w+)?møder?\b|\bmødefri\w*", re.IGNORECASE)
_BY_THEN = re.compile(
    r"\b(?:senest\b|inden\b|pr\.|tilmeld\w*\b|bestil\w*\b|frist\w*\b)[^.;]{0,25}$", re.IGNORECASE
)
_UNTIL = re.compile(r"\b(?:senest|inden|\w*frist\w*|deadline\w*|lukke[srt]*)\b[^;\d]{0,30}$", re.IGNORECASE)
AGENDA = re.compile(
    r"\b(dagsorden\w*|\w*frist\w*|deadline\w*|lukke\w*|indlever\w*|udsend\w*|materiale\w*)\b", re.IGNORECASE
)
_DEADLINE_OF = re.compile(r"\b(?:\w*frist\w*|deadline\w*)\b(?:(?!møde)\D)*$", re.IGNORECASE)
IN_BRACKETS = re.compile(
    r"(?=.*\bparentes)(?=.*(?:frist|senest|dagsorden|punkter|sager|indlever|deadline))", re.IGNORECASE
)
SHIFTS = phrase("linjen flytter et møde: holdes det denne dag?")
NOT_A_MEETING = phrase("linjen nævner dagsorden eller frist: er det en mødedag?")
WHOSE = phrase("hvis møde er det?")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A meeting day as it was read in ``line`` (from 1), of which ``said`` are the words. ``doubt``: why a person must
    look, in Danish; ``gone``: the meeting is said not to be held. Days are Danish civil days."""

    body: str
    organ: str
    on: date
    agenda_closes: date | None = None
    time: str = ""
    line: int = 0
    doubt: str = ""
    gone: bool = False
    said: str = field(default="", compare=False)


def meetings(
    page: Page, name: str, text: str, dated: Sequence[Dated], *, own: bool = False
) -> Iterator[Proposed]:
    """What ``dated``, the days of ``text``, propose. ``name`` is the organ of the heading, or of the line itself where
    ``own``; a line that names several tells whose each day is, or its days carry a mark."""
    proposed = list(_proposals(page, name, text, dated))
    closes = {one.agenda_closes for one in proposed}
    whose = _whose(name, text, [one for one in dated if one.on not in closes or one.on is None], own)
    short = (
        [one for one in _SHORT.findall(text) if not _NO_ORGAN.fullmatch(one)] if not text.isupper() else []
    )
    unknown = WHOSE if short and not organs_in(text) else ""
    several = len({said for said, _ in whose.values()}) > 1
    for one in proposed:
        said, doubt = whose.get(one.on, (name, ""))
        clock = _beside(text, dated, one.on, own) if several else one.time
        yield replace(one, organ=said, time=clock, doubt=one.doubt or doubt or unknown, said=text.strip())


def _beside(text: str, dated: Sequence[Dated], on: date, own: bool) -> str:
    """The time that is said of a day's organ: from its name to the next where days stand behind names, else from the
    day to the day behind its organ's name."""
    at = next(one.at for one in dated if one.on == on)
    begins = [one.at - len(one.said) for one in dated]
    names = [0] * own + [end for end, _ in organs_in(text)]
    if names[0] <= begins[0]:
        first = max(end for end in names if end <= at)
        last = min((end for end in names if end > at), default=len(text))
    else:
        first, behind = at, min((end for end in names if end > at), default=len(text))
        last = min((start for start in begins if start >= behind), default=len(text))
    return clock_in(text[first:last])


def _whose(name: str, text: str, dated: Sequence[Dated], own: bool) -> dict[date, tuple[str, str]]:
    """The organ of each day: the one before it or, where the line begins with a day, the one behind it."""
    told = [(at, said, None) for at, said in organs_in(text)]
    if not told or not dated:
        return {}
    parts = sorted([*told, *((one.at, "", one.on) for one in dated)], key=lambda part: part[0])
    if own:
        parts.insert(0, (-1, name, None))
    groups: list[tuple[set[str], list[date]]] = []  # organs and days in turn
    for _, said, on in parts:
        is_day = on is not None
        if not groups or bool(groups[-1][1]) is not is_day:
            groups.append((set(), []))
        if on is None:
            groups[-1][0].add(said)
        else:
            groups[-1][1].append(on)
    found: dict[date, tuple[str, str]] = {}
    first = bool(groups[0][1])
    fits = bool(groups[-1][1]) is not first and all(len(organs) == 1 for organs, days in groups if not days)
    if first and not fits and (apart := _in_cells(name, text, dated)):
        return apart
    for number, (_, days) in enumerate(groups):
        for on in days:
            beside = groups[number + 1 if first else number - 1][0] if fits else {name}
            found[on] = (next(iter(beside)), "" if fits else WHOSE)
    return found


def _in_cells(name: str, text: str, dated: Sequence[Dated]) -> dict[date, tuple[str, str]]:
    """Whose each day is, where the line has cells that begin with their one day: "man 22/3 ØU  tor 25/3 Skærtorsdag".
    Empty where a cell has more than one."""
    found: dict[date, tuple[str, str]] = {}
    at, cells = 0, 0
    for cell in re.split(r"( {2,}|\t)", text):
        here = [one for one in dated if at < one.at <= at + len(cell)]
        at += len(cell)
        organs = {organ for _, organ in organs_in(cell)}
        if len(here) > 1 or len(organs) > 1 or (organs and not here):
            return {}
        for one in here:
            cells += 1
            if one.on:
                found[one.on] = (organs.pop(), "") if organs else (name, WHOSE)
    return found if cells > 1 else {}


def _proposals(page: Page, name: str, text: str, dated: Sequence[Dated]) -> Iterator[Proposed]:
    for one in dated:
        if one.on is None and "året" not in one.doubt:
            page.impossible.append(phrase("»%(line)s«: %(doubt)s", line=text.strip()[:60], doubt=one.doubt))
        elif one.on is None:
            line = text.strip()[:60]
            page.unread.append(
                phrase("»%(line)s«: %(doubt)s; skriv året bag dagen", line=line, doubt=one.doubt)
                if len(page.years) > 1
                else phrase("»%(line)s«: %(doubt)s; sig det med --year", line=line, doubt=one.doubt)
            )
            return
    days = [one for one in dated if one.on]
    yield from (
        _moved(page, name, text, days) or _closed(page, name, text, days) or _held(page, name, text, days)
    )


def _moved(page: Page, name: str, text: str, days: list[Dated]) -> list[Proposed]:
    """The days of a line that moves a meeting; none where it moves nothing."""
    if len(days) == 2 and (told := _labelled(text, days)):
        meeting, closes = told
        shifts = SHIFTS if any(word.search(text) for word in (MOVED, AWAY, SHIFTED)) else ""
        return [_proposed(page, name, text, meeting, closes=closes, doubt=shifts)] if shifts else []
    moved, away = MOVED.search(text), AWAY.search(text)
    if moved and len(days) == 2:
        return [_proposed(page, name, text, days[0], gone=True), _proposed(page, name, text, days[1])]
    if away and len(days) == 2 and days[0].at <= away.start() + 1:
        return [_proposed(page, name, text, days[0]), _proposed(page, name, text, days[1], gone=True)]
    shifted = SHIFTED.search(text) and not moved
    if away or shifted or (moved and (len(days) > 1 or days[0].at <= moved.start())):
        return [_proposed(page, name, text, one, doubt=SHIFTS) for one in days]
    return []


def _closed(page: Page, name: str, text: str, days: list[Dated]) -> list[Proposed]:
    """The meeting of a line that tells the last day for its agenda too, or the days of one that perhaps does; none
    where nothing in it is about an agenda."""
    if len(days) > 1 and (told := _labelled(text, days)):
        return [_proposed(page, name, text, told[0], closes=told[1])]
    closing, on = _closing(page, text, *days) if len(days) == 2 and not only_sent(text) else ("", None)
    if closing == "agenda":
        return [_proposed(page, name, text, days[0], closes=on)]
    if closing:
        doubt = phrase("hvad er dagen i parentes?")
        return [_proposed(page, name, text, one, doubt=doubt) for one in days]
    agenda = AGENDA.search(text)
    if agenda:
        starts = [
            one for one in days if text.find(one.said.strip().split()[0], max(agenda.start() - 40, 0)) >= 0
        ]
        if starts and len(days) == 2 and (told := meeting_and_closing(*days)):
            meeting, closes = told
            if not _DEADLINE_OF.search(text[: meeting.at - len(meeting.said)]):
                until = None if only_sent(text) else closes
                return [_proposed(page, name, text, meeting, closes=until)]
        return [_proposed(page, name, text, one, doubt=NOT_A_MEETING) for one in days]
    return []


def _labelled(text: str, days: list[Dated]) -> tuple[Dated, date | None] | None:
    """The one meeting of a line and when its agenda closes, where right before each other day words say that the agenda
    closes or is sent then: "26. januar Frist for sager: 12. januar Udsendelse: 21. januar"."""
    begins = [0, *(one.at for one in days[:-1])]
    words = [text[begin : one.at - len(one.said)] for begin, one in zip(begins, days, strict=True)]
    held = [one for one, before in zip(days, words, strict=True) if not says_which(before)]
    if len(held) != 1:
        return None
    told = [meeting_and_closing(held[0], one) for one in days if one is not held[0]]
    if not all(found and found[0] is held[0] for found in told):
        return None
    others = [before for one, before in zip(days, words, strict=True) if one is not held[0]]
    closes = [found[1] for found, before in zip(told, others, strict=True) if found and not only_sent(before)]
    return (held[0], next(iter(closes), None)) if len(closes) < 2 else None


def _held(page: Page, name: str, text: str, days: list[Dated]) -> Iterator[Proposed]:
    gone = bool(GONE.search(text))
    if gone and len(days) > 1 and _NONE_AT_ALL.search(text):  # "22.-29. Påske – ingen møder"
        yield from (replace(_proposed(page, name, text, one, gone=True), doubt="") for one in days)
        return
    for one in days:
        several = gone and len(days) > 1
        doubt = phrase("hvilken af dagene er aflyst?") if several else ""
        yield _proposed(page, name, text, one, gone=gone and not several, doubt=doubt)


def _closing(page: Page, text: str, first: Dated, second: Dated) -> tuple[str, date | None]:
    """Whether the second of two days is that by which points for the first one's meeting must be handed in, and which
    day that is: "agenda" where words before it or the list say so, "brackets" where it stands in brackets and nobody
    says what it is."""
    between = text[first.at : second.at - len(second.said)]
    told = meeting_and_closing(first, second)
    if not told or told[0] is not first:
        return "", None
    bracketed = re.fullmatch(rf"\W*\((?:{DAY_NAME})?\.?\s*(?:d(?:en|\.)\s*)?\W*", between, re.IGNORECASE)
    if _UNTIL.search(between) or (bracketed and page.in_brackets):
        return "agenda", told[1]
    return ("brackets" if bracketed else ""), None


def _proposed(
    page: Page,
    name: str,
    text: str,
    one: Dated,
    *,
    closes: date | None = None,
    gone: bool = False,
    doubt: str = "",
) -> Proposed:
    assert one.on is not None
    unsure = UNSURE.search(without_readings(text))
    closed = page.days.why_closed(one.on)
    if not doubt and _BY_THEN.search(text[: max(one.at - len(one.said), 0)]):
        doubt = phrase("linjen nævner en frist: er det en mødedag?")
    page.unproven = page.unproven or not one.proven
    if page.guessed and not one.own_year:
        doubt = doubt or phrase("året er taget fra en anden linje")
    if unsure and unsure[0] == "?":
        doubt = doubt or phrase("dagen er usikker: er den læst rigtigt?")
    doubt = doubt or one.doubt or (phrase("dagen er lukket: %(why)s", why=closed[0]) if closed else "")
    doubt = doubt or (
        phrase(
            "»%(word)s«: er det et møde, hvor der besluttes?", word=unsure[0] if unsure else page.tentative
        )
        if unsure or page.tentative
        else ""
    )
    return Proposed(page.body, name, one.on, closes, clock_in(text), doubt=doubt, gone=gone)


def under_its_name(one: Proposed) -> Proposed:
    """A meeting under its body's name as it is kept, with a mark where a person must say whether it is a body's."""
    name = bare_name(one.organ)
    asked = phrase("»%(name)s«: er det et udvalg?", name=name) if is_asked(one.organ) else ""
    return replace(one, organ=name, said=bare_name(one.said), doubt=one.doubt or asked)
