"""The short code beside a sign-in link: for whoever reads the mail on another device than the one to sign in on.

A code is made from the site's own secret, the link and the browser that asked for the link, so it lies nowhere and
opens nothing in another browser. Link and code are one thing that is used once, within
:data:`~workflow.services.people.signin.LINK_LASTS`. Instants are aware.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Engine

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.services.people.firstcode import SIGNS, plain
from workflow.services.people.signin import LINK_LASTS, Device, SignedIn, enter_by
from workflow.storage.database import writing
from workflow.storage.people import people
from workflow.storage.people.people import hash_of

MOST_TRIES = 5  # of one browser in LINK_LASTS, over all hosts
_GROUPS, _LONG = 2, 4  # 39 bits: what five tries at each of a person's twenty links cannot find


def code_beside(key: str, link: str, browser: str) -> str:
    """The code of a link (its secret) that ``browser`` (its secret) asked for, as ``"K7QF-2MPX"``. ``key`` is the
    site's secret, which lies outside the database."""
    signs = _code(key, hash_of(link), hash_of(browser))
    return "-".join(signs[at : at + _LONG] for at in range(0, len(signs), _LONG))


def redeem_code(engine: Engine, key: str, code: str, browser: str, at: datetime, device: Device) -> SignedIn:
    """Use the link up whose code was typed, and begin a session. :class:`NotFound` where the code is wrong, used, too
    old or of another browser, its person has ended, or the browser has no try left: which of these is not told, and
    each costs the same write, so that the wait tells nobody whether an address is known."""
    own, typed, found = hash_of(browser), plain(code), ""
    with writing(engine) as session:
        done = None
        if people.take_try(session, own, at, at + LINK_LASTS, MOST_TRIES):
            for digest in people.open_links(session, own, at):
                if hmac.compare_digest(_code(key, digest, own), typed):
                    found = digest
            done = enter_by(session, found, own, at, device) if found else None
    if done is None:  # outside the transaction, so that the try stays counted
        raise NotFound(phrase("Koden kan ikke bruges."))
    return done


def _code(key: str, link: str, browser: str) -> str:
    """The code of a link and a browser (their hashes), without its hyphen."""
    made = hmac.new(key.encode(), f"sign-in-code\0{link}\0{browser}".encode(), hashlib.sha256).digest()
    number, signs = int.from_bytes(made), ""
    for _ in range(_GROUPS * _LONG):
        number, sign = divmod(number, len(SIGNS))
        signs += SIGNS[sign]
    return signs
