"""The lists that were tried last; what came of them stands in ``publishedlater.py``."""

from __future__ import annotations

from tests.services.meetings.publishedfiles import at, ics, sheet, text

LAST = (
    text(
        "minutes in a sentence, a day of another month in the same breath",
        "Byrådet har vedtaget følgende mødeplan for 2027: onsdag den 13. januar, onsdag den 10. februar, "
        "onsdag den 10. marts, torsdag den 8. april og onsdag den 12. maj. Sommerferien er uge 27-31, og "
        "første møde derefter er onsdag den 11. august.",
        {"": "13/1 10/2 10/3 8/4 12/5 11/8"},
    ),
    text(
        "CSV with a weekday column, month by name and status",
        "Dag,Dato,Måned,År,Udvalg,Status\nonsdag,13,januar,2027,Byrådet,Planlagt\n"
        "tirsdag,5,januar,2027,Økonomiudvalget,Planlagt\nonsdag,10,februar,2027,Byrådet,Aflyst\n",
        {"": "13/1 -10/2", "Økonomiudvalget": "5/1"},
        "plan.csv",
    ),
    text(
        "two columns of a page, the year in the address line",
        "Vejen til byrådssalen\nMødedatoer 2027\nØkonomiudvalg         Byråd\n11. januar            20. "
        "januar\n8. februar            17. februar\n8. marts              17. marts\n12. april             "
        "21. april\n",
        {"Økonomiudvalg": "11/1 8/2 8/3 12/4", "": "20/1 17/2 17/3 21/4"},
    ),
    text(
        "numbered points with the committee in brackets",
        "Mødekalender 2027\n1) 12. januar (Økonomiudvalget)\n2) 20. januar (Byrådet)\n3) 9. februar "
        "(Økonomiudvalget)\n4) 17. februar (Byrådet)\n",
        {"Økonomiudvalget": "12/1 9/2", "": "20/1 17/2"},
    ),
    text(
        "a table of weeks where the weekday is a rule",
        "Byrådet holder i 2027 møde onsdag i ugerne 3, 7, 11, 16 og 20 kl. 17.00.\n",
        {"": "20/1 17/2 17/3 21/4 19/5"},
    ),
    text(
        "headed by quarter with the deadline on its own line",
        "Kommunalbestyrelsen 2027\n\n20. januar kl. 18\nFrist for at rejse sager: 6. januar\n\n17. februar "
        "kl. 18\nFrist for at rejse sager: 3. februar\n\n17. marts kl. 18\nFrist for at rejse sager: 3. "
        "marts\n",
        {"": "20/1 17/2 17/3"},
    ),
    text(
        "a committee page with links and noise",
        "Du er her: Forside > Politik > Social- og Ældreudvalget\nSocial- og Ældreudvalget\nMøde den 5. "
        "januar 2027\nSe dagsorden (PDF, 1,2 MB)\nMøde den 2. februar 2027\nSe dagsorden (PDF, 0,8 "
        "MB)\nMøde den 2. marts 2027\nDagsorden er ikke offentliggjort endnu\nTilmeld nyhedsbrev\n",
        {"Social- og Ældreudvalget": "5/1 2/2 2/3"},
    ),
    text(
        "a moved meeting with week and a new hour",
        "Byrådet 2027\nOnsdag 20. januar kl. 17\nOnsdag 17. februar kl. 17 - flyttes til torsdag 18. "
        "februar kl. 18\nOnsdag 17. marts kl. 17\nMødet onsdag 21. april er udskudt til onsdag 28. april\n",
        {"": "20/1 -17/2 18/2 17/3 -21/4 28/4"},
    ),
    text(
        "every third Thursday with holidays by date",
        "Regionsrådets møder 2027 holdes den 4. onsdag i måneden kl. 13, bortset fra juli og december, "
        "hvor mødet i december er den 15.\n",
        {"": "27/1 24/2 24/3 28/4 26/5 23/6 25/8 22/9 27/10 24/11 15/12"},
    ),
    sheet(
        "a workbook with a sheet of months across and weekdays as text",
        [
            ["Mødeplan 2027", None, None, None],
            ["Udvalg", "Januar", "Februar", "Marts"],
            ["ØU", "ma 11", "ma 8", "ma 8"],
            ["KB", "on 20", "on 17", "on 17"],
        ],
        {"Økonomiudvalget": "11/1 8/2 8/3", "": "20/1 17/2 17/3"},
    ),
    sheet(
        "a workbook with serial text days and an hour in the day",
        [
            ["Udvalg", "Mødedato", "Bemærkninger"],
            ["Byråd", "20-01-2027 17:00", None],
            ["Økonomiudvalg", "11.01.2027", "Ekstraordinært"],
            ["Byråd", at("2027-02-17T17:00"), "Udsat til 24-02-2027"],
        ],
        {"": "20/1 -17/2 24/2", "Økonomiudvalg": "11/1"},
    ),
    ics(
        "a calendar where one day of a rule was moved and one cancelled",
        [
            "UID:a1|DTSTART;TZID=Europe/Copenhagen:20270120T170000|RRULE:FREQ=MONTHLY;BYDAY=3WE;COUNT=5|SUMMARY:Byrådsmøde",
            "UID:a1|RECURRENCE-ID;TZID=Europe/Copenhagen:20270217T170000|DTSTART;TZID=Europe/Copenhagen:20270218T170000|SUMMARY:Byrådsmøde",
            "UID:a1|RECURRENCE-ID;TZID=Europe/Copenhagen:20270317T170000|DTSTART;TZID=Europe/Copenhagen:20270317T170000|STATUS:CANCELLED|SUMMARY:Byrådsmøde",
        ],
        {"": "20/1 18/2 -17/3 21/4 19/5"},
    ),
    text(
        "bilingual",
        "Byrådsmøder / Council meetings 2027\n20. januar / January 20\n17. februar / February 17\n17. "
        "marts / March 17\n",
        {"": "20/1 17/2 17/3"},
    ),
    text(
        "a letter in answer with the chain by arrows",
        "Hej\nSagen går den normale vej: Sundhedsudvalget 6/4 -> Økonomiudvalget 13/4 -> Byrådet "
        "21/4-2027.\nMvh. Lise, tlf. 20 21 22 23",
        {"Sundhedsudvalget": "6/4", "Økonomiudvalget": "13/4", "": "21/4"},
    ),
    text(
        "a plan as a paragraph a month",
        "Mødeplan 2027\nI januar mødes Økonomiudvalget den 11. og Byrådet den 20.\nI februar mødes "
        "Økonomiudvalget den 8. og Byrådet den 17.\n",
        {"Økonomiudvalget": "11/1 8/2", "": "20/1 17/2"},
    ),
)
