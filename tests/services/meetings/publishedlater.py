"""More lists in the shapes of public municipal pages, written after the reader was made; no council's days.

When the 22 of ``LATER`` were first tried, it read 129 of 177 days right and took 14 wrong ones without a mark. Mended
for those, it read 55 of 74 of the next 15 (``LAST``, in ``publishedlast.py``) and took 6 wrong ones without a mark.
Then it was mended for these.
"""

from __future__ import annotations

from tests.services.meetings.publishedfiles import at, ics, sheet, text

LATER = (
    text(
        "a table by month whose cells are left empty below it",
        "Mødekalender 2027\n\nMåned | Dag | Møde\nJanuar | Tirsdag den 12. | Økonomiudvalget\n"
        " | Onsdag den 20. | Byrådet\nFebruar | Tirsdag den 9. | Økonomiudvalget\n | Onsdag den 17. | Byrådet\n"
        "Marts | Tirsdag den 9. | Økonomiudvalget\n | Onsdag den 17. | Byrådet\n",
        {"Økonomiudvalget": "12/1 9/2 9/3", "": "20/1 17/2 17/3"},
    ),
    text(
        "the first Wednesday, with the holiday in a sentence behind it",
        "Kommunalbestyrelsen holder ordinært møde 1. onsdag i måneden kl. 16.30-18 i 2027. Der er ingen "
        "møder i juli.",
        {"": "6/1 3/2 3/3 7/4 5/5 2/6 4/8 1/9 6/10 3/11 1/12"},
    ),
    text(
        "Tuesdays in even weeks but for three spans",
        "Mødeplan for udvalgene 2027\n\nSocial- og Sundhedsudvalget mødes tirsdage i lige uger kl. 15, "
        "undtagen uge 7, "
        "27-32, 42 og 52.\n",
        {
            "Social- og Sundhedsudvalget": "12/1 26/1 9/2 23/2 9/3 23/3 6/4 20/4 4/5 18/5 1/6 15/6 29/6 24/8 "
            "7/9 21/9 "
            "5/10 2/11 16/11 30/11 14/12"
        },
    ),
    text(
        "two days that share a month, and a retreat",
        "Byrådets møder i første halvår 2027\n13. og 27. januar\n10. og 24. februar\n10./31. marts\n"
        "Byrådets døgnseminar: 19.-20. marts\n14. og 28. april\n12. + 26. maj\n9. samt 23. juni\n",
        {"": "13/1 27/1 10/2 24/2 10/3 31/3 14/4 28/4 12/5 26/5 9/6 23/6"},
    ),
    text(
        "years of two digits, from hour to hour",
        "Ugedag\tDato\tTid\tSted\nOnsdag\t13-01-27\t16.30-18\tByrådssalen\nOnsdag\t10-02-27\t16.30-18\tByrådssalen\n"
        "Onsdag\t10-03-27\t16.30-18\tByrådssalen\nTirsdag\t13-04-27\t16.30-18\tKulturhuset, sal 2\n",
        {"": "13/1 10/2 10/3 13/4"},
    ),
    text(
        "short names that a legend explains",
        "Politiske møder 2027\nKB = Kommunalbestyrelsen, ØU = Økonomiudvalget, SSU = Social- og Sundhedsudvalget\n\n"
        "Tirsdag 5. januar   SSU\nTirsdag 12. januar  ØU\nTirsdag 19. januar  KB\nTirsdag 2. februar  SSU\n"
        "Tirsdag 9. februar  ØU\nTirsdag 23. februar KB\n",
        {"Social- og Sundhedsudvalget": "5/1 2/2", "Økonomiudvalget": "12/1 9/2", "": "19/1 23/2"},
    ),
    text(
        "a PDF copied with its lines broken",
        "Mødedatoer for Byrådet\n2027\n\nOnsdag den\n20. januar\nkl. 17.00\n\nOnsdag den\n24. februar\nkl. 17.00\n\n"
        "Onsdag den 31.\nmarts kl. 17.00\n\nOnsdag den 28. april kl.\n17.00\nSide 1 af 2\nOnsdag den 26. "
        "maj kl. 17.00\n",
        {"": "20/1 24/2 31/3 28/4 26/5"},
    ),
    text(
        "a page in English",
        "City Council meetings 2027\n\nThe City Council meets at the Town Hall on the following days at 5.30 pm:\n"
        "Thursday 28 January\nThursday 25 February\nThursday 18 March\nWednesday 5 May\nThursday 10 June\n"
        "Thursday 26 August\nThursday 14 October\nThursday 9 December\n",
        {"": "28/1 25/2 18/3 5/5 10/6 26/8 14/10 9/12"},
    ),
    text(
        "days in English order with their year",
        "Council meetings\nWed, January 27, 2027 at 17:00\nWed, February 24, 2027 at 17:00\nWed, May 26, "
        "2027 at 17:00\n",
        {"": "27/1 24/2 26/5"},
    ),
    text(
        "moved from, cancelled, and instead of",
        "Møder i kommunalbestyrelsen 2027:\n20. januar\n17. februar\n17. marts\n21. april\n19. maj "
        "(flyttet fra 12/5)\n"
        "16. juni – aflyst\n23. juni (i stedet for mødet den 16. juni)\n25. august\n",
        {"": "20/1 17/2 17/3 21/4 -12/5 19/5 -16/6 23/6 25/8"},
    ),
    text(
        "several days in a sentence, each with its hours",
        "I 2027 holder Byrådet møde onsdag den 27. januar kl. 16.30-18, onsdag den 24. februar kl. "
        "16.30-18, onsdag den "
        "31. marts kl. 15-17.30 og torsdag den 29. april kl. 16.30-18.",
        {"": "27/1 24/2 31/3 29/4"},
    ),
    ics(
        "a calendar with a rule, days taken out and one moved",
        [
            "DTSTART;TZID=Europe/Copenhagen:20270127T170000|DTEND;TZID=Europe/Copenhagen:20270127T200000"
            "|RRULE:FREQ=MONTHLY;BYDAY=-1WE;UNTIL=20271231T230000Z|EXDATE;TZID=Europe/Copenhagen:20270728T170000"
            "|EXDATE;TZID=Europe/Copenhagen:20271229T170000|SUMMARY:Byrådsmøde",
            "DTSTART;TZID=Europe/Copenhagen:20270118T160000|RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=6"
            "|EXDATE;TZID=Europe/Copenhagen:20270215T160000|SUMMARY:Økonomiudvalget",
        ],
        {
            "": "27/1 24/2 31/3 28/4 26/5 30/6 25/8 29/9 27/10 24/11",
            "Økonomiudvalget": "18/1 1/2 1/3 15/3 29/3",
        },
    ),
    sheet(
        "a workbook with days as days and as words",
        [
            ["Byrådet 2027", None, None, None],
            ["Dag", "Dato", "Starttid", "Bemærkning"],
            ["Onsdag", at("2027-01-27"), "17:00", None],
            ["Onsdag", "24. februar 2027", "17:00", None],
            ["Onsdag", "31-03-2027", "17:00", "Afbud til borgmesteren"],
            ["Onsdag", at("2027-04-28"), "kl. 16.30-18", None],
            ["Onsdag", "26. maj", "17:00", "aflyst"],
            ["Tirsdag", "22/6", "17:00", "flyttet fra 23/6"],
        ],
        {"": "27/1 24/2 31/3 28/4 -26/5 22/6 -23/6"},
    ),
    text(
        "a day a row, a cross below the body that meets",
        "Mødeoversigt 2027\nDato\tØkonomiudvalget\tSundhedsudvalget\tByrådet\n12-01-2027\tx\t\t\n14-01-2027\t\tx\t\n"
        "27-01-2027\t\t\tx\n09-02-2027\tx\t\t\n24-02-2027\t\t\tx\n",
        {"Økonomiudvalget": "12/1 9/2", "Sundhedsudvalget": "14/1", "": "27/1 24/2"},
    ),
    text(
        "meetings that are moved, copied with every cell on a line of its own",
        "Som konsekvens heraf flyttes følgende møder i 2027:\n\nFra\n\nTil\n\nBørne- og Skoleudvalget\n\n7.6.27\n\n"
        "31.5.27\n\nØkonomiudvalget\n\n21.6.27\n\n14.6.27\n\nByrådet\n\n28.6.27\n\n21.6.27\n",
        {"Børne- og Skoleudvalget": "-7/6 31/5", "Økonomiudvalget": "-21/6 14/6", "": "-28/6 21/6"},
    ),
    text(
        "a wide table with dashes, stars and two days in a cell",
        "Mødeplan 2027\nOrgan | Tid | Jan | Feb | Mar | Apr | Maj | Juni | Juli | Aug | Sep | Okt | Nov | Dec\n"
        "Kommunalbestyrelsen | 18.00 | 28 | 25 | 18 | 29* | 27 | 3,24 | - | 26 | 16** | 7 | 25 | 16\n"
        "Økonomiudvalget | 15.30 | 19 | 16 | 9 | 20 | 18 | 15 | - | 17 | 7,28 | 19* | 16 | 7\n"
        "*Anden ugedag end sædvanligt\n**Mødet begynder kl. 16\n",
        {
            "": "28/1 25/2 18/3 29/4 27/5 3/6 24/6 26/8 16/9 7/10 25/11 16/12",
            "Økonomiudvalget": "19/1 16/2 9/3 20/4 18/5 15/6 17/8 7/9 28/9 19/10 16/11 7/12",
        },
    ),
    text(
        "a rule with another day in December",
        "Kommunalbestyrelsens møder 2027\nMøderne holdes den sidste tirsdag i måneden kl. 18.30, undtagen juli. "
        "I december dog tirsdag den 14.\n",
        {"": "26/1 23/2 30/3 27/4 25/5 29/6 31/8 28/9 26/10 30/11 14/12"},
    ),
    text(
        "tiles of a web page, day and month below each other",
        "Kommende møder 2027\n\n27\njan\nByrådsmøde\nKl. 17.00-21.00\nByrådssalen\n\n15\nfeb\nØkonomiudvalget\n"
        "Kl. 16.00-18.00\nMødelokale 3\n\n24\nfeb\nByrådsmøde\nKl. 17.00-21.00\nByrådssalen\n\nVis flere møder\n",
        {"": "27/1 24/2", "Økonomiudvalget": "15/2"},
    ),
    text(
        "committee, council and two deadlines in a row of a table",
        "Mødeplan 2027\nFrist for sager\tDagsorden udsendes\tØkonomiudvalget\tByrådet\n4/1\t13/1\t18/1\t27/1\n"
        "1/2\t10/2\t15/2\t24/2\n1/3\t10/3\t15/3\t31/3\n",
        {"Økonomiudvalget": "18/1 15/2 15/3", "": "27/1 24/2 31/3"},
    ),
    text(
        "a line a week, several committees in it",
        "Mødeuger, forår 2027\nUge 3: ti 19/1 Teknik- og Miljøudvalget, on 20/1 Social- og Sundhedsudvalget, to 21/1 "
        "Kultur- og Fritidsudvalget\nUge 4: ti 26/1 Økonomiudvalget\nUge 5: to 4/2 Byrådet\n",
        {
            "Teknik- og Miljøudvalget": "19/1",
            "Social- og Sundhedsudvalget": "20/1",
            "Kultur- og Fritidsudvalget": "21/1",
            "Økonomiudvalget": "26/1",
            "": "4/2",
        },
    ),
    text(
        "dates of one month before its name, hours between, the year last",
        "Landdistriktsudvalget foreslår, at møderne holdes i tidsrummet 16:30-18:30 på følgende datoer: 28. maj, 27. "
        "august, 29. oktober og 17. december 2027.",
        {"Landdistriktsudvalget": "28/5 27/8 29/10 17/12"},
    ),
    text(
        "a case that moves one meeting, in running text",
        "Beslutning: Byrådets mødekalender for 2027 vedtages som fremlagt, dog således at mødet i juni "
        "flyttes fra den "
        "23. juni 2027 til den 24. juni 2027. Budgetseminaret flyttes fra fredag den 23. april til torsdag "
        "den 22. april "
        "2027.",
        {"": "-23/6 24/6"},
    ),
)
