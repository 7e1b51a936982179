"""What the domain name system says of our mail: whether receivers may believe that it is ours.

Nothing here can be needed for sending, so nothing raises, and a resolver that is silent is asked once only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver
from dns.reversename import from_address

PATIENCE = 3.0  # seconds for one question
Ask = Callable[[str, str], list[str]]


class Silent(Exception):
    """Nobody answers questions about names."""


def asked(name: str, kind: str) -> list[str]:
    """The records of one ``kind`` at ``name`` as text; none where there are none. :class:`Silent` without an answer."""
    try:
        resolver = Resolver()
        resolver.lifetime = resolver.timeout = PATIENCE
        found = resolver.resolve(name, kind)
    except (NXDOMAIN, NoAnswer):
        return []
    except (DNSException, OSError, ValueError) as error:
        raise Silent(str(error) or type(error).__name__) from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]
    return [record.to_text() for record in found]


def report(sender: str, back: str, relay: str, ask: Ask = asked) -> tuple[list[str], list[str]]:
    """What is in order, and what is not, each with its cure. ``sender`` is the domain readers see, ``back`` the one of
    return addresses, ``relay`` the mail server's name (empty for this machine). :class:`Silent` where nobody answers.
    """
    well: list[str] = []
    ill: list[str] = []
    spf = _begins(ask(back, "TXT"), "v=spf1")
    if len(spf) == 1:
        open_to_all = "+all" in spf[0].split()
        (ill if open_to_all else well).append(
            f"TXT {back}: {spf[0]}"
            + (" lets anybody send in your name; end it with -all or ~all" if open_to_all else "")
        )
    else:
        ill.append(
            f"TXT {back} has {len(spf)} SPF records: it must have one that names your relay (v=spf1 ... -all)"
        )
    dmarc = next(
        (found for one in _upwards(sender) if (found := _begins(ask(f"_dmarc.{one}", "TXT"), "v=DMARC1"))), []
    )
    if dmarc:
        well.append(f"DMARC: {dmarc[0]}")
    else:
        ill.append(
            f"TXT _dmarc.{sender} is missing: write v=DMARC1; p=none; rua=mailto:... and tighten it later"
        )
    if ask(back, "MX"):
        well.append(f"MX {back} is there")
    else:
        ill.append(f"MX {back} is missing: what comes back would be lost")
    if relay:
        addresses = [*ask(relay, "A"), *ask(relay, "AAAA")]
        nameless = [one for one in addresses if not ask(from_address(one).to_text(), "PTR")]
        if nameless:
            ill.append(
                f"{nameless[0]} ({relay}) has no reverse name (PTR): receivers distrust it, if it sends itself"
            )
        elif addresses:
            well.append(f"{relay} has a reverse name")
    return well, ill


def _begins(texts: Iterable[str], with_: str) -> list[str]:
    return [one for one in texts if one.lower().startswith(with_.lower())]


def _upwards(domain: str) -> Iterable[str]:
    """The domain and its owners, but for the last label: a policy may stand above."""
    parts = domain.split(".")
    return (".".join(parts[number:]) for number in range(max(len(parts) - 1, 1)))
