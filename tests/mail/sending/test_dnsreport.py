"""What names say of our mail, from records given by hand; a silent resolver is told and never waited for twice."""

from __future__ import annotations

import pytest

from workflow.mail.sending.dnsreport import Silent, asked, report

GOOD = {
    ("retur.frist.example", "TXT"): ["v=spf1 include:relay.example -all", "another=1"],
    ("_dmarc.frist.example", "TXT"): ["v=DMARC1; p=reject"],
    ("retur.frist.example", "MX"): ["10 mx.frist.example."],
    ("relay.example", "A"): ["192.0.2.1"],
    ("1.2.0.192.in-addr.arpa.", "PTR"): ["relay.example."],
}


def told(change: dict[tuple[str, str], list[str]]) -> list[str]:
    known = GOOD | change
    well, ill = report(
        "mail.frist.example",
        "retur.frist.example",
        "relay.example",
        lambda name, kind: known.get((name, kind), []),
    )
    assert len(well) + len(ill) == 4
    return ill


def test_a_domain_in_order_has_nothing_to_be_told_of() -> None:
    assert told({}) == []


@pytest.mark.parametrize(
    ("name", "kind", "now", "says"),
    [
        ("retur.frist.example", "TXT", [], "has 0 SPF records"),
        ("retur.frist.example", "TXT", ["v=spf1 -all", "v=spf1 ~all"], "has 2 SPF records"),
        ("retur.frist.example", "TXT", ["v=spf1 +all"], "lets anybody send in your name"),
        ("_dmarc.frist.example", "TXT", [], "TXT _dmarc.mail.frist.example is missing"),
        ("retur.frist.example", "MX", [], "MX retur.frist.example is missing"),
        ("1.2.0.192.in-addr.arpa.", "PTR", [], "192.0.2.1 (relay.example) has no reverse name"),
    ],
)
def test_what_is_missing_is_told_with_its_cure(name: str, kind: str, now: list[str], says: str) -> None:
    [one] = told({(name, kind): now})
    assert says in one


def test_a_name_that_cannot_be_asked_for_is_silence_and_no_error() -> None:
    with pytest.raises(Silent):
        asked("a" * 70 + ".example", "TXT")
