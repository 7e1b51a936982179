"""Minutes in which a list was decided, and lists of other bodies, written anew after what public pages look like."""

from __future__ import annotations

from tests.services.meetings.publishedfiles import text

MINUTES = (
    text(
        "a case with its decision",
        "Nr. 136 - Fastsættelse af mødekalender for Byråd og fagudvalgene i 2027\nSagsnr.: 26/16709\n"
        "Forslag til mødeplan for Byråd og fagudvalgene 2027. Byrådet skal tage stilling til egne mødedatoer.\n"
        "Sagsfremstilling og økonomi\nMandag den 25. januar\nMandag den 22. februar\nMandag den 22. marts + temamøde\n"
        "Budgetseminar fredag den 30. april\nMandag den 31. maj\nMandag den 21. juni + temamøde\n"
        "Møderne er foreslået ud fra praksis om, at de afholdes med hensyntagen til skoleferier.\n"
        "Alle udvalg, der pr. 20. september har drøftet sagen, har godkendt datoerne.\n"
        "Indstilling\nAt forslag til mødeplan 2027 godkendes.\nBeslutning i Byrådet den 26-09-2026\nGodkendt.\n",
        {"": "25/1 22/2 22/3 31/5 21/6"},
    ),
    text(
        "months with a number behind",
        "Økonomiudvalgets møder i 2027:\nJanuar 18.\nFebruar 15\nMaj Ingen\nSeptember 6. og 27.\n\n"
        "Byrådets møder i 2027:\nJanuar 26.\nFebruar Ingen\nMarts 2.\nSeptember 14. (1. behandling af budget)\n"
        "Juli Ingen\nByrådsmøderne påbegyndes kl. 17.00.\n"
        "Antallet af møder i året 2027 udgør 10 i lighed med de forudgående år.\n",
        {"Økonomiudvalget": "18/1 15/2 6/9 27/9", "": "26/1 2/3 14/9"},
    ),
    text(
        "days on which the papers are sent",
        "Mødedato: 10.10.2026, kl. 15:00\nMødested: Rådhuset, Udvalgsværelse F på 2. sal\n"
        "Mødeplan for Teknik- og Miljøudvalget 2027\nProblemstilling\n"
        "Mødedage for Teknik- og Miljøudvalget i 2027 er følgende:\n25-01-2027 udsendelsesdag: 15-01-2027\n"
        "08-02-2027 udsendelsesdag: 29-01-2027\n01-03-2027 udsendelsesdag: 19-02-2027\nBeslutning\nGodkendt.\n",
        {"Teknik- og Miljøudvalget": "25/1 8/2 1/3"},
    ),
    text(
        "meetings moved, each cell on a line of its own",
        "Byrådet\nOnsdag 20. januar 2027\nFølgende møder flyttes:Fra\nTil\nBørne – og Skoleudvalget\n7.6.27\n1.6.27\n"
        "Plan, Miljø og Klimaudvalget\n8.6.27\n2.6.27\n",
        {"": "20/1", "Børne- og Skoleudvalget": "-7/6 1/6", "Plan, Miljø og Klimaudvalget": "-8/6 2/6"},
    ),
)
ASIDE = (
    text(
        "meetings of another kind beside the council's",
        "Møder i Kommunalbestyrelsen\n2027-01-12T17:00 Ordinært møde\n2027-02-09T17:00 Ordinært møde\n"
        "2027-03-09T17:00 Gruppemøde\n",
        {"": "12/1 9/2"},
    ),
    text(
        "a day without a month's number, and a month without meetings",
        "Byrådet mødes i 2027 på følgende datoer:\nJanuar: tirsdag den 26\nFebruar: tirsdag den 23\n"
        "Marts: ingen møder pga. påske\nApril: tirsdag den 6 og tirsdag den 27\n"
        "Gruppemøder holdes mandagen før kl. 19.\n",
        {"": "26/1 23/2 6/4 27/4"},
    ),
    text(
        "months in columns, nothing above those that meet",
        "Mødekalender 2027\n        Jan   Feb   Mar   Apr\nØU      18    15    15    19\nBYR     25    22    22    26\n"
        "BUU     12    9     9     13\nBYR = Byrådet, BUU = Børne- og Ungeudvalget\n",
        {
            "Økonomiudvalget": "18/1 15/2 15/3 19/4",
            "": "25/1 22/2 22/3 26/4",
            "Børne- og Ungeudvalget": "12/1 9/2 9/3 13/4",
        },
    ),
    text(
        "days that are no meetings among those that are",
        "Byrådet 2027\nTirsdag 26.1. kl. 17-21\nTirsdag 23.2. kl. 17-21\nOnsdag 28.4. kl. 17-21 (OBS: onsdag)\n"
        "Valgdag 16.11. – intet møde\nNytårsreception 6.1.\nAfgangsdag for høringssvar 12.2.\n",
        {"": "26/1 23/2 28/4 -16/11"},
    ),
)
OTHERS = (
    text(
        "a board",
        "Bestyrelsesmøder 2027\nTorsdag den 4. februar\nTorsdag den 11. marts\nTorsdag den 8. april\n",
        {},
    ),
    text(
        "the council, and below it a council of the elderly",
        "Byrådets møder 2027\n27. januar\n24. februar\n\nÆldrerådet\n3. februar\n3. marts\n",
        {"": "27/1 24/2"},
    ),
)
"""Lists of which some or all belong to nobody who is asked here: those days carry a mark."""
