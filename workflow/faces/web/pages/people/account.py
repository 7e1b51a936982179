"""*Min adgang*: what one has access as, where one is signed in, and ending that."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import gettext as _
from workflow.language import noted, worded
from workflow.services.people.sessions import MARK, choose_language, end_others, end_own, own_sessions
from workflow.storage.people.people import hash_of

_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone|iPad", noted("iPhone eller iPad")), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def router(site: Site) -> APIRouter:
    """One's own page."""
    routes = APIRouter()
    own = site.visits(Action.ACCOUNT)

    @routes.get("/personer/mig")
    def mine(visit: Visit = own) -> HTMLResponse:
        here = hash_of(_secret(visit))
        found = own_sessions(visit.place.engine, visit.visitor.email, visit.at)
        sessions = [(one.digest[:MARK], one.digest == here, device(one.agent), one) for one in found]
        return visit.page("people/account.html", sessions=sessions)

    @routes.post("/personer/mig")
    def end(
        visit: Visit = own, session: Annotated[str, Form(max_length=MARK)] = "",
        language: Annotated[str, Form(max_length=10)] = "",
    ) -> Response:  # fmt: skip
        if language:
            me = visit.visitor
            choose_language(visit.place.engine, me.email, language, me.signature, visit.at)
        elif session:
            end_own(visit.place.engine, visit.visitor.email, session)
        else:
            end_others(visit.place.engine, visit.visitor.email, _secret(visit))
        return RedirectResponse("/personer/mig", 303)

    return routes


def device(agent: str) -> str:
    """A browser in words, from what it calls itself: ``"Firefox på Windows"``."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), _("En browser"))
    system = next((worded(name) for sign, name in _SYSTEMS if re.search(sign, agent)), "")
    return _("%(browser)s på %(system)s") % {"browser": browser, "system": system} if system else browser


def _secret(visit: Visit) -> str:
    return visit.request.app.state.gate.cookies.session(visit.request, visit.at) or ""
