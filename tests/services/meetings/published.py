"""Meeting lists in the shapes of public municipal pages, each with the meetings that a person reads in it. Written
anew: the shapes are those of published lists, no council's days are.

The reader was not made from them. When the first 36 were tried, it read 187 of 204 days right and took 14 wrong ones
without a mark; mended for those, it read 35 of 38 of the next ten, with 10 wrong ones. Then it was mended for these.
"""

from __future__ import annotations

from tests.services.meetings.publishedfiles import ALL, FILES, FINANCE, text

PAGES = (
    text(
        "a case that proposes the days, with readings of the budget",
        "Nr. 226 - Fastsættelse af mødedatoer for Byråd og fagudvalgene i 2027\n\nSagsnr.: 26/25795\n\n"
        "Forslag Økonomiudvalgsmøder i 2027:\n\nMandag den 18. januar\n\nMandag den 15. februar\n\n"
        "Mandag den 15. marts\n\nMandag den 19. april\n\nMandag den 10. maj\n\nMandag den 14. juni\n\n"
        "Mandag den 16. august + ØK 1. beh.\n\nMandag den 20. september + ØK 2. beh.\n\nMandag den 18. oktober\n\n"
        "Mandag den 15. november\n\nMandag den 6. december\n",
        {"Økonomiudvalget": FINANCE},
    ),
    text(
        "days on several weekdays, the hour below them",
        "Forslag Social- og Seniorudvalgsmøder i 2027:\n\nMandag den 11. januar 2027\n\n"
        "Onsdag den 3. februar 2027\n\n"
        "Mandag den 8. marts 2027\n\nTirsdag den 6. april 2027\n\nMandag den 3. maj 2027\n\n"
        "Onsdag den 29. september 2027\n\nAlle dage kl. 17.30.\n",
        {"Social- og Seniorudvalget": "11/1 3/2 8/3 6/4 3/5 29/9"},
    ),
    text(
        "a plan of day and committee with dashes",
        "Mødeplan 2027\n18.01 – Økonomiudvalget\n27.01 – Byrådet\n02.02 – Sundhedsudvalget\n15.02 – Økonomiudvalget\n"
        "24.02 – Byrådet\n",
        {"Økonomiudvalget": "18/1 15/2", "": "27/1 24/2", "Sundhedsudvalget": "2/2"},
    ),
    text(
        "a wide table, several days in a cell",
        "Udvalg | Tid | Jan | Feb | Mar | Apr | Maj | Jun | Aug | Sep | Okt | Nov | Dec\n"
        "Byrådet | 17.00 | 27 | 24 | 31 | 28 | 26 | 23 | 25 | 29 | 27 | 24 | 15\n"
        "Økonomiudvalget | 16.00 | 18 | 15 | 15 | 19 | 10 | 14 | 16 | 20 | 18 | 15 | 6\n"
        "Sundhedsudvalget | 15.30 | 12, 26 | 9 | 9, 23 | 13 | 11 | 8 | 10 | 14 | 12 | 9 | 7\n"
        "Mødekalender 2027",
        {
            "": ALL,
            "Økonomiudvalget": FINANCE,
            "Sundhedsudvalget": "12/1 26/1 9/2 9/3 23/3 13/4 11/5 8/6 10/8 14/9 12/10 9/11 7/12",
        },
    ),
    text(
        "a table of meetings that are moved",
        "Følgende møder i 2027 flyttes:\n\nUdvalg\tFra\tTil\nØkonomiudvalget\t14.6.27\t7.6.27\n"
        "Byrådet\t23.6.27\t16.6.27\n",
        {"Økonomiudvalget": "-14/6 7/6", "": "-23/6 16/6"},
    ),
    text(
        "running text with every day",
        "Kommunalbestyrelsens møder er offentlige. I 2027 mødes kommunalbestyrelsen den 26. januar, den 23. "
        "februar, den "
        "30. marts, den 27. april, den 25. maj og den 22. juni samt den 14. december. Møderne begynder kl. 18.00 og "
        "holdes på rådhuset, Torvegade 74.",
        {"": "26/1 23/2 30/3 27/4 25/5 22/6 14/12"},
    ),
    text(
        "a region's two bodies side by side",
        "Mødeplan 2027\n\nForretningsudvalget\tRegionsrådet\ntirsdag d. 19. januar\tonsdag d. 27. januar\n"
        "tirsdag d. 16. februar\tonsdag d. 24. februar\ntirsdag d. 16. marts\tonsdag d. 31. marts\n",
        {"Forretningsudvalget": "19/1 16/2 16/3", "": "27/1 24/2 31/3"},
    ),
    text(
        "stroke and dash",
        "Byrådsmøder\n27/1-2027\n24/2-2027\n31/3-2027\n28/4-2027\n26/5-2027\n23/6-2027\n",
        {"": "27/1 24/2 31/3 28/4 26/5 23/6"},
    ),
    text(
        "days with hours from and to",
        "Byrådet\n27.01.2027 kl. 16.30-19.00 Byrådssalen\n24.02.2027 kl. 16.30-19.00 Byrådssalen\n"
        "31.03.2027 kl. 16.30-19.00 Byrådssalen, Rådhustorvet 1, 2. sal\n",
        {"": "27/1 24/2 31/3"},
    ),
    text(
        "short weekdays and months",
        "Kommunalbestyrelsen\nOns. 27. jan. 2027\nOns. 24. feb. 2027\nOns. 31. mar. 2027\nOns. 28. apr. 2027\n"
        "Ons. 26. maj 2027\n",
        {"": "27/1 24/2 31/3 28/4 26/5"},
    ),
    text(
        "quarters as headings",
        "Byrådets møder 2027\n1. kvartal\n27. januar, 24. februar og 31. marts\n2. kvartal\n"
        "28. april, 26. maj og 23. juni\n",
        {"": "27/1 24/2 31/3 28/4 26/5 23/6"},
    ),
    text(
        "week, weekday and day",
        "Mødeplan for byrådet 2027\nUge 4: onsdag 27/1\nUge 8: onsdag 24/2\nUge 13: onsdag 31/3\n"
        "Uge 17: onsdag 28/4\n",
        {"": "27/1 24/2 31/3 28/4"},
    ),
    text(
        "a deadline in brackets behind each day",
        "Byrådets møder 2027\n27. januar (frist for sager 11. januar)\n24. februar (frist for sager 8. februar)\n"
        "31. marts (frist for sager 15. marts)\n",
        {"": "27/1 24/2 31/3"},
    ),
    text(
        "a table with two deadlines before the meeting",
        "Byrådet 2027\nFrist for punkter;Dagsorden udsendes;Mødedato\n11-01-2027;22-01-2027;27-01-2027\n"
        "08-02-2027;19-02-2027;24-02-2027\n",
        {"": "27/1 24/2"},
    ),
    text(
        "months in capitals",
        "BYRÅDETS MØDER 2027\nJANUAR: Onsdag d. 27. kl. 17.00\nFEBRUAR: Onsdag d. 24. kl. 17.00\n"
        "MARTS: Onsdag d. 31. kl. "
        "17.00\n",
        {"": "27/1 24/2 31/3"},
    ),
    text(
        "a council's year from August to June, months with their year",
        "Mødekalender for byrådet\nAugust 2026\nOnsdag den 26.\nSeptember 2026\nOnsdag den 30.\nJanuar 2027\n"
        "Onsdag den 27.\n"
        "Juni 2027\nOnsdag den 23.\n",
        {"": "26/8/2026 30/9/2026 27/1 23/6"},
    ),
    text(
        "a table as a wiki writes it",
        "| Dato | Tid | Udvalg |\n|---|---|---|\n| 27.01.2027 | 17.00 | Byrådet |\n"
        "| 18.01.2027 | 16.00 | Økonomiudvalget |\n"
        "| 24.02.2027 | 17.00 | Byrådet |\n",
        {"": "27/1 24/2", "Økonomiudvalget": "18/1"},
    ),
    text(
        "a line a body, as a PDF gives it",
        "Politisk mødekalender 2027\n"
        "Byrådet 27. jan 24. feb 31. mar 28. apr 26. maj 23. jun 25. aug 29. sep 27. okt 24. nov "
        "15. dec\nØkonomiudvalget 18. jan 15. feb 15. mar 19. apr 10. maj 14. jun 16. aug 20. sep 18. okt 15. nov "
        "6. dec\n",
        {"": ALL, "Økonomiudvalget": FINANCE},
    ),
    text(
        "footnotes with stars",
        "Byrådet 2027: 25. august, 8. september*, 6. oktober** og 27. oktober\n*) 1. behandling af budgettet\n**) 2. "
        "behandling af budgettet\n",
        {"": "25/8 8/9 6/10 27/10"},
    ),
    text(
        "cards: body, day, hour and place below each other, and the page around them",
        "Forside\nPolitik\nKommende møder\n\nByrådet\n27. januar 2027\nkl. 17.00\nRådhuset, Torvet 1\n\n"
        "Økonomiudvalget\n"
        "15. februar 2027\nkl. 16.00\nMødelokale 2\n\nByrådet\n24. februar 2027\nkl. 17.00\nRådhuset, Torvet 1\n\n"
        "Kontakt\nTelefon 99 31 31 31\nCVR 29 18 94 20\nSenest opdateret 12. november 2026\n",
        {"": "27/1 24/2", "Økonomiudvalget": "15/2"},
    ),
    text(
        "a list with the body behind the day",
        "Møder i 2027\n27. januar 2027 kl. 17:00 - Byrådet\n"
        "2. februar 2027 kl. 15:00 - Sundheds- og Omsorgsudvalget\n"
        "15. februar 2027 kl. 16:00 - Økonomiudvalget\n24. februar 2027 kl. 17:00 - Byrådet\n",
        {"": "27/1 24/2", "Sundheds- og Omsorgsudvalget": "2/2", "Økonomiudvalget": "15/2"},
    ),
    text(
        "an extraordinary meeting among the others",
        "Byrådet\nOnsdag den 28. april 2027 kl. 17\nEkstraordinært byrådsmøde mandag den 10. maj 2027 kl. 16\n"
        "Onsdag den 26. "
        "maj 2027 kl. 17\n",
        {"": "28/4 10/5 26/5"},
    ),
    text(
        "one cancelled, one moved",
        "Byrådets møder i 2027\n- 24. februar\n- 31. marts: rykket til 7. april\n- 28. april\n- 26. maj (AFLYST)\n"
        "- 23. juni\n",
        {"": "24/2 -31/3 7/4 28/4 -26/5 23/6"},
    ),
    text(
        "a rule with a holiday month",
        "Byrådet mødes den fjerde onsdag i måneden kl. 17 i 2027, dog ikke i juli og december.",
        {"": "27/1 24/2 24/3 28/4 26/5 23/6 25/8 22/9 27/10 24/11"},
    ),
    text(
        "a letter that answers when the case is on",
        "Kære sekretariat\n\nSagen behandles i Sundhedsudvalget tirsdag den 2. februar 2027, i Økonomiudvalget "
        "mandag den 15. "
        "februar 2027 og i Byrådet onsdag den 24. februar 2027.\n\nVenlig hilsen\nAnne",
        {"Sundhedsudvalget": "2/2", "Økonomiudvalget": "15/2", "": "24/2"},
    ),
    text(
        "a year's list that begins with last year's meeting",
        "Byrådets mødedatoer\n16. december 2026\n27. januar 2027\n24. februar 2027\n",
        {"": "16/12/2026 27/1 24/2"},
    ),
    text(
        "a table with the weekday in a column of its own",
        "Byrådet 2027\nUgedag\tDato\tKlokken\nOnsdag\t27. januar\t17.00\nOnsdag\t24. februar\t17.00\n"
        "Onsdag\t31. marts\t17.00\n",
        {"": "27/1 24/2 31/3"},
    ),
    text(
        "two lines, a body each",
        "Mødedatoer 2027\nØkonomiudvalget: 18. januar, 15. februar og 15. marts\n"
        "Byrådet: 27. januar, 24. februar og 31. marts\n",
        {"Økonomiudvalget": "18/1 15/2 15/3", "": "27/1 24/2 31/3"},
    ),
    text(
        "rows without a heading",
        "27-01-2027\tByrådet\tkl. 17:00\n02-02-2027\tSundhedsudvalget\tkl. 15:30\n"
        "15-02-2027\tØkonomiudvalget\tkl. 16:00\n",
        {"": "27/1", "Sundhedsudvalget": "2/2", "Økonomiudvalget": "15/2"},
    ),
    text(
        "the way of one case in a line",
        "Sagens gang i foråret 2027: Sundhedsudvalget 2. feb., Økonomiudvalget 15. feb., Byrådet 24. feb.",
        {"Sundhedsudvalget": "2/2", "Økonomiudvalget": "15/2", "": "24/2"},
    ),
    text(
        "the way of one case as a table with what was decided",
        "Behandlingsplan\nUdvalg | Dato | Beslutning\nSundhedsudvalget | 02-02-2027 | Anbefales\nØkonomiudvalget | "
        "15-02-2027 | Anbefales\nByrådet | 24-02-2027 | Godkendt\n",
        {"Sundhedsudvalget": "2/2", "Økonomiudvalget": "15/2", "": "24/2"},
    ),
    text(
        "a city council on Thursdays",
        "Borgerrepræsentationens møder\ntorsdag den 28. januar 2027 kl. 17.30\n"
        "torsdag den 25. februar 2027 kl. 17.30\n"
        "torsdag den 18. marts 2027 kl. 17.30\n",
        {"": "28/1 25/2 18/3"},
    ),
    text(
        "a weekday in the sentence, strokes behind it",
        "Kommunalbestyrelsen mødes kl. 19 på følgende torsdage i 2027: 28/1, 25/2, 18/3, 29/4, 27/5, 24/6.",
        {"": "28/1 25/2 18/3 29/4 27/5 24/6"},
    ),
    text(
        "two sentences in a line",
        "Næste møde i Sundheds- og Ældreudvalget: Tirsdag 2. februar 2027. Herefter 2. marts og 6. april.",
        {"Sundheds- og Ældreudvalget": "2/2 2/3 6/4"},
    ),
    text(
        "a rule and then its days",
        "Byrådets møder falder normalt den sidste onsdag i måneden, kl. 17.\n"
        "I 2027: 27. januar, 24. februar, 31. marts, 28. "
        "april, 26. maj, 23. juni\n",
        {"": "27/1 24/2 31/3 28/4 26/5 23/6"},
    ),
    text(
        "a table copied with every cell on a line of its own",
        "Dato\nUdvalg\n\n27. januar 2027\n\nByrådet\n\n2. februar 2027\n\nSundhedsudvalget\n\n15. februar 2027\n\n"
        "Økonomiudvalget\n",
        {"": "27/1", "Sundhedsudvalget": "2/2", "Økonomiudvalget": "15/2"},
    ),
    text(
        "a meeting in brackets before the one that decides",
        "Sagen er på dagsordenen i Byrådet onsdag den 24. februar 2027 (Økonomiudvalget mandag den 15. februar 2027)",
        {"": "24/2", "Økonomiudvalget": "15/2"},
    ),
)
PUBLISHED = (*PAGES, *FILES)
