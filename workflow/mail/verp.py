"""The return address that ties a bounce to its notice and that nobody else can make.

The token is the left part of the Message-ID, shortened, and a MAC over the whole of it under a key of this
database. The recipients know the Message-ID; without the secret they cannot make the address that reports on it.
"""

from __future__ import annotations

import hashlib
import hmac
import re

_TOKEN = re.compile(r"([0-9a-f]{16})-([0-9a-f]{20})", re.IGNORECASE)


def token(message_id: str, secret: str) -> str:
    """37 characters for an envelope address or an ENVID; without a secret the bare left part of the id."""
    left = message_id.strip("<>").partition("@")[0]
    return f"{left[:16]}-{_mac(left[:16], secret)}" if secret else left


def verp(bounce: str, message_id: str, secret: str = "") -> str:
    """The envelope sender of one letter: ``{notice}`` in ``bounce`` is replaced by its token
    (``retur+{notice}@example.dk``). Without ``{notice}`` it is used as it stands."""
    return bounce.replace("{notice}", token(message_id, secret))


def tokens_in(texts: list[str], bounce: str, alone: bool = False) -> tuple[str, ...]:
    """The tokens of addresses made from ``bounce``, whether ours or forged; mail servers may have changed case. With
    ``alone`` also those that stand without the address, as in an envelope id."""
    before, mark, after = bounce.lower().partition("{notice}")
    if not mark and not alone:
        return ()
    whole = re.escape(before) + _TOKEN.pattern + re.escape(after)
    found = re.compile(rf"\b{_TOKEN.pattern}\b" if alone else whole, re.IGNORECASE)
    return tuple(f"{match[1]}-{match[2]}".lower() for text in texts for match in found.finditer(text))


def opened(made: str, *secrets: str) -> str | None:
    """The beginning of the Message-ID in a token made under one of these secrets; ``None`` for one that we did not
    make."""
    match = _TOKEN.fullmatch(made.strip().lower())
    if match and any(one and hmac.compare_digest(_mac(match[1], one), match[2]) for one in secrets):
        return match[1]
    return None


def _mac(left: str, secret: str) -> str:
    return hmac.new(secret.encode(), left.encode(), hashlib.sha256).hexdigest()[:20]
