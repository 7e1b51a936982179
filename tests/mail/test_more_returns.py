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


AUTOMATIC = [
    ("auto-reply", "Vi deltager i en konference, der afholdes den 3. maj. Læs mere på https://www.aalborg.dk"),
    ("auto-reply", "Vi sørger for, at reglerne om databeskyttelse overholdes. Læs mere om det på https://k.example"),
    ("auto-reply", "Rådhuset holdes lukket i uge 42. Se åbningstider på https://k.example"),
    ("auto-reply", "Vi holder lukket i uge 42. Klik ind på https://k.example"),
    ("auto-reply", "Der holdes ferielukket, og mail læses igen mandag. Brug dette link i mellemtiden."),
    ("auto-reply", "A meeting is being held this week; please reply to my colleague."),
    ("auto-reply", "Your message will be held until I am back. Please reply to my colleague if it is urgent."),
    ("auto-reply", "Vi bekræfter hermed modtagelsen; du hører fra en person snarest."),
    ("auto-reply", "Vi bekræfter, at din mail er modtaget, og en person vender tilbage til dig."),
    ("auto-reply", "Får du intet svar, så kig i dit spamfilter. Find svar via dette link: https://k.example"),
    ("auto-reply", "Denne adresse overvåges ikke i weekenden. Kontoret er lukket mellem jul og nytår."),
    ("auto-reply", "Postkassen læses ikke i uge 29."),
    ("auto-reply", "This mailbox is not monitored outside office hours."),
    ("closed", "Denne adresse overvåges ikke. Kontoret er lukket mellem jul og nytår."),
    ("closed", "Postkassen læses ikke; ring på telefon 99 88 77 66."),
    ("closed", "Denne adresse bruges ikke efter den 1. juli."),
    ("closed", "Postkassen er nedlagt, og din mail er ikke blevet leveret. Klik på https://k.example"),
    ("challenge", "Your message is being held because the address <a.b@k.example> has not been verified. Reply to it."),
    ("challenge", "The message you sent requires that you verify that you are a real live human being."),
    ("challenge", "Din mail til sag@k.example er sat i karantæne. Klik her for at frigive den: https://f.example"),
    ("challenge", "Vi har tilbageholdt din besked. Bekræft på https://f.example, hvem du er."),
    ("challenge", "Din besked er endnu ikke afleveret. Bekræft venligst dig selv som afsender."),
    ("challenge", "We are holding your message. Please click to have it delivered."),
    ("challenge", "I use a spam filter. Click the link below so that I can receive your mail."),
    ("challenge", "To be added to my whitelist, use the link below."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said"), AUTOMATIC, ids=[said[:45] for _, said in AUTOMATIC])
def test_an_automatic_answer_is_a_filter_s_or_the_end_of_a_mailbox_only_where_it_says_so(
    kind: str, said: str
) -> None:
    raw = mail("sag@k.example", "Automatisk svar: Svar inden 1. juni", said, "Auto-Submitted: auto-replied",
               "Content-Type: text/plain; charset=utf-8")  # fmt: skip
    assert read(raw, BOUNCE).kind == kind


DOMINO = (
    "Your message\n\n  Subject: Mødet venter på ordstyrerens approval; the list is moderated\n\nwas not "
    "delivered to:\n\n  x@kommune.example\n\nbecause:\n\n"
    "  User Ida.Holm (x@kommune.example) not listed in Domino Directory\n"
)
SCANNED = (
    "--r\nContent-Type: text/plain\n\nDelivery to these recipients failed.\n\n    x@kommune.example\n\n"
    "**** The mail has been scanned for viruses, spam and offensive content on behalf of Kommunen ****\n"
    "--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.kommune.example\n\n"
    "Final-Recipient: rfc822; x@kommune.example\nAction: failed\nStatus: {status}\n{said}--r--\n"
)
PREAMBLE = (
    "This message is in MIME format. Your program cannot show it all.\n\n------_=_1\nContent-Type: text/plain\n\n"
    "Your message\n\n  To: Kommunen\n  Subject: Attachment: virus i kommunens mail\n\ndid not reach:\n\n"
    "x@kommune.example on Mon, 1 Mar 2027 10:00:00 +0100\n    The recipient name is not recognized\n"
)
REPORT = 'Content-Type: multipart/report; report-type=delivery-status; boundary="r"'


@pytest.mark.parametrize(
    ("body", "more", "about"),
    [
        (DOMINO, (), "gone"),
        (PREAMBLE, (), "gone"),
        (SCANNED.format(status="5.1.1", said=""), (REPORT,), "gone"),
        (SCANNED.format(status="5.0.0 (the recipient has reached the disk quota)", said=""), (REPORT,), "full"),
        (
            SCANNED.format(status="5.0.0", said="Diagnostic-Code: smtp; 550-x@kommune.example is not an active\n"
                           "  address at this host 550 (no such name)\n"),
            (REPORT,), "gone",
        ),
        (
            "The report is about a message with the following header fields:\n\n  Subject: en frist\n\n"
            "It cannot be handed to x@kommune.example\n", (), "",
        ),
    ],
    ids=["our subject", "a preamble", "a gateway's footer", "a remark behind the number", "many lines", "fields"],
)  # fmt: skip
def test_what_is_not_the_mail_server_s_own_word_does_not_judge(
    body: str, more: tuple[str, ...], about: str
) -> None:
    """Our own subject, what a gateway adds to every mail, an old program's first line."""
    report = read(mail("MAILER-DAEMON@mx.kommune.example", "Undeliverable", body, *more), BOUNCE)
    assert (report.kind, report.about) == ("failed" if about else "unread", about), report.text


HTML = "Content-Type: text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("Your message to <x@k.example> could not be delivered: 550 5.1.1 user unknown. Mail scanned by Guard.", ()),
        ("Mail scanned by Guard. Your message to <x@k.example> could not be delivered: 550 5.1.1 user unknown", ()),
        ("<x@k.example>: 550 5.1.1 user unknown (mail scanned for viruses by Guard)", ()),
        ("<x@k.example>: 550 5.1.1 user unknown, scanned for viruses, spam and malware by Guard", ()),
        ("<x@k.example>: no such user here, mail scanned by Guard", ()),
        (
            "<p>Delivery to x@k.example failed: 550 5.1.1 User unknown.</p><p>This message was scanned by Guard.</p>",
            (HTML,),
        ),
        (
            "<div>Delivery to x@k.example failed: 550 5.1.1 User unknown</div><div>Scannet for virus af Guard</div>",
            (HTML,),
        ),
        (
            "<p>Subject: virus i kommunens mail</p><p>Delivery to x@k.example failed: 550 5.1.1 User unknown</p>",
            (HTML,),
        ),
        ("This message is in MIME format. Delivery to x@k.example failed: 550 5.1.1 User unknown.", ()),
        ("A message with the following header fields: To: x@k.example was refused: 550 5.1.1 User unknown", ()),
    ],
)  # fmt: skip
def test_what_is_said_beside_the_refusal_on_one_line_does_not_hide_it(
    body: str, more: tuple[str, ...]
) -> None:
    """A dead mailbox that is not seen is written to at every reminder."""
    report = read(mail("MAILER-DAEMON@k.example", "Undeliverable", body + "\n", *more), BOUNCE)
    assert (report.kind, report.about, report.status) == (
        "failed", "gone", "5.1.1" if "5.1.1" in body else "",
    ), report.text  # fmt: skip


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Version 2.0.12\n\nx@kommune.example (user not found)", ""),
        ("Program 2.0.5 says of x@kommune.example: 550 5.1.1 user unknown", "5.1.1"),
        ("Program 4.2.7 says of x@kommune.example: 550 5.1.1 user unknown", "5.1.1"),
        ("At 10.4.1.2 nobody knows x@kommune.example: user unknown (#5.1.1)", "5.1.1"),
        ("At 10.4.1.2 nobody knows x@kommune.example: user unknown", ""),
    ],
)
def test_the_number_of_a_program_or_a_machine_is_no_status(said: str, status: str) -> None:
    body = f"Undeliverable: {said}\n"
    assert read(mail("MAILER-DAEMON@k.example", "Undeliverable", body), BOUNCE).status == status
