"""The shapes of mails that come back: who wrote it, where its words begin and end, and which addresses it names.

flufl.bounce (Mailman's reader) knows the shapes of a hundred mail programs; only who failed is taken from it. Why it
failed is never taken from a shape.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from html import unescape

MOST = 6000  # characters of a mail's own words that are read
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_MAIL_SYSTEM = re.compile(
    r"\b(?:mailer[-_]?daemon|postmaster|mail[-_ ]?(?:delivery|administrator|system|router)\b|microsoftexchange\w*|"
    r"mdaemon|bounces?)\b[^@]{0,40}@|mail delivery (?:sub)?system",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"undeliver|deliver\w* (?:status|fail|problem|error|report|incomplete)|returned (?:mail|to sender)|"
    r"failure notice|"
    r"(?:mail|message|delivery) (?:delivery )?fail|(?:not|could not be|cannot be|"
    r"unable to) (?:be )?deliver|non.?deliver|"
    r"ikke (?:blive )?lever|kunne ikke leveres|uleveret|unzustellbar|non remis|impossible de remettre|"
    r"mail system error|user unknown|delivery delayed",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[-=_ >]*(?:.{0,30}\bcopy of (?:the|your|this) (?:message|mail|letter)|below this line is|"
    r"original (?:message|mail)"
    r"|(?:returned|original|undelivered|unsent) (?:message|mail)(?: follows)?|message (?:header|text|"
    r"contents)s? follow|"
    r"(?:received|return-path|message-id|x-aftalefrist-notice): |:? ?message contains \[\d+\] file attachments)",
    re.IGNORECASE | re.MULTILINE,
)
# What stands among a mail server's words and is not its own: our subject, and what gateways and old programs add
_SUBJECT_LINE = re.compile(
    r"^[ \t>|*]*(?:subject|emne|betreff|objet)[ \t]*:.*$", re.IGNORECASE | re.MULTILINE
)
_ASIDE = re.compile(
    r"\bscann(?:ed|et|eret)\b|message is in mime format|does not understand this format|may not be legible|"
    r"the following header fields",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|[\r\n]+")
_REFUSES = re.compile(r"[^\s<>]@[^\s<>]|(?<![\d.])[45]\d\d(?![\d.])|(?<![\d.])[45]\.\d{1,3}\.\d")
_BLOCK = re.compile(
    r"</?(?:p|div|br|hr|h\d|tr|li|ul|ol|dl|dt|dd|table|pre|blockquote|title|body)\b[^<>@]*>", re.IGNORECASE
)
_STILL_TRYING = re.compile(
    r"warning(?: message)? only|do(?:es)? not need to resend|will (?:continue|be retried|keep trying|try again)|"
    r"still (?:being )?(?:try|retr)|delivery attempts will continue|no action is required|"
    r"has not (?:yet )?been delivered yet|"
    r"delivery (?:is |has been )?delayed|will be re-?sent|message is delayed",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"giv(?:en|ing) up|permanent|has failed|could not be delivered to one|was not delivered", re.IGNORECASE
)
_AUTOMATIC = re.compile(
    r"auto\w* ?(?:svar|reply|respon|antwort|antwoord)|out of (?:the )?office|fravær|frånvaro|abwesenheit|"
    r"(?:ude af|ikke på) kontoret|vacation|réponse auto",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?:created|generated|sent) automatically|automatically (?:created|generated|sent)", re.IGNORECASE
)
_ANSWERED = re.compile(r"(?:re|sv|svar|aw|ref|rv):", re.IGNORECASE)
_FORWARDED = re.compile(r"(?:vs|fw|fwd|vb|wg|tr|videresendt):", re.IGNORECASE)
_SERVICE = re.compile(
    r"(?:postmaster|mailer-daemon|abuse|help-?desk|support|admin\w*|no-?reply|frist|retur\+)", re.IGNORECASE
)


def line(message: Message, name: str) -> str:
    """One header as one line that every database takes, its encoded words (RFC 2047) read."""
    said = str(message.get(name, ""))
    if "=?" in said:
        try:
            said = str(make_header(decode_header(said)))
        except (HeaderParseError, LookupError, ValueError):
            return one_line(said)  # as it came: encoded wrongly, or in a character set nobody knows
    return one_line(said)


def one_line(text: str) -> str:
    """``text`` on one line of at most a thousand characters."""
    return _CONTROL.sub(" ", text.encode("utf-8", "replace").decode("utf-8")).strip()[:1000]


def automatic(mail: Message) -> bool:
    """Whether a program says that it wrote this (RFC 3834). A help desk's programs mark what people answer through
    them, too: what comes as an answer from somebody who can be answered is not automatic for a mark alone."""
    submitted = line(mail, "Auto-Submitted").lower()
    replied = submitted.startswith("auto-replied") or any(
        mail[name] for name in ("X-Autoreply", "X-Autorespond")
    )
    if (
        replied
        or line(mail, "Precedence").lower() in ("auto_reply", "bulk", "junk", "list")
        or _AUTOMATIC.match(line(mail, "Subject"))
        or mail.get_content_type() == "multipart/report"
    ):
        return True
    marked = (bool(submitted) and not submitted.startswith("no")) or any(
        mail[name] for name in ("X-Auto-Response-Suppress", "List-Id")
    )
    return marked and not (_ANSWERED.match(line(mail, "Subject")) and _answerable(mail))


def by_a_mail_server(mail: Message) -> bool:
    """Whether the mail system wrote it: by its name, by its subject, or because nobody did (RFC 5321, 4.5.5). People's
    programs answer without a sender too, but call themselves automatic; and people answer and pass on what came back
    under its subject, also one who is called postmaster."""
    sender, subject, somebody = line(mail, "From"), line(mail, "Subject"), _answerable(mail)
    answered, named_so = _ANSWERED.match(subject), bool(_MAIL_SYSTEM.search(sender)) or sender.endswith("<>")
    if _FORWARDED.match(subject) and (somebody or not named_so):
        return False
    if named_so:
        return not (answered and somebody) or _by_shape(mail)
    if _RETURNED.search(subject):  # some send it back under the subject of the letter, as an answer to it
        person = answered or (somebody and not automatic(mail) and not _MACHINE.search(words(mail)))
        return not person or _by_shape(mail)
    return mail.get_content_type() == "multipart/report" or (_by_nobody(mail) and not automatic(mail))


def by_a_person(mail: Message) -> bool:
    """Whether somebody who can be answered sent it and no program says that it did."""
    return _answerable(mail) and not _MAIL_SYSTEM.search(line(mail, "From")) and not automatic(mail)


def _by_nobody(mail: Message) -> bool:
    return line(mail, "Return-Path").upper() in ("<>", "<MAILER-DAEMON>", "MAILER-DAEMON")


def _answerable(mail: Message) -> bool:
    return bool(line(mail, "Return-Path")) and not _by_nobody(mail)


def _by_shape(mail: Message) -> bool:
    return bool(_RETURNED.search(words(mail)) and any(named(mail)))


def turned_away(mail: Message) -> bool:
    """Whether a receipt (RFC 8098) tells that the letter was rejected on delivery, as Dovecot does for a full mailbox:
    nobody deleted it unread."""
    said = f"{line(mail, 'Subject')} {line(mail, 'Auto-Submitted')} {words(mail)}"
    return bool(re.search(r"\breject(?:ed|ion)\b|quota|undeliver", said, re.IGNORECASE))


def field_groups(mail: Message) -> list[Message]:
    """Every group of fields of every delivery-status part, also where the part is malformed, encoded or named oddly;
    without those of a report that a person passes on."""
    found: list[Message] = []
    for part in _own_parts(mail) if by_a_person(mail) else mail.walk():
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            blocks = [one.as_string() for one in payload if isinstance(one, Message)]
        else:
            blocks = [_decoded(part)]
        if line(part, "Content-Transfer-Encoding").lower() == "base64":  # forbidden there, and seen
            with suppress(ValueError):
                blocks = [b64decode("".join(blocks)).decode("utf-8", "replace")]
        for block in blocks:
            found += [
                message_from_string(group.lstrip())
                for group in re.split(r"\r?\n[ \t]*\r?\n", block)
                if group.strip()
            ]
    return found


def _own_parts(mail: Message) -> Iterator[Message]:
    """The parts, but for those of the mails that are enclosed."""
    yield mail
    for part in mail.get_payload() if mail.get_content_maintype() == "multipart" else ():
        if isinstance(part, Message):
            yield from _own_parts(part)


def words(mail: Message) -> str:
    """What the mail itself says, on one line: its first text, without the letter it sends back."""
    text = next((said for part in mail.walk() if (said := _text(part))), "")
    copy = _COPY.search(text)
    own = text[: copy.start()] if copy and copy.start() > 20 else text
    return one_line(_without_asides(own)[:MOST])


def _without_asides(text: str) -> str:
    """``text`` without our subject and without what is said beside the mail server's own words."""
    return "\n".join(_own(one) for one in _SENTENCE.split(_SUBJECT_LINE.sub("", text)))


def _own(sentence: str) -> str:
    """What of a sentence is the mail server's own: up to the clause that is said beside it, and all of it where that
    clause names an address or refuses. A dead mailbox that is not seen is written to at every reminder."""
    aside = _ASIDE.search(sentence)
    if not aside:
        return sentence
    clause = max(sentence.rfind(before, 0, aside.start()) for before in (",", "(", " - ", " – "))
    head, tail = sentence[: max(clause, 0)], sentence[max(clause, 0) :]
    return sentence if _REFUSES.search(tail) or returned(tail) else head


def named(mail: Message) -> tuple[list[str], list[str]]:
    """The addresses that failed for now, and those that failed for good, as far as the shape is known."""
    from flufl.bounce import all_failures  # which reads forty forms of report, each by expressions of its own

    passing, failed = all_failures(mail)
    more = re.findall(r"[^\s,;<>]+@[^\s,;<>]+", line(mail, "X-Failed-Recipients"))
    return _plain(passing), list(dict.fromkeys(_plain(failed) + more))


def gist(text: str) -> str:
    """What a person needs to read of a mail server's words: from its answer on, where there is one."""
    answer = re.search(r"(?<![\d.])[45]\d\d[- ](?=\S)|\b5\.\d+\.\d+\b", text)
    return text[answer.start() if answer else 0 :][:300]


def mentioned(text: str) -> tuple[str, ...]:
    """The addresses that stand in a mail server's words, but for those one may write to."""
    found = re.findall(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", text)
    return tuple(dict.fromkeys(one for one in found if not _SERVICE.match(one)))


def still_trying(text: str) -> bool:
    """Whether the mail server goes on trying."""
    return bool(_STILL_TRYING.search(text)) and not _GIVEN_UP.search(text)


def returned(text: str) -> bool:
    """Whether words speak of a mail that was not delivered."""
    return bool(_RETURNED.search(text))


def _text(part: Message) -> str:
    if part.get_content_maintype() != "text" or part.get_content_type() == "text/rfc822-headers":
        return ""
    text = _decoded(part)
    if part.get_content_type() == "text/html":
        text = _BLOCK.sub("\n", re.sub(r"(?is)<(style|script)\b.*?</\1>", " ", text))
        text = unescape(re.sub(r"<[^<>@]*>", " ", text))
    return text.strip()


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a character set nobody knows
        return payload.decode("latin-1")


def _plain(addresses: frozenset[bytes]) -> list[str]:
    return sorted(one.decode("ascii", "replace").strip("<>") for one in addresses)
