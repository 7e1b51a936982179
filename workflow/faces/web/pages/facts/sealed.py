"""What a preview proposes, sealed for the visitor who saw it: another's proposal, or one typed by hand, is none."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from workflow.errors import Invalid
from workflow.faces.web.pages.site import Visit

GONE = "Forhåndsvisningen er ikke din, eller den gælder ikke længere. Begynd forfra. Intet er ændret."


def seal(visit: Visit, purpose: str, proposal: dict[str, Any]) -> str:
    """The proposal as a form can carry it; ``purpose`` (ASCII) keeps those of one page from being taken by another."""
    return str(_serializer(visit, purpose).dumps(proposal))


def unseal(visit: Visit, purpose: str, sealed: str) -> dict[str, Any]:
    """What :func:`seal` was given; :class:`Invalid` where this visitor never saw it."""
    try:
        said: dict[str, Any] = _serializer(visit, purpose).loads(sealed)
    except BadData as error:
        raise Invalid(GONE) from error
    return said


def _serializer(visit: Visit, purpose: str) -> URLSafeSerializer:
    salt = f"aftale-{purpose}:{visit.visitor.account}"
    return URLSafeSerializer(visit.place.secret, salt=salt, signer_kwargs={"digest_method": hashlib.sha256})
