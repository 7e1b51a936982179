"""Who asks a route for something, and what that visitor may reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from workflow.errors import NotFound
from workflow.faces.web.gate.forgery import refuse_forged, shown_token
from workflow.faces.web.gate.policy import POLICY, READING, Action, Reach, Role
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person, a program with a token, or the demo's guest. ``region`` is "" for all regions; ``body`` is a
    council's code and "" for everybody else. ``before`` are regions whose history is one's own too: those that
    merged into this one, and those a municipality came from."""

    name: str
    role: Role
    region: str = ""
    body: str = ""
    via: str = "session"  # session | token | demo
    email: str = ""
    before: tuple[str, ...] = ()
    language: str = ""  # empty where nobody chose one

    def reach(self, action: Action) -> Reach | None:
        """How far ``action`` reaches for this visitor; ``None`` when it is not allowed at all. The demo's guest may
        try everything; a token only reads."""
        if self.via == "demo":
            return Reach.ALL
        if self.via == "token" and action not in READING:
            return None
        return POLICY[self.role].get(action)

    @property
    def signature(self) -> str:
        """Who did it, as the journal keeps it: the name, and for whom."""
        return f"{self.name} ({self.role.spoken}{', ' * bool(self.region)}{self.body or self.region})"

    @property
    def account(self) -> str:
        """Who it is, for what only the same visitor may take up again."""
        return f"{self.via}:{self.email or self.name}"

    @property
    def home(self) -> str:
        """The page this visitor begins at."""
        return "/" if self.reach(Action.READ) else "/modtaget"

    @property
    def everywhere(self) -> bool:
        """Whether no region bounds this visitor: a council without one reaches nothing rather than everything."""
        return not self.region and self.role in (Role.COORDINATOR, Role.AUTHORITY, Role.ADMINISTRATOR)

    def regions(self, action: Action) -> tuple[str, ...] | None:
        """The regions ``action`` reaches, to filter a list by; ``None`` for every region, ``()`` for none."""
        reach = self.reach(action)
        if reach is None:
            return ()
        if reach is Reach.ALL or self.everywhere:
            return None
        return (self.region, *self.before) if self.region else ()

    def sees(self, action: Action, *, region: str, body: str = "") -> bool:
        """Whether ``action`` reaches the things of ``region`` (and, for a lane, of ``body``)."""
        regions = self.regions(action)
        if regions is not None and region not in regions:
            return False
        return self.reach(action) is not Reach.OWN or (bool(body) and body == self.body)

    def require(self, action: Action, *, region: str, body: str = "") -> None:
        """:class:`NotFound` unless :meth:`sees`."""
        if not self.sees(action, region=region, body=body):
            raise NotFound("Siden findes ikke, eller du har ikke adgang til den.")


def may(action: Action) -> Callable[[Request, str], Visitor]:
    """A route's dependency: the visitor, if the policy lets this role do ``action`` anywhere at all.

    Who is not signed in gets 401 (a page leads to the sign-in), who may not gets 404, and what changes something
    without this site's own form gets 403.
    """

    def dependency(request: Request, shown: Annotated[str, Depends(shown_token)]) -> Visitor:
        visitor: Visitor = request.app.state.gate.visitor(request)
        if visitor.reach(action) is None:
            raise NotFound("Siden findes ikke, eller du har ikke adgang til den.")
        if visitor.via != "token":
            refuse_forged(request, shown)
        return visitor

    dependency.action = action  # type: ignore[attr-defined]  # what the tests read off each route
    return dependency


def anyone(request: Request, shown: Annotated[str, Depends(shown_token)]) -> None:
    """The dependency of a route that is public and listed in :data:`workflow.faces.web.gate.routes.PUBLIC`; a form
    must still be our own."""
    refuse_forged(request, shown)
