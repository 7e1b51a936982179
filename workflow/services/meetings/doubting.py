"""What a list as a whole makes doubtful: a day in another year than the rest, a line that names another thing than a
meeting, a calendar that prints every day of the month. Pure; a mark is Danish."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from workflow.language import phrase
from workflow.services.meetings.heading import HEADING, below_several, not_adopted, of_deadlines, of_proposals
from workflow.services.meetings.naming import any_committee, names_organ, organs_in, without_organs
from workflow.services.meetings.proposing import NOT_A_MEETING, WHOSE, Proposed
from workflow.services.meetings.recurring import recurs
from workflow.services.meetings.tabular import CELLS
from workflow.services.meetings.tokens import DAY_NAME, MONTH, without_times

_FEW, _ENOUGH = 2, 6  # days of a year beside those of the others, and of these
_PRINTED = 15  # days of one month without a word behind them: a calendar of days, not a list of meetings
_DECISION = re.compile(r"\W*(?:beslutning|behandlet|protokol|mødetidspunkt)\b", re.IGNORECASE)
_ADOPTS = re.compile(
    r"(?:plan|planen|kalender|kalenderen|datoer|datoerne|dage|dagene|møder|møderne)\s+(?:er|blev|er blevet)\s+"
    r"(?:endeligt?\s+)?(?:godkendt|vedtaget|fastlagt|besluttet|tiltrådt)\b"
    r"|\b(?:planen|kalenderen|forslaget|udkastet) (?:behandles|forelægges)\b"
    r"|\bbeslutning\w* (?:træffes|tages)\b|\btager (?:endeligt? )?stilling\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:beslutning|indstilling|sagsfremstilling|problemstilling|referat)\W*", re.IGNORECASE
)
_HEAD = re.compile(r"(?:mødedato|dato|referat)\b\W*", re.IGNORECASE)
_DECIDED = phrase("er det mødet, hvor listen blev besluttet?")
_OTHER_BODY = re.compile(
    r"\b(?!kommunal)\w*bestyrelse\w*|\b(?:ældre|handicap|senior|ungdoms|unge|børne|udsatte|integrations|bruger|lokal|klima)"
    r"råd\w*|\w+nævn(?:et)?\b|\w+kommission(?:en)?\b", re.IGNORECASE,
)  # fmt: skip
_OF_SEVERAL = phrase("listen har flere forslag: er det dette, der er vedtaget?")
_MEETING = re.compile(r"møde|meeting|\bsal\b|beslutning|samling", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_PLACE = re.compile(
    r"\w*(?:skole|hal|hallen|sal|salen|hus|huset|kro|gård|gården|center|centret|lokale|lokalet|vej|gade|torv|torvet|"
    r"plads|slot|bibliotek|hotel|rådhus)\w*", re.IGNORECASE,
)  # fmt: skip
_AT = re.compile(r"\b(?:på|i|ved|hos)\b", re.IGNORECASE)
_PLAIN = set(
    "den det der for fra til med ved kun dog alle hver uge uger klokken ordinært ordinære ordinær åbent åben "
    "offentligt offentlige ekstra ekstraordinært ekstraordinær behandling budget budgettet første anden forår "
    "efterår dato datoer dag dage holdes afholdes starter begynder slutter mødes samt også både ingen ikke her "
    "nye næste kommende årets følgende øvrige halvår kvartal year date start time referat dagsorden link læs "
    "mere pdf planlagt afholdt status bekræftet kommunen kommune evt eventuelt foreløbig påske flyttet flyttes "
    "rykket rykkes ændret stedet aflyst udgår false true ugedag mandage tirsdage onsdage torsdage fredage døgn "
    "formiddag eftermiddag aften lige ulige sag sagen sagens gang behandles foråret efteråret derefter".split()
)


def doubted(found: Sequence[Proposed], lines: Mapping[int, str]) -> list[Proposed]:
    """The meetings, with what the whole of ``lines`` (by number) makes doubtful marked or left out."""
    kept = _without_printed_days(found, lines)
    years = Counter(one.on.year for one in kept)
    decided, foreign = _of_minutes(lines), _of_others(lines)
    proposals, rows, whose = of_proposals(lines), of_deadlines(lines), below_several(lines)
    proposed = not_adopted(lines)
    named = {organ for line in lines.values() for _, organ in organs_in(line)}
    return [
        replace(
            one,
            doubt=one.doubt
            or _another_year(one, years)
            or (_DECIDED if one.line in decided else "")
            or ("" if one.agenda_closes else _no_meeting(lines.get(one.line, "")))
            or _unsettled(one, proposed)
            or (_OF_SEVERAL if one.line in proposals else "")
            or ("" if one.agenda_closes or one.line not in rows else NOT_A_MEETING)
            or (
                WHOSE
                if one.line in foreign
                or _nobodys(one, named)
                or one.organ not in whose.get(one.line, {one.organ})
                else ""
            ),
        )
        for one in kept
    ]


def _unsettled(one: Proposed, proposed: Mapping[int | None, str]) -> str:
    word = proposed.get(one.on.year) or proposed.get(None)
    return phrase("»%(word)s«: er dagen vedtaget?", word=word) if word else ""


def _nobodys(one: Proposed, named: set[str]) -> bool:
    """Whether it is not plain whose meeting it is: a committee without a name, or the council where the text ``named``
    committees alone."""
    if one.organ:
        return any_committee(one.organ)
    return bool(named) and "" not in named


def _of_minutes(lines: Mapping[int, str]) -> set[int]:
    """The lines that tell the day on which the list was decided: of a decision, and in minutes what heads them."""
    minutes = any(_HEADING.fullmatch(line) for line in lines.values())
    found, before = set(), ""
    for number, line in lines.items():
        if (
            _DECISION.match(line)
            or _ADOPTS.search(line)
            or (minutes and (_HEAD.match(line) or _HEAD.fullmatch(before)))
        ):
            found.add(number)
        before = line
    return found


def _of_others(lines: Mapping[int, str]) -> set[int]:
    """The lines below a heading that names another body than the council and its committees, or that name both."""
    found, other = set(), False
    for number, line in lines.items():
        if names_organ(line):
            other = False
            if _OTHER_BODY.search(without_organs(line)) and not CELLS.search(line):
                found.add(number)  # of both
        elif _OTHER_BODY.search(line) and len(line.split()) <= HEADING:
            other = True
        if other:
            found.add(number)
    return found


def _without_printed_days(found: Sequence[Proposed], lines: Mapping[int, str]) -> list[Proposed]:
    """A calendar that prints every day tells of a meeting where something is written beside the day."""
    bare: dict[tuple[int, int], set[date]] = defaultdict(set)
    for one in found:
        if not _says_more(lines.get(one.line, "")):
            bare[one.on.year, one.on.month].add(one.on)
    printed = {month for month, days in bare.items() if len(days) >= _PRINTED}
    return [
        one
        for one in found
        if (one.on.year, one.on.month) not in printed or _says_more(lines.get(one.line, ""))
    ]


def _says_more(line: str) -> bool:
    return bool(line and (names_organ(line) or _left(line) or _MEETING.search(line)))


def _another_year(one: Proposed, years: Counter[int]) -> str:
    few, most = years[one.on.year], max(years.values())
    return phrase("dagen ligger i et andet år end de andre") if few <= _FEW < _ENOUGH <= most else ""


def _no_meeting(line: str) -> str:
    """A line that has words beside its day, and none of them says that it is a meeting."""
    if not line or recurs(line) or _MEETING.search(line) or (names_organ(line) and CELLS.search(line)):
        return ""
    left = _left(without_organs(line))
    return phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=" ".join(left[:4])) if left else ""


def _left(line: str) -> list[str]:
    """The words that are neither a day, a time, a place nor what every list says."""
    plain = re.sub(
        rf"\b(?:{MONTH}|(?:{DAY_NAME})(?:en|e|s)?)\b\.?", " ", without_times(line), flags=re.IGNORECASE
    )
    words = [word for word in _WORD.findall(_AT.split(plain)[0]) if word.casefold() not in _PLAIN]
    if _AT.search(plain) and words and not any(_PLACE.fullmatch(word) for word in words):
        return words  # "Nytårskur på rådhuset"
    words = [word for word in _WORD.findall(plain) if word.casefold() not in _PLAIN]
    return [] if any(_PLACE.fullmatch(word) for word in words) else words
