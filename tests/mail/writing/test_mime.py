"""The bytes: headers, hostile names, Danish subjects, and a reading back that notices every difference."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.mail.conftest import AT, FOLDER, INSTANCE, part, read, write
from tests.mail.samples import SAMPLES, sample
from workflow.errors import DeliveryError
from workflow.mail.writing.enclosing import Enclosed
from workflow.mail.writing.letters import Letters, message_id
from workflow.mail.writing.mime import Letter, address, built, compare, mailboxes, reads_as
from workflow.mail.writing.plain import folded
from workflow.mail.writing.words import clean

COUNTDOWN = "submission-countdown to the regional council"
PLAIN = Letter(
    sender=Address("Aftalefrist", addr_spec="frist@nord.example"),
    to=Address("Læsø Kommune", addr_spec="post@laesoe.example"),
    subject="Indsend sundhedsaftalen senest lørdag den 1. juli 2023",
    text="Fristen er lørdag den 1. juli 2023.\n",
    html="<p>Fristen er lørdag den 1. juli 2023.</p>\n",
    invite="",
    message_id=message_id(INSTANCE, "key"),
    date=AT,
)
WORDS = st.sampled_from(
    ["sundhedsaftalen", "Læsø", "på", "én", "–", "§ 21,", "stk. 3", "(2024-2027)", "Østdanmark", "=?utf-8?q?x?=",
     '"råd"', "a,b;", "<x@y>", "Ærø:", "1. juli", "å", "_", "=C3"]
)  # fmt: skip
DANISH = string.ascii_letters + string.digits + " æøåÆØÅéü§–-.,:;!?()/'\"<>@=_&%+*#"
SUBJECTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=30).map(" ".join),
    st.text(st.sampled_from(DANISH), min_size=1, max_size=200),
)


@pytest.mark.parametrize("case", SAMPLES)
def test_every_line_and_header_is_fit_for_any_mail_server(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    raw = write(letters, name, facts, "Sekretariatet for Lyngby-Taarbæk, Rødovre og Ærø").raw
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n") if not line.startswith(b"Content-Type"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    message = read(raw)
    assert message["From"] == "Aftalefrist <frist@nord.example>"
    assert [one.addr_spec for one in message["To"].addresses] == ["post@region.example"]
    assert message["Reply-To"] == "sekretariat@nord.example"
    assert message["Auto-Submitted"] == "auto-generated" and message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "da" and message["MIME-Version"] == "1.0"
    assert message["Message-ID"] == message_id(INSTANCE, name)
    assert message["X-Aftalefrist-Notice"] in message["Message-ID"]
    assert message.get_content_type() == "multipart/mixed"


@settings(max_examples=1000, deadline=None)
@given(subject=SUBJECTS)
@example("Sundhedsaftale 2024-2027, Region Nordjylland: Indsend senest lørdag den 1. juli 2023 å " * 4)
@example("=?utf-8?q?hej?=")
@example("æ" * 300)
@example("a" * 900)
def test_a_danish_subject_comes_back_letter_by_letter(subject: str) -> None:
    subject = clean(subject) or "x"
    letter = replace(PLAIN, subject=subject)
    raw = built(letter)[1]
    assert read(raw)["Subject"] == subject
    compare(raw, letter)


@pytest.mark.fault("F42")
@pytest.mark.fault("F45")
@settings(max_examples=300, deadline=None)
@given(name=st.one_of(SUBJECTS, st.text(max_size=80)))
@example("Udvalg, Ærø; <anden@x.example>, b@y.example")
@example('Lyngby-Taarbæk "Rådet" \\')
@example("Lyngby-Taarbæk " * 30)
@example("Aalborg \x9f Kommune")
def test_any_name_gives_exactly_one_recipient(name: str) -> None:
    to = address("post@region.example", name)
    raw = built(replace(PLAIN, to=to))[1]
    compare(raw, replace(PLAIN, to=to))
    assert [one.addr_spec for one in read(raw)["To"].addresses] == ["post@region.example"]
    assert mailboxes(message_from_bytes(raw), "To") == [(clean(name), "post@region.example")]


HOSTILE = {
    "markup": "<script>alert(1)</script><b>Kommune</b>",
    "line break": "Aalborg\r\nBcc: anden@x.example\r\n\r\nKommune",
    "nul": "Aal\0borg",
    "bidi": "Aalborg\u202egrobelaA\u2066",
    "comma": "Aalborg, anden@x.example",
    "long": "Lyngby-Taarbæk" * 60,
    "jinja": "{{ 7 * 7 }}{% raw %}",
    "separator": "Aalborg\u2028Kommune",
}


@pytest.mark.fault("F41")
@pytest.mark.fault("F42")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_only_text(letters: Letters, kind: str) -> None:
    name, facts = sample("council-pending to a municipal council")
    facts["recipient"]["name"] = facts["councils"]["pending"][0] = facts["ask"]["name"] = HOSTILE[kind]
    facts["agreement"]["region_name"] = "Region " + HOSTILE[kind]
    plain = Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>")  # its answers go to whom to ask
    answers = read(write(plain, name, facts, HOSTILE[kind]).raw)["Reply-To"].addresses
    assert [one.addr_spec for one in answers] == ["sundhedsaftale@rn.example"]
    done = write(letters, name, facts, HOSTILE[kind])
    message, source = read(done.raw), part(done.raw, "text/html")
    assert [one.addr_spec for one in message["To"].addresses] == ["post@region.example"]
    assert message["Bcc"] is None
    assert "<script" not in source and "<b>" not in source
    said = part(done.raw, "text/plain") + source + done.subject
    assert not re.search("[\0\r\u202e\u2066\u2028]", said)
    assert "49" not in part(done.raw, "text/plain")


@pytest.mark.fault("F43")
@pytest.mark.parametrize(
    "bad",
    ["", "a@x.example, b@x.example", "a@x.example b@x.example", "ingen", "a@", "@x.example", "a@x.example\r\nBcc: b@x",
     "Navn <a@x.example>", "a@ærø.example", "å@x.example", "a@x.example\0", "råd:a@x.example;"],
)  # fmt: skip
def test_what_is_not_one_plain_address_quarantines_the_letter(letters: Letters, bad: str) -> None:
    name, facts = sample(COUNTDOWN)
    with pytest.raises(DeliveryError, match="quarantined"):
        letters.render(name, facts, "Aalborg Kommune", bad, message_id(INSTANCE, "k"), AT)


@pytest.mark.fault("F44")
def test_an_international_domain_goes_in_its_ascii_form(letters: Letters) -> None:
    name, facts = sample(COUNTDOWN)
    raw = letters.render(name, facts, "Ærø", "post@xn--r-2fa7g.example", message_id(INSTANCE, "k"), AT).raw
    assert read(raw)["To"].addresses[0].addr_spec == "post@xn--r-2fa7g.example"


def test_the_message_id_is_the_same_for_ever_short_and_ascii() -> None:
    first = message_id("nord.example", "nordjylland/2024-2027|submission||1|-30d|0851/council")
    assert first == "<460727d1cf4a6804ec586c742c3829fb@nord.example>"
    assert first != message_id("syd.example", "nordjylland/2024-2027|submission||1|-30d|0851/council")
    assert message_id("6f02906ba7db", "k", "frist.dk").endswith("@frist.dk>")
    assert message_id("6f02906ba7db", "k", "frister.sundhed.regionmidtjylland.dk").endswith(
        "@regionmidtjylland.dk>"
    )
    assert message_id("6f02906ba7db", "k", "x" * 40 + ".dk").endswith("@6f02906ba7db>")
    for instance in ("nord.example", "Nord Æ", "", "x" * 300, "a..b", "-x-", "<>@"):
        one = message_id(instance, "k")
        assert one.isascii() and len(one) <= 60 and re.fullmatch(r"<[0-9a-f]{32}@[a-z0-9.-]+>", one)


CHANGES: dict[str, Any] = {
    "another recipient": {"to": Address("Læsø Kommune", addr_spec="anden@laesoe.example")},
    "another name": {"to": Address("Læso Kommune", addr_spec="post@laesoe.example")},
    "another subject": {"subject": "Indsend sundhedsaftalen senest lordag den 1. juli 2023"},
    "another text": {"text": "Fristen er lørdag den 2. juli 2023.\n"},
    "lost Danish letters": {"html": "<p>Fristen er lrdag den 1. juli 2023.</p>\n"},
    "an invitation": {"invite": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
    "another id": {"message_id": message_id(INSTANCE, "other")},
    "a file": {"files": (Enclosed("a.docx", b"PK"),)},
    "a reply address": {"reply_to": Address(addr_spec="a@x.example")},
}


@pytest.mark.parametrize("change", CHANGES)
def test_reading_back_notices_every_difference(change: str) -> None:
    raw = built(PLAIN)[1]
    compare(raw, PLAIN)
    with pytest.raises(ValueError, match=r"reads as|read back|headers"):
        compare(raw, replace(PLAIN, **CHANGES[change]))
    assert reads_as(raw, PLAIN) and not reads_as(raw, replace(PLAIN, **CHANGES[change]))


@pytest.mark.parametrize(
    "spoil",
    [lambda raw: raw.replace(b"\r\n", b"\n"), lambda raw: b"X: y\r\n" + raw, lambda raw: b"To: b@x.example\r\n" + raw,
     lambda raw: raw + b"x" * 999, lambda raw: raw[:-40]],
)  # fmt: skip
def test_reading_back_notices_spoiled_bytes(spoil: Any) -> None:
    with pytest.raises(ValueError):
        compare(spoil(built(PLAIN)[1]), PLAIN)
    assert not reads_as(spoil(built(PLAIN)[1]), PLAIN)


WHOLE = replace(
    PLAIN,
    to=Address('Råd "A", b@x.example', addr_spec="post@laesoe.example"),
    reply_to=Address("Ask, Embla", addr_spec="sekretariat@nord.example"),
    invite="BEGIN:VCALENDAR\r\nSUMMARY:Indsend\r\nEND:VCALENDAR\r\n",
    files=(
        Enclosed("aftale 3.docx", b"PK\x03\x04\0\xff\n."),
        Enclosed("bilag \N{LATIN SMALL LETTER AE}.pdf", b"%PDF"),
    ),
)
OCTETS = st.one_of(st.sampled_from(b'\r\n =?_"<>@,:;.-A0'), st.integers(0, 255))
MANY = settings(max_examples=600, deadline=None)


@MANY
@given(
    at=st.floats(0, 1, exclude_max=True),
    put=st.binary(max_size=3) | st.lists(OCTETS, max_size=3).map(bytes),
    cut=st.integers(0, 4),
)
def test_what_our_own_reader_accepts_the_standard_library_reads_the_same(
    at: float, put: bytes, cut: int
) -> None:
    """Octets changed, lost or put in anywhere: our reader refuses, or a whole parser finds every word as meant."""
    raw = built(WHOLE)[1]
    place = int(at * len(raw))
    spoilt = raw[:place] + put + raw[place + cut :]
    if reads_as(spoilt, WHOLE):
        compare(spoilt, WHOLE)


def test_our_own_reader_refuses_a_letter_with_any_one_octet_lost() -> None:
    raw = built(WHOLE)[1]
    accepted = [at for at in range(len(raw)) if reads_as(raw[:at] + raw[at + 1 :], WHOLE)]
    for at in accepted:  # a padding sign at the end of base64 may go, and a blank between two encoded words
        compare(raw[:at] + raw[at + 1 :], WHOLE)
    assert len(accepted) < len(raw) / 50


@pytest.mark.parametrize("case", SAMPLES)
def test_our_own_reader_knows_every_letter_we_write(letters: Letters, case: str) -> None:
    """So that the slow one is asked for one in a thousand and not for each."""
    name, facts = sample(case)
    to = Address("Sekretariatet for Lyngby-Taarbæk, Rødovre og Ærø", addr_spec="post@region.example")
    done = write(letters, name, facts, to.display_name)
    text, rich, dates = (part(done.raw, f"text/{kind}") for kind in ("plain", "html", "calendar"))
    sender, reply_to = address("Aftalefrist <frist@nord.example>"), address("sekretariat@nord.example")
    letter = Letter(sender, to, done.subject, text, rich, dates, message_id(INSTANCE, name), AT, reply_to)
    assert reads_as(done.raw, letter)
    compare(done.raw, letter)


def test_wrapping_keeps_dates_and_sections_whole() -> None:
    text = (
        "Fristen er fredag den 30. september 2023 efter BEK 1248/2022 § 21, stk. 1, nr. 2 og afsnit 3.6. " * 9
    )
    lines = folded(text).splitlines()
    assert " ".join(lines) == text.strip() and all(len(line) <= 76 for line in lines)
    assert not any(
        re.search(r"(§|stk\.|nr\.|den|\d\.)$", line) for line in lines if not line.endswith("3.6.")
    )
