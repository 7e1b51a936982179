"""*Aftale*: where one agreement stands, its term as a timeline, its councils, letters, journal and documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.timeline import NARROW, WIDE, draw, entries
from workflow.lifecycle.machine import Table
from workflow.lifecycle.period import PERIOD
from workflow.lifecycle.report import REPORT
from workflow.lifecycle.version import VERSION
from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import live
from workflow.rules.timeline import Deadline
from workflow.services import listing
from workflow.services.matrix import matrix, papers
from workflow.services.prompts import prompts, quotas
from workflow.services.readiness import Missing, next_sending, readiness
from workflow.services.settling import open_reports
from workflow.services.status import blockers, next_deadline
from workflow.storage import documents, journal, projection
from workflow.storage.database import reading
from workflow.storage.projection import Standing
from workflow.storage.reported import ReportedDecision
from workflow.storage.tables import AgreementRow

PAGE = 50
MOST_DONE, MOST_OPEN = 4, 8  # deadlines on the one printed page
_DIGEST = re.compile(r"[0-9a-f]{64}")


def router(site: Site) -> APIRouter:
    """The routes of one agreement."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}")

    @routes.get("")
    def agreement(
        request: Request, region: str, label: str, visitor: Visitor = Depends(may(Action.READ)), pr: str = ""
    ) -> HTMLResponse:
        visit = site.visit(request, visitor, pr)
        _, standing = standing_of(visit, region, label)
        found = entries(standing)
        return visit.page(
            "agreement",
            standing=standing,
            next=next_deadline(standing),
            machines=_machines(standing),
            missing=_missing(visit, standing),
            sending=next_sending(standing),
            prompts=prompts(standing, visit.rulebook),
            quotas=quotas(standing, visit.rulebook, visit.as_of.year),
            entries=found,
            broad=draw(standing, found, WIDE),
            narrow=draw(standing, found, NARROW),
            papers=papers(standing),
            reports=_reports(visit, standing),
        )

    @routes.get("/raad")
    def councils(
        request: Request, region: str, label: str, visitor: Visitor = Depends(may(Action.READ)), pr: str = ""
    ) -> HTMLResponse:
        visit = site.visit(request, visitor, pr)
        _, standing = standing_of(visit, region, label)
        return visit.page(
            "councils", standing=standing, rows=matrix(standing), reports=_reports(visit, standing)
        )

    @routes.get("/breve")
    def letters(
        request: Request,
        region: str,
        label: str,
        visitor: Visitor = Depends(may(Action.READ_LETTERS)),
        pr: str = "",
        foer: int | None = None,
    ) -> HTMLResponse:
        visit = site.visit(request, visitor, pr)
        row, standing = standing_of(visit, region, label, Action.READ_LETTERS)
        until = end_of(visit.as_of) if visit.as_of != visit.today else None
        before = min(foer, 2**62) if foer is not None else None
        found = listing.letters(
            visit.place.engine, [region], agreement=row.id, lane=visit.lane(Action.READ_LETTERS), before=before,
            until=until, limit=PAGE + 1,
        )  # fmt: skip
        more = found[PAGE - 1].id if len(found) > PAGE else None
        titles = {letter.name: letter.title.da for letter in visit.rulebook.letters}
        return visit.page("letters", standing=standing, letters=found[:PAGE], more=more, titles=titles)

    @routes.get("/journal")
    def read_journal(
        request: Request, region: str, label: str, visitor: Visitor = Depends(may(Action.READ)), pr: str = "",
        gemt: str = "",
    ) -> HTMLResponse:  # fmt: skip
        visit = site.visit(request, visitor, pr)
        with reading(visit.place.engine) as session:
            row, standing = _load(session, visit, region, label, Action.READ)
            rows = [fact for fact in journal.rows(session, row) if _known(fact.known_on, visit.as_of)]
            broken = journal.verify(session, row)
        holding = live(standing.facts, date.max) if visit.may(Action.RECORD, region) else []
        correctable = {fact.no for fact in holding if fact.event != "opened"}
        return visit.page(
            "journal", standing=standing, rows=rows, broken=broken, head=row.head, correctable=correctable,
            saved=bool(gemt and rows),
        )  # fmt: skip

    @routes.get("/statusark")
    def sheet(
        request: Request, region: str, label: str, visitor: Visitor = Depends(may(Action.READ)), pr: str = ""
    ) -> HTMLResponse:
        visit = site.visit(request, visitor, pr)
        _, standing = standing_of(visit, region, label)
        missing = _missing(visit, standing)
        return visit.page(
            "sheet",
            standing=standing,
            next=next_deadline(standing),
            missing=missing,
            shown=_on_sheet(standing),
        )

    @routes.get("/dokumenter/{digest}")
    def document(
        request: Request, region: str, label: str, digest: str, visitor: Visitor = Depends(may(Action.READ))
    ) -> Response:
        visit = site.visit(request, visitor)
        with reading(visit.place.engine) as session:
            row, _ = _load(session, visit, region, label, Action.READ)
            mine = {fact.document for fact in journal.rows(session, row)}
            if not _DIGEST.fullmatch(digest) or digest not in mine:
                raise NotFound("dokumentet findes ikke på aftalen")
            kept = documents.read(session, digest)
        return download(kept.content, kept.name, "application/octet-stream")

    return routes


def standing_of(
    visit: Visit, region: str, label: str, action: Action = Action.READ
) -> tuple[AgreementRow, Standing]:
    """The agreement as of the visit's day; :class:`NotFound` where it is not or the visitor may not see it."""
    with reading(visit.place.engine) as session:
        return _load(session, visit, region, label, action)


def _load(
    session: Session, visit: Visit, region: str, label: str, action: Action
) -> tuple[AgreementRow, Standing]:
    visit.visitor.require(action, region=region, body=visit.lane(action))
    row = listing.find(session, region, label)
    return row, projection.load(session, visit.rulebook, row, visit.as_of)


def end_of(day: date) -> datetime:
    """The instant at which the Danish day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, COPENHAGEN)


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown: its name is for people and may hold anything."""
    safe = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "fil"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": told})


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine's state, and what would move it: event and next state."""

    title: str
    table: Table
    state: str
    said: str = ""

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Each event possible from here, with the state it leads to."""
        return [(row.event, row.target) for row in self.table.rows if self.state in row.sources]


def _machines(standing: Standing) -> list[Machine]:
    course, current = standing.course, standing.course.current
    found = [
        Machine(f"Version {current.number}" if current else "Teksten", VERSION, current.state if current else "draft"),
        Machine("Perioden", PERIOD, course.period),
    ]  # fmt: skip
    if standing.agreement.regime.rule("midterm-order"):
        found += [
            Machine("Midtvejsstatus", REPORT, course.midterm),
            Machine("Slutstatus", REPORT, course.final),
        ]
    return found


def _missing(visit: Visit, standing: Standing) -> list[Missing]:
    """What stands in the way of the next thing to be sent; councils are told of in the matrix."""
    if standing.agreement.regime.cite("submit") and standing.course.period not in ("ended", "lapsed_by_law"):
        found = readiness(standing, visit.rulebook)
    else:
        found = [Missing("", blocker.text, blocker.cite, blocker.who) for blocker in blockers(standing)]
    return [one for one in found if one.need != "approval"]


def _reports(visit: Visit, standing: Standing) -> list[ReportedDecision]:
    """What waits for the secretariat today; a look back shows none."""
    if visit.as_of != visit.today:
        return []
    return open_reports(visit.place.engine, standing.agreement.key)


def _on_sheet(standing: Standing) -> list[Deadline]:
    """What fits one page: everything open, and the last that were met."""
    dated = [deadline for deadline in standing.deadlines if deadline.legal_on]
    done = [deadline for deadline in dated if not deadline.open]
    still = [deadline for deadline in dated if deadline.open]
    return [*done[-MOST_DONE:], *still[:MOST_OPEN]]


def _known(known_on: date | None, as_of: date) -> bool:
    return known_on is None or known_on <= as_of
