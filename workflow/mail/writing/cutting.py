"""Links that act (answer, acknowledge, confirm, open a file) cut out of what others may read of a letter.

A letter is evidence and may be read by many; the links in it are keys and belong to the mailbox it was written to. So a
page, a file or a proof shows the letter with the links cut out of which the reader may not use: the words stay, the key
goes. A sign-in link stands in no letter.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from email.message import Message

MayUse = Callable[[str, str], bool]
"""Whether the reader may use the link of this kind ("svar", "kvitter", "bekraeft", "moedeplan", "fil") with this
token."""
GONE = "linket-er-fjernet"
# A token as it stands in text, or broken by the soft line ends of quoted-printable in a mail quoted inside another.
_LINK = re.compile(r"/(svar|kvitter|bekraeft|moedeplan|fil)/((?:[A-Za-z0-9_.\-]|=\r?\n)+)")


def nobody(_kind: str, _token: str) -> bool:
    """A reader who may use none."""
    return False


def cut(text: str, may_use: MayUse) -> str:
    """``text`` with the token taken out of every link that the reader may not use."""

    def one(link: re.Match[str]) -> str:
        token = re.sub(r"=\r?\n", "", link[2])
        return link[0] if may_use(link[1], token) else f"/{link[1]}/{GONE}"

    return _LINK.sub(one, text)


def cut_mail(raw: bytes, may_use: MayUse) -> bytes:
    """A whole mail likewise, mails inside it too. The same bytes where nothing was cut; else it is no longer the mail
    that was sent, and a header says so. A part that cannot be read is left out: a key may lie in it."""
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    changed = False
    for part in mail.walk():
        if not part.is_multipart():
            changed = _cut_part(part, may_use) or changed
    if not changed:
        return raw
    mail["X-Aftalefrist"] = "links that act are cut out; these are not the bytes that were sent"
    return mail.as_bytes()


def _cut_part(part: Message, may_use: MayUse) -> bool:
    """Cut one leaf; whether anything went."""
    if part.get_content_maintype() not in ("text", "message"):
        return False
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return False
    charset = part.get_content_charset() or "utf-8"
    try:
        text = payload.decode(charset)
    except (LookupError, UnicodeDecodeError):
        text, charset = payload.decode("latin-1"), "utf-8"
    said = cut(text, may_use)
    if said == text:
        return False
    del part["Content-Transfer-Encoding"]
    part.set_payload(said, "utf-8")
    return True
