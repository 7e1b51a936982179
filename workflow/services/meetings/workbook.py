"""The sheets of a workbook: one list, or one for each committee, year or half-year. None is read in part in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.proposing import Proposed
from workflow.services.meetings.sheets import Row, as_text_cell, may_hold_days, xlsx_sheets

_BESIDE = re.compile(r".*(?:ferie|fridag|helligdag|lukkedag|vejledning|kontakt|noter?\b|forklaring).*", re.IGNORECASE)
_PERIOD = re.compile(r"(?:.*\b)?20\d\d\b.*|.*halvår.*|.*kvartal.*|(?:ark|sheet)\s?\d+|.*(?:forår|efterår).*|.*møde.*", re.IGNORECASE)
Read = Callable[[Sequence[Row]], list[Proposed]]


def read_workbook(content: bytes, read: Read) -> list[Proposed]:
    """The meetings of every sheet that is not hidden and may hold days, read by ``read``; a sheet's own name heads it
    where it names a committee. Those of a sheet whose name says nothing known carry a mark, and one of holidays is left
    out. :class:`Invalid` names the sheet that cannot be read."""
    full = [(title, rows) for title, rows in xlsx_sheets(content) if rows]
    full = [(title, rows) for title, rows in full if may_hold_days(rows)] or full[:1]
    if len(full) <= 1:
        return read(full[0][1] if full else [])
    found: dict[tuple[str, str, date], Proposed] = {}
    for title, rows in full:
        own = names_organ(title)
        if not own and _BESIDE.fullmatch(title):
            continue
        known = own or _PERIOD.fullmatch(title) or any(names_organ(as_text_cell(cell)) for _, row in rows for cell in row)
        try:
            sheet = read(_headed(title, rows) if own or re.search(r"20\d\d", title) else rows)
        except Invalid as error:
            raise Invalid(phrase("arket »%(title)s«: %(why)s", title=title, why=error.args[0])) from error
        for one in sheet:
            doubt = one.doubt or ("" if known else phrase("hører arket »%(title)s« med?", title=title))
            same = found.get((one.body, one.organ, one.on))
            if same is None or (same.doubt and not doubt):
                found[one.body, one.organ, one.on] = replace(one, doubt=doubt)
            elif same.gone is not one.gone:
                found[one.body, one.organ, one.on] = replace(same, doubt=phrase("et andet sted står, at mødet ikke holdes"))
    return sorted(found.values(), key=lambda one: (one.on, one.organ))


def _headed(title: str, rows: Sequence[Row]) -> list[Row]:
    """The rows below a first one that says the sheet's name: line numbers stay as they are, so it shares the first's."""
    return [(0, [title]), *rows]
