"""Signing in through an identity provider (OpenID Connect: code flow, PKCE, state, nonce), e.g. Entra ID.

The provider says who it is; what that person may do is ours to know, or a group's that the settings name. So the issuer
must be one organisation's own: with a provider that anybody can join, anybody could claim an address. The way back is a
GET, as the protocol has it; it can only be walked once, by the browser that set out, within ten minutes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeSerializer

from workflow.errors import Misconfigured
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.issuers import open_to_anybody
from workflow.faces.web.gate.once import Once
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.provider import Provider
from workflow.faces.web.gate.signing import device_of, enter, local
from workflow.faces.web.gate.visitor import anyone
from workflow.mail.addresses import folded
from workflow.services.people import signin
from workflow.services.people.workaccount import Grant, begin_for_account, read_grant
from workflow.settings import Settings
from workflow.storage.people.people import ROLES

LASTS = signin.LINK_LASTS
AT_ONCE = 4  # who wait for the provider, each in a thread that the site could need
_SORRY = "Arbejdskontoen kunne ikke bruges til at logge ind. Prøv igen, eller brug et link i en mail."
_STRANGER = "Arbejdskontoen er i orden, men ingen har givet den adgang her. Spørg den, der driver siden."
_BUSY = "Arbejdskontoen er langsom lige nu. Vent lidt, og prøv igen."


def provider_of(settings: Settings) -> Provider:
    """The provider of the settings; :class:`Misconfigured` for one that vouches for everybody, or without the
    extra that speaks to it."""
    if open_to_anybody(settings.oidc_issuer):
        raise Misconfigured(
            "AFTALE_OIDC_ISSUER",
            "this issuer vouches for any organisation's people",
            "Name your own tenant's",
        )
    try:
        import authlib  # noqa: F401
    except ImportError as error:
        raise Misconfigured(
            "AFTALE_OIDC_ISSUER", "authlib is missing", "pip install aftalefrist[oidc]"
        ) from error
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.base_url}/log-ind/oidc/svar",
        frozenset(folded(one).lstrip("@") for one in settings.oidc_domains.replace(",", " ").split()),
        settings.oidc_groups_claim,
        frozenset(settings.oidc_acr.replace(",", " ").split()),
        frozenset(settings.oidc_amr.replace(",", " ").split()),
    )


def grants_of(settings: Settings) -> dict[str, Grant]:
    """What each group of the settings gives, in their order; :class:`Misconfigured` names one that gives no role."""
    grants = {group: read_grant(said) for group, said in settings.oidc_groups.items()}
    for group, grant in grants.items():
        if grant.role not in ROLES:
            where = f"AFTALE_OIDC_GROUPS: {group}"
            raise Misconfigured(where, f"{grant.role!r} is no role", f"Write one of {', '.join(ROLES)}")
    return grants


def oidc_routes(gate: Gate) -> APIRouter:
    """Out to the provider and back."""
    from joserfc.errors import JoseError

    provider, grants = provider_of(gate.place().settings), grants_of(gate.place().settings)
    setting_out, coming_back = Pace(20, seconds=600), Pace(20, seconds=600)
    room, once = BoundedSemaphore(AT_ONCE), Once(LASTS)
    routes = APIRouter(dependencies=[Depends(anyone)])
    cookie = f"{gate.cookies.browser_name}-oidc"

    def sealed() -> URLSafeSerializer:
        return URLSafeSerializer(
            gate.place().secret, salt="aftale-oidc", signer_kwargs={"digest_method": hashlib.sha256}
        )

    @routes.get("/log-ind/oidc")
    def leave(request: Request, next: str = "/") -> Response:
        at = gate.clock()
        setting_out.take(client_of(request), at)
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        try:
            with _one_of(room):
                address = provider.leave_for(state, nonce, verifier, at)
        except (OSError, ValueError, LookupError) as error:
            raise HTTPException(403, _SORRY) from error
        kept = [state, nonce, verifier, local(next), int(at.timestamp())]
        gate.cookies.put(request, cookie, str(sealed().dumps(kept)), LASTS)
        return RedirectResponse(address, 303)

    @routes.get("/log-ind/oidc/svar")
    def come_back(
        request: Request,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
    ) -> Response:
        at = gate.clock()
        coming_back.take(client_of(request), at)
        gate.cookies.put(request, cookie, "", LASTS * 0)
        try:
            own, nonce, verifier, target, left = sealed().loads(request.cookies.get(cookie, ""))
            if (
                not code
                or not secrets.compare_digest(own.encode(), state.encode())
                or at.timestamp() - left >= LASTS.total_seconds()
            ):
                raise ValueError("not the way this browser set out")
            if not once.first(own, at):
                raise ValueError("this way back was walked before")
            with _one_of(room):
                account = provider.redeem(code, verifier, nonce, at)
        except (BadSignature, OSError, ValueError, LookupError, JoseError) as error:
            raise HTTPException(403, _SORRY) from error
        place = gate.place()
        session = begin_for_account(place.engine, place.rulebook, account, grants, at, device_of(request))
        if session is None:
            raise HTTPException(403, _STRANGER)
        return enter(gate, request, session, target)

    return routes


@contextmanager
def _one_of(room: BoundedSemaphore) -> Iterator[None]:
    """429 where so many wait for the provider already."""
    if not room.acquire(blocking=False):
        raise HTTPException(429, _BUSY, {"Retry-After": "30"})
    try:
        yield
    finally:
        room.release()
