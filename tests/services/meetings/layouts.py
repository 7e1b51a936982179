"""Meeting lists written anew after the forms that councils publish. Each: its name, the text, the days that are plain
("ORGAN DAY", agenda day behind a slash, "-" before a day that is not held), and the days that carry a mark."""

from __future__ import annotations

from typing import NamedTuple


class Layout(NamedTuple):
    """``plain`` and ``marked`` as ``told`` in the test writes meetings; both in order of days."""

    name: str
    text: str
    plain: str
    marked: str = ""


LAYOUTS = (
    Layout("one sentence", "Næste møde er onsdag den 16. juni 2027 kl. 17.", "2027-06-16"),
    Layout(
        "a rule of odd weeks with a gap",
        "Mødeplan 2027\nByrådet mødes onsdage i ulige uger kl. 17, ikke uge 1-20, 28-32 og 40-52",
        "2027-05-26 2027-06-09 2027-06-23 2027-07-07 2027-08-18 2027-09-01 2027-09-15 2027-09-29",
    ),
    Layout(
        "a rule of even weeks",
        "Økonomiudvalget holder møde mandage i lige uger i 2027, undtagen uge 1-40 og uge 46-52.",
        "Økonomiudvalget 2027-10-18 Økonomiudvalget 2027-11-01",
    ),
    Layout(
        "the last Thursday of the month; one falls on a public holiday",
        "Byrådet holder møde den sidste torsdag i måneden, undtagen juli og december. Mødeplan for 2027.",
        "2027-01-28 2027-02-25 2027-04-29 2027-05-27 2027-06-24 2027-08-26 2027-09-30 2027-10-28 2027-11-25",
        "2027-03-25",
    ),
    Layout(
        "two weekdays of the month",
        "Første og tredje mandag i hver måned, 2027, dog ikke januar, februar, marts, juli og uge 23-53",
        "2027-04-05 2027-04-19 2027-05-03",
        "2027-05-17",
    ),
    Layout(
        "a rule with an exception on a line of its own",
        "Mødeplan 2027\nByrådet mødes den første onsdag i måneden, undtagen marts-december\n"
        "Der holdes ikke møde i vinterferien.",
        "",
        "2027-01-06 2027-02-03 2027-04-07 2027-05-05 2027-06-02 2027-07-07 2027-08-04 2027-09-01 2027-10-06 "
        "2027-11-03",
    ),
    Layout(
        "bullets under a heading with the year, one cancelled",
        "Byrådets møder i 2027\n\n* 27. januar\n* 24. februar\n* 31. marts\n* 16. juni – AFLYST",
        "2027-01-27 2027-02-24 2027-03-31 -2027-06-16",
    ),
    Layout(
        "a heading a committee",
        "Mødekalender 2027\n\nSundhedsudvalget\nTirsdag den 1. juni kl. 15\n\nØkonomiudvalget\nMandag den 14. "
        "juni kl. 16\n\n"
        "Byrådet\nOnsdag den 23. juni kl. 17",
        "Sundhedsudvalget 2027-06-01 Økonomiudvalget 2027-06-14 2027-06-23",
    ),
    Layout(
        "months as columns",
        "2027\tJan\tFeb\tMar\tApr\tMaj\tJun\nØkonomiudvalget\t18\t15\t15\t19\t10\t14\n"
        "Byrådet\t27\t24\t31\t28\t26\t23",
        "Økonomiudvalget 2027-01-18 2027-01-27 Økonomiudvalget 2027-02-15 2027-02-24 Økonomiudvalget "
        "2027-03-15 2027-03-31 "
        "Økonomiudvalget 2027-04-19 2027-04-28 Økonomiudvalget 2027-05-10 2027-05-26 Økonomiudvalget "
        "2027-06-14 2027-06-23",
    ),
    Layout(
        "months as rows, committees as columns",
        "Måned | Økonomiudvalget | Byrådet\nJanuar 2027 | 18. | 27.\nFebruar 2027 | 15. | 24.",
        "Økonomiudvalget 2027-01-18 2027-01-27 Økonomiudvalget 2027-02-15 2027-02-24",
    ),
    Layout(
        "a table with the day the agenda closes",
        "Mødedato;Dagsorden lukker;Sted\nonsdag den 16. juni 2027 kl. 17;8. juni 2027;Rådhuset",
        "2027-06-16/2027-06-08",
    ),
    Layout(
        "two columns of plain text, meeting and closing day",
        "Byrådets ordinære møder 2027\n\nMøde             Frist for punkter\n27. januar       15. januar\n24. "
        "februar      12. februar",
        "2027-01-27/2027-01-15 2027-02-24/2027-02-12",
    ),
    Layout(
        "a meeting that was moved",
        "Byrådet 2027: Mødet den 16. juni er flyttet til den 23. juni",
        "-2027-06-16 2027-06-23",
    ),
    Layout(
        "months with their days",
        "Byrådet 2027\nJanuar: 13. og 27.\nFebruar: 10. og 24.\nMarts: 10. og 31.",
        "2027-01-13 2027-01-27 2027-02-10 2027-02-24 2027-03-10 2027-03-31",
    ),
    Layout(
        "one long sentence",
        "Kommunalbestyrelsen holder møde i 2027 på følgende datoer: 27. januar, 24. februar, 31. marts, 28. "
        "april, 26. maj "
        "og 23. juni. Møderne begynder kl. 17.",
        "2027-01-27 2027-02-24 2027-03-31 2027-04-28 2027-05-26 2027-06-23",
    ),
    Layout(
        "a page with the day it was changed",
        "Mødeplan for kommunalbestyrelsen\nTorsdag den 28. januar 2027 kl. 18.00\nTorsdag den 25. februar "
        "2027 kl. 18.00\n"
        "Opdateret den 3. november 2026",
        "2027-01-28 2027-02-25",
    ),
    Layout(
        "a printed table",
        "Dato  Tid  Udvalg\n27-01-2027  17:00  Byrådet\n19-01-2027  08:30  Økonomiudvalget",
        "Økonomiudvalget 2027-01-19 2027-01-27",
    ),
    Layout(
        "days and months with strokes",
        "Byråd: 20/1, 24/2, 24/3, 28/4, 26/5, 23/6 2027",
        "2027-01-20 2027-02-24 2027-03-24 2027-04-28 2027-05-26 2027-06-23",
    ),
    Layout(
        "numbers with points", "Byråd 2027\n20.01.\n24.02.\n24.03.", "2027-01-20 2027-02-24 2027-03-24"
    ),
    Layout(
        "months as headings of weekdays",
        "Januar 2027\nOnsdag den 6. kl. 17\nOnsdag den 20. kl. 17\nFebruar 2027\nOnsdag den 3. kl. 17",
        "2027-01-06 2027-01-20 2027-02-03",
    ),
    Layout(
        "numbered meetings",
        "Møde nr. 1: 20. januar 2027\nMøde nr. 2: 24. februar 2027",
        "2027-01-20 2027-02-24",
    ),
    Layout(
        "an address in the sentence",
        "Byrådet holder møde kl. 17 i byrådssalen, Boulevarden 13, 9000 Aalborg, onsdag den 27. januar 2027.",
        "2027-01-27",
    ),
    Layout(
        "week numbers beside the days",
        "Møder 2027: uge 3 (20. januar), uge 8 (24. februar), uge 12 (24. marts)",
        "2027-01-20 2027-02-24 2027-03-24",
    ),
    Layout(
        "rows of a web table",
        "ons 20-01-2027 17:00\tByråd\tByrådssalen\nons 24-02-2027 17:00\tByråd\tByrådssalen",
        "2027-01-20 2027-02-24",
    ),
    Layout("a weekday that does not fit", "Onsdag den 17. juni 2027", "", "2027-06-17"),
    Layout(
        "a seminar among the meetings",
        "Byrådet 2027\n28. januar\n25. februar\n26.-27. august: budgetseminar\n16. september",
        "2027-01-28 2027-02-25 2027-09-16",
        "2027-08-26 2027-08-27",
    ),
    Layout(
        "a cancelled meeting in brackets",
        "20. januar 2027, kl. 17: Byrådsmøde\n24. februar 2027, kl. 17: Byrådsmøde (aflyst)",
        "2027-01-20 -2027-02-24",
    ),
    Layout(
        "English-ordered months",
        "Byrådets mødedatoer 2027:\nJan 27, Feb 24, Mar 31, Apr 28, Maj 26, Jun 23",
        "2027-01-27 2027-02-24 2027-03-31 2027-04-28 2027-05-26 2027-06-23",
    ),
    Layout(
        "two years in one list",
        "Mødekalender 2026-2027\nByrådet\n16. december 2026\n27. januar 2027",
        "2026-12-16 2027-01-27",
    ),
    Layout(
        "a turn of the year without its year",
        "Byrådet mødes 16. december 2026, 27. januar og 24. februar.",
        "2026-12-16",
        "2026-01-27 2026-02-24",
    ),
    Layout(
        "two committees and the council in running text (Fredensborg 2015)",
        "Social- og Sundhedsudvalget: 4. februar 2015\nØkonomiudvalget: 16. februar 2015\nByrådet: 25. februar 2015",
        "Social- og Sundhedsudvalget 2015-02-04 Økonomiudvalget 2015-02-16 2015-02-25",
    ),
    Layout(
        "a committee with a long name",
        "Udvalget for Sundhed og Omsorg holder møde tirsdag den 2. februar 2027 kl. 15",
        "Udvalget for Sundhed og Omsorg 2027-02-02",
    ),
    Layout(
        "a reserved day",
        "Regionsrådet 2027\n22. juni kl. 13\n29. juni kl. 13 (reservedato)",
        "2027-06-22",
        "2027-06-29",
    ),
    Layout(
        "ISO days under a committee, as copied from a calendar",
        "Sundhedsudvalget\n2027-02-03\n2027-03-03",
        "Sundhedsudvalget 2027-02-03 Sundhedsudvalget 2027-03-03",
    ),
)  # fmt: skip
