"""One agreement as a visit shows it: found, allowed and read before the route begins."""

from __future__ import annotations

from typing import Any

from fastapi import Depends
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import gettext
from workflow.lifecycle.names import called
from workflow.rules.words import capital
from workflow.services.views import listing, titles
from workflow.storage.database import reading
from workflow.storage.facts import past, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """The agreement of one request: its row, and where it stood on the visit's day."""

    visit: Visit
    row: AgreementRow
    standing: Standing

    def page(self, name: str, /, **values: Any) -> HTMLResponse:
        """The template ``name`` about this agreement, with the names its rules had that day."""
        rules = self.standing.rules
        own: dict[str, Any] = {"EVENTS": called(self.standing.agreement.regime.words)}
        own |= {"rulebook": rules, "titles": titles.letters(rules), "to": self.to, "standing": self.standing}
        own["shown_pages"] = pages(self.standing)
        return self.visit.page(name, **(own | values))

    def to(self, recipient: str) -> str:
        """Whom a notice is owed to, in words, by the agreement's rules of that day."""
        return titles.recipient(titles.bodies(self.standing.rules), recipient)


def pages(standing: Standing) -> list[tuple[str, str]]:
    """The pages of an agreement, each the end of its address and its name: those its course and rules have use for."""
    regime, knows = standing.agreement.regime, standing.course.tables.knows
    decided = knows("sent-for-approval")  # by councils, one by one
    planned = decided and any("submitted" in rule.met_by for rule in regime.deadlines)
    every = (
        ("", capital(regime.words.now.document.short), True),
        ("/raad", gettext("Rådene"), decided),
        ("/rundeplan", gettext("Rundeplan"), planned),
        ("/hoering", gettext("Høring"), knows("consultation-opened")),
        ("/breve", gettext("Breve"), True),
        ("/journal", gettext("Journal"), True),
        ("/log", gettext("Log"), True),
    )
    return [(end, name) for end, name, there in every if there]


def showing(site: Site, action: Action, *, back: bool = False) -> Any:
    """The dependency of a route below ``{region}/{label}`` that does ``action``; ``back`` as for :meth:`Site.visits`.

    :class:`workflow.errors.NotFound` alike for an agreement that is not there and one out of the visitor's reach."""

    def show(region: str, label: str, visit: Visit = site.visits(action, back=back)) -> Shown:
        visit.visitor.require(action, region=region, body=visit.lane(action))
        with reading(visit.place.engine) as session:
            row = listing.find(session, region, label)
            past.must_have_begun(session, visit.rulebook, row, visit.as_of)
            return Shown(visit, row, projection.load(session, visit.rulebook, row, visit.as_of))

    return Depends(show)
