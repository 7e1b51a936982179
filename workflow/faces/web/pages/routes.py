"""All the pages as one router."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.routes import take_over
from workflow.faces.web.pages import (
    agreement,
    answers,
    asked,
    export,
    finding,
    front,
    history,
    law,
    letter,
    lists,
    meetings,
    newrules,
    received,
    record,
    roundplan,
    sheet,
    verify,
    whatif,
    why,
)
from workflow.faces.web.pages.desk import (
    account,
    alarms,
    confirming,
    contact,
    contactfile,
    contacts,
    ends,
    grid,
    lettersettings,
    log,
    opening,
    outbox,
    reasons,
    report,
    sender,
    setup,
    signing,
    trail,
    undoing,
    upcoming,
    week,
)
from workflow.faces.web.pages.desk import people as persons
from workflow.faces.web.pages.site import Site
from workflow.faces.web.sheets import Sheets


def page_routes(place: Callable[[], Workplace], clock: Callable[[], datetime], sheets: Sheets) -> APIRouter:
    """Every page; ``place()`` gives the workplace of the moment, ``clock()`` an aware instant."""
    site, routes = Site(place, clock, sheets), APIRouter()
    parts = (
        account, persons, setup, trail,
        front, lists, export, sheet, reasons, report, why, agreement,
        roundplan, whatif, meetings, outbox, upcoming, alarms,
        letter, newrules, signing, ends, lettersettings, law,
        contacts, contactfile, confirming, contact, received,
        finding, record, answers, asked, verify, history, log, week, sender, grid, undoing, opening,
    )  # fmt: skip
    take_over(routes, *(part.router(site) for part in parts))
    return routes
