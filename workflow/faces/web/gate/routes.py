"""Which action stands at each route. A route without one is refused when the application is made."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import anyone

# What anybody may read or send without signing in, and why.
PUBLIC = {
    "/log-ind": "signs in",
    "/log-ind/kode": "signs in, in the browser that asked",
    "/log-ind/{link}": "signs in",
    "/log-ind/oidc": "signs in",
    "/log-ind/oidc/svar": "signs in",
    "/log-ud": "signs out",
    "/opsaetning/kode": "the daemon's code is the key, and only while nobody can sign in",
    "/tilgaengelighed": "the law wants it to be public",
    "/privatliv": "whoever is written to may read what is kept; holds no data",
    "/.well-known/security.txt": "RFC 9116",
    "/style.css": "how the public pages look",
    "/grid.js": "the keyboard in the councils' table; holds no data",
    "/healthz": "machines ask it; holds no data",
    "/readyz": "machines ask it; holds no data",
    "/metrics": "this machine asks it, others where metrics_open says so; holds counts only",
    "/api/v1/openapi.json": "how to ask; holds no data",
    "/kalender/{secret}.ics": "the address is the secret",
    "/svar/{token}": "the link in a letter is the key",
    "/svar/{token}/tekst": "the link in a letter is the key",
    "/fil/{token}": "the link in a letter is the key, and opens one file for a time",
    "/svar/{token}/sag": "the link in a letter is the key",
    **{
        path: "the link in a letter is the key, to that council's own calendar alone"
        for base in ("/svar/{token}/moeder", "/moedeplan/{token}")
        for path in (base, f"{base}/gem", f"{base}/fjern")
    },
    "/dokument": "the signed number of a document is the key, and says only whether it still holds",
    "/delt/{secret}": "the address is the secret; it ends, and can be ended",
    "/kvitter/{token}": "the link in a letter is the key",
    "/bekraeft/{token}": "the link in a letter is the key",
}


def take_over(routes: APIRouter, *parts: APIRouter) -> None:
    """Put the routes of ``parts`` among ``routes`` as they are. FastAPI's own inclusion would build every route once
    more at each level, which is most of what making the application costs."""
    for part in parts:
        routes.routes.extend(part.routes)


def table(app: FastAPI) -> dict[tuple[str, str], Action | None]:
    """Method and path of every route -> its action, ``None`` for a public one. :class:`LookupError` names a route
    that has no action and is not public, or more than one."""
    rows: dict[tuple[str, str], Action | None] = {}
    for route in iter_route_contexts(app.routes):
        path, calls = str(route.path), list(_calls(route.dependant))
        actions = [call.action for call in calls if hasattr(call, "action")]
        if path in PUBLIC:
            if actions:
                raise LookupError(f"{path} is listed as public and names {actions}")
            if route.methods and route.methods - {"GET", "HEAD"} and anyone not in calls:
                raise LookupError(f"{path} is public and changes something: it needs Depends(anyone)")
        elif len(actions) != 1:
            raise LookupError(f"{path} must name exactly one action by may(...); it names {actions}")
        for method in sorted(route.methods or ()):
            rows[method, path] = actions[0] if actions else None
    return rows


def action_of(route: object) -> Action | None:
    """The action a route names; ``None`` for a public one."""
    dependant = getattr(route, "dependant", None)
    if dependant is None:
        return None
    return next((call.action for call in _calls(dependant) if hasattr(call, "action")), None)


def _calls(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)
