"""Mails that come back, as mail servers write them."""

from __future__ import annotations


def dsn(
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "raad@kommune.example",
    message_id: str = "",
    envid: str = "",
    said: str = "smtp; 550 5.1.1 User unknown",
    final: str = "",
) -> bytes:
    """A delivery report in the form of Postfix (RFC 3464); ``final`` is where ``recipient`` sends its mail on to."""
    original = f"Original-Envelope-Id: {envid}\n" if envid else ""
    returned = f"Message-ID: {message_id}\nSubject: en frist\n" if message_id else "Subject: en frist\n"
    return f"""\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.kommune.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="skel"

--skel
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.
--skel
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kommune.example
{original}Arrival-Date: Mon, 1 Mar 2027 10:00:00 +0100

Final-Recipient: rfc822; {final or recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: {said}
--skel
Content-Type: text/rfc822-headers

{returned}
--skel--
""".encode()


def out_of_office(to: str) -> bytes:
    return f"""\
From: raad@kommune.example
To: {to}
Subject: Automatisk svar: Påmindelse
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

Jeg er på ferie.
""".encode()


def wrapped(report: bytes, to: str) -> bytes:
    """A report as a gateway hands it on that puts a text of its own before it."""
    return (
        (
            f"Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@gateway.example\nSubject: [EKSTERN] retur\n"
            'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="ydre"\n\n--ydre\nContent-Type: text/plain\n\n'
            "Denne mail kommer udefra.\n--ydre\nContent-Type: message/rfc822\n\n"
        ).encode()
        + report
        + b"\n--ydre--\n"
    )


def in_words(to: str, *, address: str = "raad@kommune.example", said: str = "") -> bytes:
    """A bounce as qmail writes it: text alone."""
    said = said or "Sorry, no mailbox here by that name. (#5.1.1)"
    return f"""\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.kommune.example
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at mx.kommune.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
<{address}>: {said}
""".encode()
