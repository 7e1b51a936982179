"""Reading what came back: only what it claims, and never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.returned import dsn, in_words, out_of_office, wrapped
from workflow.mail.returns.reports import read
from workflow.mail.verp import opened, token, tokens_in, verp

BOUNCE = "retur+{notice}@nord.example"
ID = "<0123456789abcdef0123456789abcdef@nord.example>"


def test_a_delivery_report_says_who_why_and_which_letter() -> None:
    to = verp(BOUNCE, ID, "s")
    report = read(dsn(to, message_id=ID, envid=token(ID, "s")), BOUNCE)
    assert (report.kind, report.status, report.recipient) == ("failed", "5.1.1", "raad@kommune.example")
    assert report.message_ids == (ID,)
    assert "User unknown" in report.text
    assert {opened(one, "s") for one in report.tokens} == {"0123456789abcdef"}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (out_of_office("retur@nord.example"), "auto-reply"),
        (b"From: a@b.dk\r\nPrecedence: bulk\r\n\r\nx", "auto-reply"),
        (b"From: a@b.dk\r\nList-Id: <x>\r\n\r\nx", "auto-reply"),
        (b"From: frist@nord.example\r\nX-Aftalefrist-Notice: 1\r\n\r\nx", "loop"),
        (b"Received: x\r\n" * 60 + b"\r\nx", "loop"),
        (b"From: a@b.dk\r\nSubject: hej\r\n\r\nTak for brevet", "answer"),
        (b"", "answer"),
        (in_words("x@y.dk"), "failed"),
        (b"From: Postmaster@b.dk\r\nSubject: undeliverable\r\n\r\nx", "unread"),
        (b"Return-Path: <>\r\nFrom: a@b.dk\r\nAuto-Submitted: auto-replied\r\n\r\nferie", "auto-reply"),
        (b"Return-Path: <>\r\nFrom: postmaster@b.dk\r\nContent-Type: multipart/report; "
         b"report-type=disposition-notification; boundary=x\r\n\r\n--x--", "receipt"),
        (wrapped(dsn("x@y.dk"), "x@y.dk"), "failed"),
        (wrapped(b"From: a@b.dk\n\nhej", "x@y.dk"), "unread"),
        (dsn("x@y.dk", action="eaten"), "unread"),
        (dsn("x@y.dk", action="delayed"), "delayed"),
        (dsn("x@y.dk", action="Delivered"), "delivered"),
        (b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n--x--", "unread"),
        (b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n--x--",
         "unread"),
    ],
)  # fmt: skip
@pytest.mark.fault("F26")
@pytest.mark.fault("F27")
def test_what_is_no_delivery_report_is_told_apart(raw: bytes, kind: str) -> None:
    assert read(raw, BOUNCE).kind == kind


@given(st.binary(max_size=400), st.integers(0, 60))
@pytest.mark.fault("F27")
def test_no_mail_can_make_the_reading_fail(noise: bytes, cut: int) -> None:
    whole = dsn("retur@nord.example")
    for raw in (
        noise,
        whole[: cut * 20] + noise + whole[cut * 20 :],
        b"Content-Type: message/delivery-status\n" + noise,
    ):
        report = read(raw, BOUNCE)
        assert "\x00" not in report.text + report.status + report.recipient


@given(st.from_regex(r"<[0-9a-f]{32}@x>", fullmatch=True), st.text("abcdef0123456789-", max_size=40))
def test_a_token_opens_only_with_its_own_secret(message_id: str, forged: str) -> None:
    made = token(message_id, "secret")
    assert opened(made, "secret") == message_id[1:17]
    assert opened(made.upper(), "secret") == message_id[1:17], "mail servers may change the case"
    assert opened(made, "other") is None
    assert opened(made, "") is None
    assert forged == made or opened(forged, "secret") is None


def test_a_return_address_fits_into_a_local_part_and_is_found_again() -> None:
    address = verp(BOUNCE, ID, "s")
    assert len(address.partition("@")[0]) <= 64
    assert tokens_in([f"Aftalefrist <{address.upper()}>"], BOUNCE) == (token(ID, "s"),)
    assert tokens_in([address], "retur@nord.example") == ()
    assert verp("retur@nord.example", ID, "s") == "retur@nord.example"


@pytest.mark.parametrize(
    ("status", "said", "gone"),
    [
        ("5.1.1", "smtp; 550 5.1.1 User unknown", True),
        ("5.1.10", "smtp; 550 5.1.10 Recipient not found", True),
        ("5.2.1", "smtp; 550 5.2.1 Mailbox disabled", True),
        ("5.0.0", "smtp; 550 no such user", True),
        ("5.0.0", "smtp; 550 5.1.1 no such user", True),
        ("", "smtp; 553 mailbox name not allowed", True),
        ("5.2.2", "smtp; 550 5.2.2 Mailbox full", False),
        ("5.0.0", "smtp; 550 5.2.2 Mailbox full", False),
        ("4.4.7", "smtp; 451 4.4.7 delivery time expired", False),
        ("4.4.7", "X-Postfix; 550 was not said", False),
        ("5.7.1", "smtp; 550 5.7.1 spam", False),
        ("5.1.8", "smtp; 550 5.1.8 bad sender", False),
        ("5.3.4", "smtp; 552 5.3.4 too big", False),
        ("", "", False),
    ],
)
def test_only_a_mailbox_that_does_not_exist_is_refused_for_good(status: str, said: str, gone: bool) -> None:
    """An address is condemned only by an answer about that mailbox, in words or in an exact number."""
    assert (read(dsn("x@y.dk", status=status, said=said), BOUNCE).about == "gone") is gone
