"""What of a line, a row or an event is not understood. A meeting is proposed without a mark only where nothing is: the
day, the time, whose meeting it is, the place and what every list says of a meeting are taken away, and a word that
stays is one the reader does not know. So what it cannot read is asked about, and never silent. Pure."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ, without_organs
from workflow.services.meetings.reading.closing import says_which
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, without_readings, without_times
from workflow.services.meetings.reading.vocabulary import (
    OF_AGENDAS,
    OF_CHANGES,
    OF_HEADINGS,
    OF_HOLIDAYS,
    OF_MEETINGS,
    OF_NO_MEETINGS,
    OF_RULES,
    OF_TOPICS,
)

_WORD = re.compile(r"[^\W\d_]{2,}")
_EVENT = (  # what is no name of a place, though it has a capital
    r"\w*(?:dag|møde|seminar|fest|kur|frokost|kursus|konference|tur|ferie|frist|råd|rådet|nævn|bestyrelse|forum|klynge|"
    r"kommission|gruppe|tema|klub|forening|selskab|udvalg|valg|debat|orientering|afslutning|reception|rejse|besøg|træf|workshop|"
    r"deadline|samling|høring)(?:e?n|e?t|er|erne|s|ets|ens)?\b"
)
_NAME = rf"(?-i:(?!{_EVENT}|Åbent\b)[A-ZÆØÅ][a-zæøåé][\w'’]*(?:-\w+)*)"
_OF_A_TOWN = r"[\w-]*(?:skole|hal|hus|kro|gård|center|torv|plads|slot|bibliotek|teater)"
_HOUSE = (
    r"[\w-]*(?:skolen?|hal(?:len)?|sal(?:en)?|hus(?:et)?|kro(?:en)?|gård(?:en)?|cent(?:er|ret|eret)|lokale[tr]?|vej(?:en)?|"
    r"gaden?|torv(?:et)?|plads(?:en)?|slot(?:tet)?|bibliotek(?:et)?|hotel(?:let)?|værelset?|all[eé]|boulevard(?:en)?|"
    r"teat(?:er|ret)|parken|promenaden?|bryggen?|jobcenter)"
)
_BEHIND = rf"(?:\s+(?:{_NAME}|\d+\w?\b|[A-Z]?\d[\d.]*))*(?:,\s+{_NAME}(?:\s+{_NAME})?\s+\d+\w?\b)?"
_STREET = r"\w*(?:vej|gade|torv|plads|all[eé]|boulevard|stræde|vænge)(?:en|et)?"
_PLACES = (
    re.compile(
        rf"\b(?:{_NAME}\s+){{0,2}}{_STREET}\s+\d+\w?\b(?:,\s+{_NAME}(?:\s+[A-ZÆØÅ]\b)?)?", re.IGNORECASE
    ),
    re.compile(rf"\b(?:på|i|ved|hos|sted:?)\s+(?:{_NAME}\s+)*{_HOUSE}\b{_BEHIND}", re.IGNORECASE),
    re.compile(rf"\b{_NAME}\s+{_OF_A_TOWN}\b{_BEHIND}", re.IGNORECASE),
    re.compile(rf"\b(?:(?:store|lille|gamle|gl\.|nye)\s+)?(?!hus\b){_HOUSE}\b{_BEHIND}", re.IGNORECASE),
    re.compile(rf"\b(?:på|i|ved|hos)\s+(?!\w+(?:et|en|erne)\b){_NAME}(?:\s+{_NAME})*", re.IGNORECASE),
    re.compile(rf"(?<=, )(?!20\d\d)\d{{4}}\s+{_NAME}(?:\s+[A-ZÆØÅ]\b)?"),  # "5750 Ringe"
)
_BEFORE_MOVED = re.compile(r"\b(?:var|lå)(?=\s+(?:før|først|tidligere|oprindeligt?)\b)", re.IGNORECASE)
_OF_THE_CALENDAR = re.compile(
    rf"\b(?:(?:første|andet|tredje|fjerde)\s+(?:kvartal|halvår)|(?:{MONTH})s?møde(?:t)?|{MONTH}|(?:{DAY_NAME})(?:ene|en|e|s)?|mon|tue|wed|thu|sat|(?:fri|sun)(?=[.,]?\s+(?:\d|{MONTH}))|uge\w{{0,2}}|"
    r"(?:(?<=\d\s)|(?<=\d\.\s))(?:ma|ti|on|to|fr|lø|sø)|(?:ma|ti|on|to|fr|lø|sø)(?=\.?\s*(?:d(?:en|\.)\s*)?\d))\b\.?",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\b(?:pga|grundet|på grund af|falder|rykke\w*|flytte\w*|før|efter|bemærk|ligger|inden)\b", re.IGNORECASE
)
_PHRASES = re.compile(
    r"\b(?:lukket|åben)\s+del\b|\bikke\s+(?:åben\w*|offentlig\w*)|\b(?:til\s+)?senest\s+kl\.?(?=\s*\d)|\bpå\s+grund\s+af\b"
    r"|\b(?:administrationen|direktionen|forvaltningen)\s+(?:foreslår|indstiller|anbefaler)(?=,?\s+(?:at|følgende)\b)"
    r"|\b\w*ferien?\s+(?:er\s+|i\s+)?uge\w*\s*\d[\d\s–-]*",
    re.IGNORECASE,
)
_OF_A_MEETING = re.compile(r"\bmøde|meeting", re.IGNORECASE)
_NAMED_ONE = re.compile(r"(?<![\w-])møde(?:t|r|rne)?\b|\(\W*gruppemøde", re.IGNORECASE)
_BESIDE_ONE = re.compile(  # twice: one of the times is another meeting's
    r"(?<!\d)(?<![-–] )(?<![-–])(?:\bkl\.?\s*\d{1,2}|\d{1,2}[.:](?:00|15|30|45))(?![./]?\d)", re.IGNORECASE
)
_OF_STAFF = re.compile(r"\b(?:MED-?\w*udvalg\w*|(?:hoved|samarbejds|arbejdsmiljø)udvalg\w*)", re.IGNORECASE)
_MAYBE = re.compile(r"\b(?:evt\b|eventuel\w*|mulige?\b|reserve\w*)", re.IGNORECASE)
_ABOUT_ITS = re.compile(  # "Byrådets sommerudflugt", "Forberedelse til byrådsmøde"
    r"(?:rådets|udvalgets|bestyrelsens)\s+(\w+)|^\W*(\w+)\s+(?:til|på|om|efter|før|inden|med|mellem|for)\b",
    re.IGNORECASE,
)
_SHORT = 6  # words of what heads days
_PARTS = re.compile(
    r"\W*(?:lukket|åbent?)(?:\s+(?:del|møde|punkter))?\W*", re.IGNORECASE
)  # "Lukket kl. 17.30"
_SPOKEN_TO = re.compile(  # of a greeting, the head of a mail, or the foot of a page
    r"\W*(?:kontakt\w*|kilde|tlf|telefon|cvr|ean|åbningstider|tilmeld\w*|print|udskriv|kære|hej|hejsa|goddag|god\s\w+|til|fra|"
    r"sendt|emne|vedr|vedrørende|att|cc|dato|j|mvh|(?:med )?venlig hilsen|hilsen)\b.*",
    re.IGNORECASE,
)
_OF_A_LIST = re.compile(
    r"\b(?:\w*(?:plan|planen|kalender|kalenderen|oversigt|oversigten)|"
    r"møde(?:r|rne|s|dag\w*|dato\w*|tid\w*|runde\w*|kæde\w*|række\w*|uger|plan\w*|kalender\w*)?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r".+(?:møde(?:r|rne|t)?|råd(?:et|ets|ene)?|nævn(?:et)?|kommission(?:en)?|bestyrelsen?)|.*(?:seminar\w*|frist\w*|deadline\w*|"
    r"ferie\w*|lukkedage?|rejse\w*|tur|ture|KL|besøg\w*|konference\w*|kurs\w*|træf|valg|reserve\w*|udsend\w*|materiale\w*)|MED",
    re.IGNORECASE,
)
_OWNER = re.compile(  # "Haderslev Byråd", "Ishøj Kommunes", "Region Østdanmark"
    rf"\b(?:(?!Fælles|Unge?|Ungdoms|Børne|Senior|Ældre|Nyt?|Intet|Ingen|Ikke){_NAME}(?:[- ]{_NAME})?\s+"
    r"(?=[Kk]ommunes?\b|Byråds?\b|Kommunalbestyrelse|Regionsråd)|[A-ZÆØÅ]{2,}\s+(?=KOMMUNES?\b)|Region(?:en)?\s+[A-ZÆØÅ]\w+)"
)
_OTHER_NAMED = re.compile(r"\w(?:råd(?:et|ets)?|nævn(?:et)?)\b", re.IGNORECASE)
_TAILS = re.compile(r"(?<!\w)smøde\w*")  # of "Økonomiudvalgsmøder"
_OF_CANCELLING = re.compile(
    r"\b(?:aflys\w*|udgår|udgået|bortfald\w*|droppe\w*|sløjfe\w*|annuller\w*|ikke|ingen|intet|fri|mødefri\w*|cancell?ed)\b",
    re.IGNORECASE,
)


_OF_OTHERS = re.compile(  # "Ungdommens Byråd": whose it is makes it another body than the council
    r"\b(?!(?:Horsens|Assens|\w*kommunen?s|regionens|byens)\b)(\w+(?:ens|ets|nes)|unge?s?|ungdoms|børne?s?|senior|ældres?)"
    r"\s+(?=byråd|kommunalbestyrelse|regionsråd|borgerrepræsentation)", re.IGNORECASE,
)  # fmt: skip


_CALLED_OFF = re.compile(
    r"\b(?:aflyste|annullerede|udgåede|flyttede|udskudte)\b", re.IGNORECASE
)  # the days below


_NOT_HELD = re.compile(
    r"\b(?:aflys(?:t|es)|annulleret|udgår|udgået|bortfald\w*|udskudt|cancell?ed)\b", re.IGNORECASE
)  # of the meetings of a body that heads them


def unexplained(heading: str) -> list[str]:
    """The words of what stands above a list that are not understood; of a greeting or the head of a mail none, and of
    what says itself that it heads meetings only those that name another thing."""
    if _SPOKEN_TO.fullmatch(heading):
        return []
    if _PARTS.fullmatch(without_times(heading)):
        return []
    if called_off := _CALLED_OFF.findall(heading) or (
        names_organ(heading) and not _OF_A_MEETING.search(heading) and _NOT_HELD.findall(heading)
    ):
        return list(called_off)
    if _OF_CANCELLING.search(heading) and not _OTHER_NAMED.search(heading):
        return []  # "Sommerferie – ingen politiske møder"
    others = _OF_OTHERS.findall(heading)
    plain = without_organs(_OWNER.sub(" ", _OF_OTHERS.sub(" ", heading)))
    left = [*others, *residue(_OF_A_LIST.sub(" ", plain), gone=True)]
    left = [word for word in left if word.casefold() not in OF_HEADINGS]
    heads = names_organ(heading) or _OF_A_LIST.search(heading)
    about = {word for found in _ABOUT_ITS.finditer(heading) for word in found.groups() if word}
    if heads:
        left = [word for word in left if word in others or word in about or _OTHER.fullmatch(word)]
    if says_which(heading) and not names_organ(heading) and len(heading.split()) <= _SHORT:
        left += [
            word for word in re.findall(r"\w+", heading) if says_which(word)
        ]  # of agendas that close or are sent
    return list(dict.fromkeys([*left, *_OF_STAFF.findall(heading), *_MAYBE.findall(heading)]))


def residue(said: str, *, agenda: bool = False, rule: bool = False, gone: bool = False) -> list[str]:
    """The words of ``said`` that are not understood, in their order. ``agenda``: the day an agenda closes was read in
    it; ``rule``: a rule was, ``gone``: that a meeting is not held; their own words are understood then."""
    others = _OF_OTHERS.findall(said)
    plain = _PHRASES.sub(" ", without_organs(_OWNER.sub(" ", _OF_OTHERS.sub(" ", said))))
    plain = without_times(without_readings(_TAILS.sub(" ", plain)))
    if gone:
        plain = _OF_CANCELLING.sub(" ", plain)
    for place in _PLACES:
        plain = place.sub(" ", plain)
    plain = _OF_THE_CALENDAR.sub(" ", _BEFORE_MOVED.sub(" ", plain))
    known = (
        OF_MEETINGS
        | (OF_CHANGES if _BECAUSE.search(said) else frozenset())
        | (OF_HOLIDAYS if _BECAUSE.search(said) else frozenset())
        | (OF_TOPICS if names_organ(said) else frozenset())
        | (OF_AGENDAS if agenda else frozenset())
        | (OF_RULES if rule else frozenset())
    )
    left = [word for word in _WORD.findall(plain) if word.casefold() not in known or word == "KL"]
    return [*others, *_OF_STAFF.findall(said), *left]


def is_no_meeting(said: str, *, closed: bool) -> bool:
    """Whether the words beside a day are known for what is no meeting: one of the groups or, where the day is
    ``closed``, the holiday it is. Where a meeting is named or timed beside them, it may be held."""
    left = {word.casefold() for word in residue(said)}
    if len(_BESIDE_ONE.findall(said)) > 1 or _NAMED_ONE.search(said):
        return False
    holiday = closed and not _OF_A_MEETING.search(said) and left <= OF_HOLIDAYS
    return bool(left) and not names_organ(said) and (left <= OF_NO_MEETINGS or holiday)
