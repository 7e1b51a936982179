"""What a preview proposes, sealed for the visitor who saw it: another's proposal, or one typed by hand, is none."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from workflow.errors import Invalid
from workflow.faces.web.pages.site import Visit
from workflow.language import phrase

GONE = phrase("Forhåndsvisningen er ikke din, eller den gælder ikke længere. Begynd forfra. Intet er ændret.")


def seal(visit: Visit, purpose: str, proposal: dict[str, Any]) -> str:
    """The proposal as a form can carry it; ``purpose`` (ASCII) keeps those of one page from being taken by another."""
    return seal_for(visit.place.secret, visit.visitor.account, purpose, proposal)


def unseal(visit: Visit, purpose: str, sealed: str) -> dict[str, Any]:
    """What :func:`seal` was given; :class:`Invalid` where this visitor never saw it."""
    return unseal_for(visit.place.secret, visit.visitor.account, purpose, sealed)


def seal_for(secret: str, account: str, purpose: str, proposal: dict[str, Any]) -> str:
    """:func:`seal` for ``account``: a visitor's, or the link of a letter that a form was reached by."""
    return str(_serializer(secret, account, purpose).dumps(proposal))


def unseal_for(secret: str, account: str, purpose: str, sealed: str) -> dict[str, Any]:
    """What :func:`seal_for` was given; :class:`Invalid` where it was another's."""
    try:
        said: dict[str, Any] = _serializer(secret, account, purpose).loads(sealed)
    except BadData as error:
        raise Invalid(GONE) from error
    return said


def _serializer(secret: str, account: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=f"aftale-{purpose}:{account}", signer_kwargs={"digest_method": hashlib.sha256}
    )
