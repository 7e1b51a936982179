"""What of a line, a row or an event is not understood. A meeting is proposed without a mark only where nothing is: the
day, the time, whose meeting it is, the place and what every list says of a meeting are taken away, and a word that
stays is one the reader does not know. So what it cannot read is asked about, and never silent. Pure."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ, without_organs
from workflow.services.meetings.tokens import DAY_NAME, MONTH, without_readings, without_times

_WORD = re.compile(r"[^\W\d_]{2,}")
_NAME = r"(?-i:[A-ZÆØÅ][\w'’]*(?:-\w+)*)"
_HOUSE = (
    r"[\w-]*(?:skolen?|hal(?:len)?|sal(?:en)?|hus(?:et)?|kro(?:en)?|gård(?:en)?|cent(?:er|ret|eret)|lokale[tr]?|vej(?:en)?|"
    r"gaden?|torv(?:et)?|plads(?:en)?|slot(?:tet)?|bibliotek(?:et)?|hotel(?:let)?|værelset?|all[eé]|boulevard(?:en)?|"
    r"teat(?:er|ret))"
)
_PLACES = (
    re.compile(
        rf"\b(?:på|i|ved|hos|sted:?)\s+(?:{_NAME}\s+)*{_HOUSE}\b(?:\s+(?:{_NAME}|\d+\w?\b))*(?:,\s+{_NAME}\s+\d+\w?\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:(?:store|lille|gamle|nye)\s+)?(?:{_NAME}\s+)?{_HOUSE}\b(?:\s+(?:{_NAME}|\d+\w?\b))*(?:,\s+{_NAME}\s+\d+\w?\b)?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:på|i|ved|hos)\s+{_NAME}(?:\s+{_NAME})*", re.IGNORECASE),
    re.compile(rf"\b\d{{4}}\s+{_NAME}(?:\s+[A-ZÆØÅ]\b)?"),  # "5750 Ringe"
)
_OF_THE_CALENDAR = re.compile(
    rf"\b(?:{MONTH}|(?:{DAY_NAME})(?:ene|en|e|s)?|(?:mon|tue|wed|thu|fri|sat|sun)|(?:ma|ti|on|to|fr|lø|sø)(?=\.?\s*(?:d(?:en|\.)\s*)?\d)|uge\w{{0,2}})\b\.?",
    re.IGNORECASE,
)
_WORDS = frozenset(
    # a meeting, its kinds and how it is told
    "møde mødet møder mødes møderne mødedag mødedage mødedagene mødedato mødedatoer mødedatoerne mødeplan mødekalender "
    "mødetid mødestart mødested kommunens kommune byens år års året årets kalenderåret dato datoer datoerne dag dage dagene "
    "ordinært ordinære ordinær ekstraordinært ekstraordinær ekstraordinære ekstra åbent åben åbne offentligt offentlige "
    "holder holdes afholder afholdes starter start begynder begynde begyndelse slutter slut varer tid tidsrummet klokken "
    "planlagt planlagte bekræftet fastlagt vedtaget vedtager vedtog godkendt godkender status ligger falder bliver gang "
    "den det der de en et for fra til med ved kun alle alt og samt er har af om at på hos som kl år vi vores her vil skal være "
    "sted start time date year meeting følgende næste nye nyt ny kommende første sidste derefter herefter dernæst hvor "
    "forår foråret efterår efteråret halvår kvartal formiddag eftermiddag aften ordinærtmøde indkaldes også i "
    # moved: which day holds is read elsewhere
    "flyttet flyttes flytter rykket rykkes rykker udskudt udskydes udsat udsættes ændret ændres stedet grundet pga grund "
    "ændring ændringer ændringen afvigelser bemærk mht derfor før efter tidligere senere "
    # the way of a case
    "sag sagen sagens behandles behandling besluttes beslutter anbefales foretages går vej normale "
    # of a list and what stands around it
    "politisk politiske plan planen oversigt liste kalender datoer nr nummer udkast forslag forslaget sagsfremstilling beslutning "
    "indstilling undtagelser undtagelse årshjul bilag version opdateret se vis om kommune foreslår samtidig endvidere council "
    "meetings sidst budgetbehandling øvrige del aftalt forvaltningen forvaltningens tilføj dagsordener politik referater tidspunkt konsekvens heraf økonomi obs mb kb "
    # of a page: links, columns, states
    "link læs mere hent download pdf referat dagsorden dagsordenen referatet lyd video webtv false true falsk sand offentliggjort "
    "mandage tirsdage onsdage torsdage fredage".split()
)
_OF_HOLIDAYS = frozenset(
    "påske påsken påskedag påskeugen skærtorsdag langfredag pinse pinsen pinsedag himmelfart kristi helligdag helligdage "
    "grundlovsdag jul julen nytår vinterferie vinterferien sommerferie sommerferien efterårsferie efterårsferien ferie ferien".split()
)
_BECAUSE = re.compile(r"\b(?:pga|grundet|på grund af|falder|rykke\w*|flytte\w*|før|efter|bemærk|ligger|inden)\b", re.IGNORECASE)
_OF_AGENDAS = frozenset(
    "frist frister fristen deadline dagsordensfrist dagsordenfrist sagsfrist punkter punkt sager lukker lukkes lukket lukning "
    "udsendes udsendt udsendelse udsendelsesdag materiale indlevering indleveres aflevering afleveres senest inden hænde mig os "
    "sekretariatet modtaget optages optagelse dagsordenpunkter".split()
)
_OF_RULES = frozenset(
    "måneden måned måneds hver hvert anden andet tredje fjerde femte sidste næstsidste lige ulige ikke ingen undtagen undtaget "
    "bortset dog heller gælder planen hovedregel som udgangspunkt undtagelse pånær nær men én to uger ugerne".split()
)
_PHRASES = re.compile(
    r"\bikke\s+(?:åben\w*|offentlig\w*)|\b(?:til\s+)?senest\s+kl\.?(?=\s*\d)|\bpå\s+grund\s+af\b"
    r"|\b\w*ferien?\s+(?:er\s+|i\s+)?uge\w*\s*\d[\d\s–-]*", re.IGNORECASE
)
_SPOKEN_TO = re.compile(
    r"\W*(?:kære|hej|hejsa|goddag|god\s\w+|til|fra|sendt|emne|vedr|vedrørende|att|cc|dato|j|hilsen|mvh|med venlig hilsen|venlig hilsen)\b.*",
    re.IGNORECASE,
)
_OF_A_LIST = re.compile(
    r"\b(?:\w*(?:plan|planen|kalender|kalenderen|oversigt|oversigten)|"
    r"møde(?:r|rne|s|dag\w*|dato\w*|tid\w*|kæde\w*|række\w*|uger|plan\w*|kalender\w*)?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r".+(?:møde(?:r|rne|t)?|råd(?:et|ets|ene)?|nævn(?:et)?|kommission(?:en)?|bestyrelsen?)|.*(?:seminar\w*|frist\w*|deadline\w*|"
    r"ferie\w*|lukkedage?|rejse\w*|tur|ture|besøg\w*|konference\w*|kurs\w*|træf|valg|reserve\w*|udsend\w*|materiale\w*)|MED",
    re.IGNORECASE,
)
_OWNER = re.compile(  # "Haderslev Byråd", "Ishøj Kommunes", "Region Østdanmark"
    r"\b(?:(?!Fælles|Unge?|Ungdoms|Børne|Senior|Ældre|Nyt?|Møde|Intet|Ingen|Ikke)[A-ZÆØÅ][\w-]+(?:[- ][A-ZÆØÅ][\w-]+)?\s+(?=[Kk]ommunes?\b|Byråds?\b|"
    r"Kommunalbestyrelse|Regionsråd)|Region(?:en)?\s+[A-ZÆØÅ]\w+)"
)
_TAILS = re.compile(r"(?<!\w)smøde\w*")  # of "Økonomiudvalgsmøder"
_OF_CANCELLING = re.compile(
    r"\b(?:aflys\w*|udgår|udgået|bortfald\w*|droppe\w*|sløjfe\w*|annuller\w*|ikke|ingen|intet|fri|mødefri\w*|cancell?ed)\b",
    re.IGNORECASE,
)


def unexplained(heading: str) -> list[str]:
    """The words of what stands above a list that are not understood; of a greeting or the head of a mail none, and of
    what says itself that it heads meetings only those that name another thing."""
    if _SPOKEN_TO.fullmatch(heading):
        return []
    left = residue(_OF_A_LIST.sub(" ", heading), gone=True)
    heads = names_organ(heading) or _OF_A_LIST.search(heading)
    return [word for word in left if _OTHER.fullmatch(word)] if heads else left


def residue(said: str, *, agenda: bool = False, rule: bool = False, gone: bool = False) -> list[str]:
    """The words of ``said`` that are not understood, in their order. ``agenda``: the day an agenda closes was read in
    it; ``rule``: a rule was, ``gone``: that a meeting is not held; their own words are understood then."""
    plain = _PHRASES.sub(" ", without_organs(_OWNER.sub(" ", said)))
    plain = without_times(without_readings(_TAILS.sub(" ", plain)))
    if gone:
        plain = _OF_CANCELLING.sub(" ", plain)
    for place in _PLACES:
        plain = place.sub(" ", plain)
    plain = _OF_THE_CALENDAR.sub(" ", plain)
    known = _WORDS | (_OF_HOLIDAYS if _BECAUSE.search(said) else frozenset()) | (_OF_AGENDAS if agenda else frozenset()) | (_OF_RULES if rule else frozenset())
    return [word for word in _WORD.findall(plain) if word.casefold() not in known]
