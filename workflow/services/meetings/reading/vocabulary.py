"""The words that the reader of meeting lists understands, by what they are about. Every word that stands in none is
asked about, so a word is put here only where it cannot make a day another thing than a meeting."""

from __future__ import annotations

OF_MEETINGS = frozenset(
    "møde mødet møder mødes møderne mødedag mødedage mødedagene mødedato mødedatoer mødedatoerne mødeplan "
    "mødekalender mødetid mødestart mødested år års året årets kalenderåret dato datoer datoerne "
    "dage dagene ordinært ordinære ordinær ekstraordinært ekstraordinær ekstraordinære ekstra åbent åben åbne "
    "offentligt offentlige holder holdes afholder afholdes starter start begynder begynde begyndelse slutter slut "
    "varer tid tidsrummet klokken planlagt planlagte bekræftet fastlagt vedtaget vedtager vedtog godkendt "
    "godkender status ligger falder bliver gang den det der de en et for fra til med ved kun alle alt og samt er "
    "har af at på hos som kl vi vores her vil skal være sted time date year meeting følgende næste nye nyt ny "
    "kommende første sidste derefter herefter dernæst hvor forår foråret efterår efteråret halvår kvartal "
    "formiddag eftermiddag aften ordinærtmøde indkaldes også i flyttet flyttes flytter rykket rykkes rykker "
    "udskudt udskydes udsat udsættes ændret ændres stedet grundet pga grund ændring ændringer ændringen "
    "afvigelser bemærk mht derfor før efter tidligere senere sag sagen sagens behandles behandling besluttes "
    "beslutter anbefales foretages går vej normale nr foreslår samtidig endvidere foreslås foreslået indstiller "
    "indstilles holde afholde afholdt udsendes budgetbehandling aftalt link læs mere hent download pdf referat "
    "dagsorden dagsordenen lyd video webtv false true falsk sand mandage tirsdage "
    "onsdage torsdage fredage om disse publikum tilhørere tilskuere borgere obs to tre rådhusets "
    "ca cirka tidspunkt tidspunktet velkomne livestreames livestreamet transmitteres virtuelt online nb".split()
)
"""A meeting, its kinds, how it is told and moved, the way of a case, and the links and states of a page."""

OF_HEADINGS = frozenset(
    "politisk politiske plan planen oversigt liste kalender nummer udkast forslag forslaget sagsfremstilling "
    "indstilling undtagelser undtagelse årshjul bilag version opdateret se vis om kommune council meetings sidst "
    "administrationen direktionen byrådssekretariatet forkortelser filter viser øvrige del forvaltningen "
    "forvaltningens tilføj dagsordener politik referater tidspunkt konsekvens heraf økonomi obs mb kb "
    "beslutning velkommen overblik resten".split()
)
"""What stands above a list and around it, beside those."""

OF_HOLIDAYS = frozenset(
    "påske påsken påskedag påskeugen skærtorsdag langfredag pinse pinsen pinsedag himmelfart kristi helligdag "
    "helligdage grundlovsdag jul julen nytår vinterferie vinterferien sommerferie sommerferien efterårsferie "
    "efterårsferien ferie ferien juleferie juleferien påskeferie påskeferien kr himmelfartsdag nytårsdag juledag "
    "juleaften nytårsaften".split()
)
"""Why a day is another than the usual; said alone they are no meeting."""

OF_CHANGES = frozenset("dog således undtagen ændringen ændringerne".split())
"""How a change is told, where one is."""

OF_TOPICS = frozenset(
    "spørgetid spørgetiden halvårsregnskab halvårsregnskabet årsregnskab årsregnskabet regnskab regnskabet "
    "budgetopfølgning budgetopfølgningen".split()
)
"""What a meeting of a body that is named is about."""

OF_SUBJECTS = frozenset(
    "økonomi teknik plan miljø klima natur energi kultur fritid idræt social sundhed ældre omsorg handicap børn unge "
    "familie forebyggelse skole dagtilbud uddannelse læring erhverv vækst turisme beskæftigelse arbejdsmarked by bolig "
    "byudvikling landdistrikter trafik forsyning ejendomme demokrati".split()
)
"""What a committee is about and may be called by alone, where others of the council are named in the same place."""

OF_NO_MEETINGS = frozenset("gruppemøde gruppemødet gruppemøder gruppemøderne topmøde topmødet kl".split())
"""What is never a meeting of a council or committee, where nothing else is said."""

OF_AGENDAS = frozenset(
    "frist frister fristen deadline dagsordensfrist dagsordenfrist sagsfrist punkter punkt sager lukker lukkes "
    "lukket lukning udsendes udsendt udsendelse udsendelsesdag offentliggøres offentliggjort "
    "publiceres materiale indlevering indleveres aflevering "
    "afleveres senest inden hænde mig os sekretariatet modtaget optages optagelse dagsordenpunkter".split()
)
"""The last day for an agenda, where it was read."""

OF_RULES = frozenset(
    "måneden måned måneds hver hvert anden andet tredje fjerde femte sidste næstsidste lige ulige ikke ingen "
    "undtagen undtaget bortset dog heller gælder planen hovedregel som udgangspunkt undtagelse pånær nær men én "
    "to uger ugerne".split()
)
"""A rule, where it was read."""
