"""All the pages as one router."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.routes import take_over
from workflow.faces.web.pages import finding
from workflow.faces.web.pages.contacts import confirming, contact, contactfile, contacts
from workflow.faces.web.pages.councils import answers, asked, meetinglink, meetings, received, verify
from workflow.faces.web.pages.facts import record
from workflow.faces.web.pages.hearing import hearing, hearingacts
from workflow.faces.web.pages.law import ends, law, newrules, reasons, signing, why
from workflow.faces.web.pages.letters import alarms, letter, lettersettings, outbox, sender, upcoming
from workflow.faces.web.pages.papers import cases, export, report, sheet
from workflow.faces.web.pages.people import account, setup, trail
from workflow.faces.web.pages.people import people as persons
from workflow.faces.web.pages.rounds import (
    agreement,
    calling,
    front,
    grid,
    history,
    lists,
    log,
    opening,
    roundplan,
    undoing,
    week,
    whatif,
)
from workflow.faces.web.pages.site import Site
from workflow.faces.web.sheets import Sheets


def page_routes(place: Callable[[], Workplace], clock: Callable[[], datetime], sheets: Sheets) -> APIRouter:
    """Every page; ``place()`` gives the workplace of the moment, ``clock()`` an aware instant."""
    site, routes = Site(place, clock, sheets), APIRouter()
    parts = (
        account, persons, setup, trail,
        front, lists, export, sheet, reasons, report, why, agreement, calling,
        roundplan, whatif, meetings, meetinglink, outbox, upcoming, alarms,
        letter, newrules, signing, ends, lettersettings, law,
        contacts, contactfile, confirming, contact, received,
        hearing, hearingacts, cases,
        finding, record, answers, asked, verify, history, log, week, sender, grid, undoing, opening,
    )  # fmt: skip
    take_over(routes, *(part.router(site) for part in parts))
    return routes
