"""One rule for comparing mail addresses, for everywhere that asks whose one is.

Only A to Z are folded. Unicode's own folding makes other letters equal to them (the Kelvin sign to k, the long s to s):
an address that merely folds to a person's is somebody else's.
"""

from __future__ import annotations

import string
import unicodedata

_DANISH = frozenset("æøåäöüé")  # what a domain under .dk may hold beside a to z, digits and hyphens
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(address: str) -> str:
    """The address as it is compared: without blanks around it, A to Z in lower case, nothing else changed."""
    return address.strip().translate(_LOWER)


def disguised(address: str) -> str:
    """The first letter of the domain that no domain under .dk may hold (a Cyrillic а or a Latin ɑ looks like an a, and
    is somebody else's domain); ``""`` where there is none. The domain may be in its spelling for the wire (xn--)."""
    domain = address.rpartition("@")[2]
    try:
        shown = domain.encode("ascii").decode("idna")
    except UnicodeError:
        shown = domain
    return next(
        (
            sign
            for sign in unicodedata.normalize("NFC", shown.lower())
            if not sign.isascii() and sign not in _DANISH
        ),
        "",
    )


def on_the_wire(address: str) -> str:
    """The address with its domain spelled as it is looked up (xn--), so that what looks alike reads otherwise; as it is
    where it has no such spelling."""
    name, at, domain = address.rpartition("@")
    try:
        return f"{name}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def deliverable(address: str) -> str:
    """The address as it is kept, in ASCII: a domain with æ, ø or å in its own spelling for the wire.

    ``ValueError`` with the reason, in English, where it is none, or where letters before the @ can be sent by no mail
    server that we could rely on."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if found.ascii_email is None:
        raise ValueError("letters other than a to z before the @ cannot be written to; use another address")
    if sign := disguised(found.ascii_email):
        raise ValueError(
            f"the domain holds a letter that no .dk domain has and that may look like another (U+{ord(sign):04X}); "
            "type it again by hand"
        )
    return folded(found.ascii_email)
