"""Signing in through an identity provider (OpenID Connect: code flow, PKCE, state, nonce), e.g. Entra ID.

The provider says whose mailbox it is; what that person may do is ours to know. So the issuer must be one
organisation's own: with a provider that anybody can join, anybody could claim an address. The way back is a GET, as
the protocol has it; it can only be walked once, by the browser that set out, within ten minutes.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeSerializer

from workflow.errors import Misconfigured
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.signing import device_of, enter, local
from workflow.faces.web.gate.visitor import anyone
from workflow.mail.web import call
from workflow.services.people import signin
from workflow.settings import Settings

LASTS = signin.LINK_LASTS
SCOPE = "openid email profile"
SIGNED_BY = ["RS256", "PS256", "ES256"]  # never "none", never a shared secret
SHARED = ("/common", "/organizations", "/consumers")  # Entra ID's issuers for whoever wants
_SORRY = "Arbejdskontoen kunne ikke bruges til at logge ind. Prøv igen, eller brug et link i en mail."
_STRANGER = "Arbejdskontoen er i orden, men ingen har givet den adgang her. Spørg den, der driver siden."


@dataclass(frozen=True, slots=True)
class Provider:
    """One issuer and what we are called there. Its addresses are read when somebody signs in, so that a provider
    that is away keeps nobody from starting."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def discover(self) -> dict[str, Any]:
        """Its own description; ``ValueError`` where it calls itself something else."""
        told: dict[str, Any] = json.loads(call(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"))
        if told["issuer"] != self.issuer:
            raise ValueError(f"the provider calls itself {told['issuer']!r}")
        return told

    def leave_for(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        return str(
            prepare_grant_uri(
                self.discover()["authorization_endpoint"],
                self.client_id,
                "code",
                self.redirect_uri,
                SCOPE,
                state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    def redeem(self, code: str, verifier: str, nonce: str, at: datetime) -> str:
        """The mail address the provider vouches for. ``ValueError``, ``OSError`` or ``JoseError`` when it does not."""
        from joserfc import jwt
        from joserfc.jwk import KeySet

        about = self.discover()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri,
            "client_id": self.client_id, "client_secret": self.client_secret, "code_verifier": verifier,
        }  # fmt: skip
        body = urlencode(form).encode()
        answer = json.loads(call(about["token_endpoint"], body, "application/x-www-form-urlencoded"))
        keys = KeySet.import_key_set(json.loads(call(about["jwks_uri"])))
        claims = jwt.decode(answer["id_token"], keys, algorithms=SIGNED_BY).claims
        jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=60,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        email = claims.get("email") or claims.get("preferred_username")
        if not isinstance(email, str) or claims.get("email_verified") is False:
            raise ValueError("the provider vouches for no address")
        return email


def provider_of(settings: Settings) -> Provider:
    """The provider of the settings; :class:`Misconfigured` for one that vouches for everybody, or without the
    extra that speaks to it."""
    if settings.oidc_issuer.rstrip("/").removesuffix("/v2.0").endswith(SHARED):
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
    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id, secret, f"{settings.base_url}/log-ind/oidc/svar"
    )


def oidc_routes(gate: Gate) -> APIRouter:
    """Out to the provider and back."""
    from joserfc.errors import JoseError

    provider = provider_of(gate.place().settings)
    routes = APIRouter(dependencies=[Depends(anyone)], include_in_schema=False)
    sealed = URLSafeSerializer(gate.place().secret, salt="aftale-oidc")
    cookie = f"{gate.cookies.browser_name}-oidc"

    @routes.get("/log-ind/oidc")
    def leave(request: Request, next: str = "/") -> Response:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        try:
            address = provider.leave_for(state, nonce, verifier)
        except (OSError, ValueError, LookupError) as error:
            raise HTTPException(403, _SORRY) from error
        kept = [state, nonce, verifier, local(next), int(gate.clock().timestamp())]
        gate.cookies.put(request, cookie, str(sealed.dumps(kept)), LASTS)
        return RedirectResponse(address, 303)

    @routes.get("/log-ind/oidc/svar")
    def come_back(
        request: Request,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
    ) -> Response:
        at = gate.clock()
        gate.cookies.put(request, cookie, "", LASTS * 0)
        try:
            own, nonce, verifier, target, left = sealed.loads(request.cookies.get(cookie, ""))
            if (
                not code
                or not secrets.compare_digest(own.encode(), state.encode())
                or at.timestamp() - left >= LASTS.total_seconds()
            ):
                raise ValueError("not the way this browser set out")
            email = provider.redeem(code, verifier, nonce, at)
        except (BadSignature, OSError, ValueError, LookupError, JoseError) as error:
            raise HTTPException(403, _SORRY) from error
        session = signin.begin_for(gate.place().engine, email, at, device_of(request))
        if session is None:
            raise HTTPException(403, _STRANGER)
        return enter(gate, request, session, target)

    return routes
