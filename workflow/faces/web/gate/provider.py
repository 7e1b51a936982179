"""One identity provider (OpenID Connect): what it says of itself, kept a while, and what its tokens say of a person.

What is read from it is kept for ten minutes, and that it was away for half a minute: so a provider that does not answer
costs one thread now and then, not one for each who asks.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from workflow.mail.addresses import deliverable
from workflow.mail.sending.web import call
from workflow.services.people.workaccount import Account
from workflow.values import dataclass, field

SCOPE = "openid email profile"
SIGNED_BY = ["RS256", "PS256", "ES256"]  # never "none", never a shared secret
KEPT, AWAY = timedelta(minutes=10), timedelta(seconds=30)
FRESH = timedelta(minutes=1)  # keys younger than this are not read again for a token they do not fit
PATIENCE = 8.0  # seconds the provider may take for an answer
MOST_GROUPS = 500


class _Kept:
    """What was read from an address, until it is too old; one reader at a time, the others take what there is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Any] | None = None
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None

    def get(self, url: str, at: datetime, most: timedelta = KEPT) -> dict[str, Any]:
        """What stands there, no older than ``most`` where it can be read; ``OSError`` or ``ValueError`` where nothing
        can, and for a while afterwards without asking."""
        if not self._lock.acquire(timeout=0 if self._found else PATIENCE):
            return self._or_refuse()
        try:
            if self._read_at is not None and self._found is not None and at - self._read_at < most:
                return self._found
            if self._failed_at is not None and at - self._failed_at < AWAY:
                return self._or_refuse()
            try:
                found = json.loads(call(url, timeout=PATIENCE))
                if not isinstance(found, dict):
                    raise ValueError("the provider does not answer with an object")
            except (OSError, ValueError):
                self._failed_at = at
                raise
            self._found, self._read_at, self._failed_at = found, at, None
            return found
        finally:
            self._lock.release()

    def _or_refuse(self) -> dict[str, Any]:
        if self._found is None:
            raise OSError("the provider does not answer")
        return self._found


@dataclass(frozen=True)
class Provider:
    """One issuer and what we are called there. ``domains`` are the mail domains it gives out itself: for any other it
    must say that it verified the address. ``groups_claim`` is where a token lists the person's groups. Where there are
    any, a token must say one of ``acr`` for how strong the sign-in was, and one of ``amr`` among its methods."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str = ""
    domains: frozenset[str] = frozenset()
    groups_claim: str = "groups"
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()
    _about: _Kept = field(default_factory=_Kept, repr=False)
    _keys: _Kept = field(default_factory=_Kept, repr=False)

    def discover(self, at: datetime) -> dict[str, Any]:
        """Its own description; ``ValueError`` where it calls itself something else."""
        told = self._about.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", at)
        if told["issuer"] != self.issuer:
            raise ValueError(f"the provider calls itself {told['issuer']!r}")
        return told

    def leave_for(self, state: str, nonce: str, verifier: str, at: datetime) -> str:
        """Where the browser goes to sign in."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        strong = {"acr_values": " ".join(sorted(self.acr))} if self.acr else {}
        return str(
            prepare_grant_uri(
                self.discover(at)["authorization_endpoint"], self.client_id, "code", self.redirect_uri, SCOPE, state,
                nonce=nonce, code_challenge=create_s256_code_challenge(verifier), code_challenge_method="S256",
                **strong,
            )
        )  # fmt: skip

    def redeem(self, code: str, verifier: str, nonce: str, at: datetime) -> Account:
        """Whom the provider vouches for. ``ValueError``, ``OSError`` or ``JoseError`` when it does not."""
        about = self.discover(at)
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri,
            "client_id": self.client_id, "client_secret": self.client_secret, "code_verifier": verifier,
        }  # fmt: skip
        body = urlencode(form).encode()
        answer = json.loads(
            call(about["token_endpoint"], body, "application/x-www-form-urlencoded", PATIENCE)
        )
        return self._account(self._claims(answer["id_token"], about["jwks_uri"], nonce, at))

    def _claims(self, token: str, keys_at: str, nonce: str, at: datetime) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        def decoded(most: timedelta) -> dict[str, Any]:
            keys = KeySet.import_key_set(self._keys.get(keys_at, at, most))  # type: ignore[arg-type]
            return jwt.decode(token, keys, algorithms=SIGNED_BY).claims

        try:
            claims = decoded(KEPT)
        except (JoseError, ValueError):  # it may have changed its keys since they were read
            claims = decoded(FRESH)
        jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=60,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        return claims

    def _account(self, claims: Mapping[str, Any]) -> Account:
        if claims["aud"] not in (self.client_id, [self.client_id]):
            raise ValueError("the token is for others too")
        if claims.get("azp", self.client_id) != self.client_id:
            raise ValueError("the token was given to another")
        subject, name = claims.get("sub"), claims.get("name")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise ValueError("the token names nobody")
        strength = claims.get("acr")
        if self.acr and not (isinstance(strength, str) and strength in self.acr):
            raise ValueError("the token does not say that the sign-in was strong enough (acr)")
        methods = claims.get("amr")
        if self.amr and not (isinstance(methods, list) and self.amr.intersection(map(str, methods))):
            raise ValueError("the token names none of the methods that are asked for (amr)")
        email = self._address(claims)
        groups = claims.get(self.groups_claim)
        told = isinstance(groups, list) and len(groups) <= MOST_GROUPS
        return Account(
            self.issuer, subject, email, name if isinstance(name, str) and name.strip() else email,
            frozenset(one for one in groups if isinstance(one, str)) if told and isinstance(groups, list) else None,
        )  # fmt: skip

    def _address(self, claims: Mapping[str, Any]) -> str:
        """The address the provider vouches for, as it is kept; ``ValueError`` for none."""
        said = claims.get("email")
        for given in (said, claims.get("preferred_username")):
            if not isinstance(given, str) or not given.isascii():  # what folds to a person's is another's
                continue
            address = deliverable(given)
            if address.rpartition("@")[2] in self.domains:
                if claims.get("email_verified", True) is True:
                    return address
            elif given is said and _verified(claims):
                return address
        raise ValueError("the provider vouches for no address")


def _verified(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it made sure of the address; Entra ID says it in a claim of its own."""
    if "email_verified" in claims:
        return claims["email_verified"] is True
    edov = claims.get("xms_edov")
    return edov is True or (isinstance(edov, int | str) and str(edov).lower() in ("1", "true"))
