"""Returns in the shapes of older mail programs: read, and judged by what the other mail server said."""

from __future__ import annotations

import pytest

from workflow.mail.returns.reports import read

BOUNCE = "retur+{notice}@nord.example"


def mail(sender: str, subject: str, body: str, *more: str) -> bytes:
    head = [f"From: {sender}", "To: retur@nord.example", f"Subject: {subject}", *more]
    return ("\n".join(head) + "\n\n" + body).encode()


QMAIL = (
    "Unfortunately, your mail was not delivered to the following address:\n\n<x@kommune.example>:\n"
    "192.0.2.7 does not like recipient. The sender's server gave up.\n"
    "Remote host said: 550 <x@kommune.example>: Recipient address rejected: User unknown in virtual alias table\n"
    "Giving up on 192.0.2.7.\n"
)
MDAEMON = (
    "The attached message had PERMANENT fatal delivery errors! The sender is not allowed more attempts.\n"
    "RCPT To:<x@kommune.example>\n552 Message for <x@kommune.example> would exceed mailbox quota\n"
)
MULTI = 'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"'
RECEIPT = (
    "--b\nContent-Type: text/plain\n\n{said}\n--b\nContent-Type: message/disposition-notification\n\n"
    "Final-Recipient: rfc822; x@kommune.example\nDisposition: automatic-action/MDN-sent-automatically; {what}\n--b--\n"
)


@pytest.mark.parametrize(
    ("raw", "kind", "about"),
    [
        (mail("MAILER-DAEMON@relay.example", "failure notice", QMAIL), "failed", "gone"),
        (mail("MAILER-DAEMON@relay.example", "Delivery failure", MDAEMON), "failed", "full"),
        (
            mail('"Jetmail System" <>', "Mail Error",
                 "Your mail cannot be delivered to x@kommune.example: mail box space not enough\n", "List-Id: <x>"),
            "failed", "full",
        ),
        (
            mail("gateway@kommune.example", "=?utf-8?B?RGVsaXZlcnkgZmFpbHVyZSBub3RpZmljYXRpb25=?=",
                 "Your message could not be delivered to: x@kommune.example\n550 5.1.1 no such user\n"),
            "failed", "gone",
        ),
        (
            mail("Mail Delivery Subsystem <admin@kommune.example>", "Automatically rejected mail",
                 RECEIPT.format(said="Your message to <x@kommune.example> was automatically rejected:\nQuota exceeded",
                                what="deleted"), MULTI),
            "failed", "full",
        ),
        (
            mail("anna@kommune.example", "Slettet: Svar inden 1. juni",
                 RECEIPT.format(said="Beskeden blev slettet uden at blive vist.", what="deleted"), MULTI),
            "receipt", "",
        ),
        (
            mail("postmaster@kommune.example", "Undeliverable mail",
                 "x@kommune.example - no such user here.\n\n: Message contains [1] file attachments\n"),
            "failed", "gone",
        ),
        (
            mail("MAILER-DAEMON@k.example", "returned mail", "Invalid final delivery userid: x@k.example\n"),
            "failed", "gone",
        ),
        (mail("anna@kommune.example", "SV: Returned mail", "Hej, jeg fik den her. Hvad er det?\n"), "answer", ""),
        (
            mail("Ida <sag@kommune.example>", "SV: Svar inden 1. juni", "Hej, vi har godkendt aftalen.\n",
                 "Return-Path: <sag@kommune.example>", "Auto-Submitted: auto-generated"),
            "answer", "",
        ),
        (
            mail("Ida <sag@kommune.example>", "Re: Svar inden 1. juni", "Jeg er tilbage den 3. januar.\n",
                 "Return-Path: <sag@kommune.example>", "Auto-Submitted: auto-replied"),
            "auto-reply", "",
        ),
        (
            mail("gateway@kommune.example", "Mail could not be delivered",
                 "The following mail could not be delivered: Exceeded maximum delivery attempts.\n",
                 "Return-Path: <gateway@kommune.example>", "Precedence: bulk"),
            "unread", "",
        ),
        (
            mail("noreply@kommune.example", "Besked om din mail", "Din mail kunne ikke leveres. Skriv igen.\n",
                 "Auto-Submitted: auto-generated"),
            "unread", "",
        ),
        (
            mail("ndr@kommune.example", "Mail delivery failed: returning message to sender",
                 "This message was created automatically by mail delivery software.\n"
                 "One or more of the recipients are not a valid user of the system.\n",
                 "Return-Path: <prvs=1=ndr@kommune.example>"),
            "failed", "gone",
        ),
        (
            mail("Ida <ida@kommune.example>", "Mail delivery failed",
                 "Hej, den kom retur: x@kommune.example 550 user unknown?\n", "Return-Path: <ida@kommune.example>"),
            "answer", "",
        ),
    ],
    ids=["qmail", "MDaemon", "nobody", "encoded subject", "rejected receipt", "deleted unread", "attachments", "userid",
         "a person", "a help desk", "on holiday", "lists' headers",
         "an automatic word of failure", "a server that can be answered",
         "a person under its subject"],
)  # fmt: skip
def test_an_older_shape_is_read_and_judged_by_the_other_server_s_words(
    raw: bytes, kind: str, about: str
) -> None:
    report = read(raw, BOUNCE)
    assert (report.kind, report.about) == (kind, about), report.text
