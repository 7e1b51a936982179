"""That a region ends: told before by name, and from the day after written by the region that takes over."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from email import message_from_bytes, policy

import pytest

from tests.law.desk import ROOT, LawDesk, day, rules
from tests.story.living import danish
from workflow.mail.writing.letters import Letters
from workflow.services.due.dates import dated
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.people.contacts.senders import set_sender
from workflow.services.planning.reminders import whom_to_ask
from workflow.services.rounds.demo import demo_contacts
from workflow.services.rounds.rehearsal import INSTANCE, Stage, rehearse
from workflow.services.views.status import status_json
from workflow.storage.database import reading
from workflow.storage.facts import journal

KEYS = ("hovedstaden/2024-2027", "sjaelland/2024-2027")
BOTH = "Region Hovedstaden og Region Sjælland"
TITLE = f"{BOTH} ophører; Region Østdanmark overtager"


@pytest.fixture
def ending(empty: LawDesk) -> LawDesk:
    """Both regions' agreements, in force since 2024."""
    import_contacts(empty.engine, rules(), demo_contacts(rules()))
    for key in KEYS:
        empty.open(key.partition("/")[0])
        empty.tell("effective", "2024-01-01", key)
        empty.concludes("2023-12-15", key)
        empty.tell("midterm-sent", "2025-12-01", key)
    return empty


def danish_at(on: str) -> datetime:
    return danish(day(on), 9)


def mails(desk: LawDesk, first: str, last: str) -> list[tuple[date, str, str, list[str]]]:
    """Each mail of those days: its day, headers, text and what it tells."""
    letters = Letters(ROOT / "templates" / "emails", INSTANCE, "Aftalefrist <frist@aftalefrist.example>")
    lived = asyncio.run(rehearse(Stage(desk.rulebook, letters), day(first), day(last), source=desk.engine))
    found = []
    for on, mail in ((day_.on, mail) for day_ in lived for mail in day_.mails):
        read = message_from_bytes(mail.raw, policy=policy.default)
        body = read.get_body(("plain",))
        head = " ".join(f"{name}: {read[name]}" for name in ("From", "Reply-To", "To") if read[name])
        found.append((on, head, " ".join(str(body.get_content() if body else "").split()), list(mail.tells)))
    return found


def test_it_stands_among_the_dates_with_who_takes_over_and_by_what(ending: LawDesk) -> None:
    for key in KEYS:
        [found] = [one for one in dated(ending.at(key, "2026-11-21"), rules()) if one.id == "region-ends"]
        assert (found.title, found.legal_on, found.cite) == (
            TITLE,
            date(2026, 12, 31),
            ("OVG §§ 10, 102 og 126",),
        )
        assert (found.duty, found.doubtful) == ("fact", False)
        assert status_json(ending.at(key, "2026-12-31"), rules())
    for on in ("2025-12-30", "2027-01-01"):
        assert not [one for one in dated(ending.at(KEYS[0], on), rules()) if one.id == "region-ends"]
    ending.tell("regime-confirmed", "2026-11-21", KEYS[0], due="2026-01-01")
    assert [one for one in dated(ending.at(KEYS[0], "2026-11-21"), rules()) if one.id == "region-ends"]


def test_secretariats_and_councils_are_told_in_words_and_the_successor_once_of_both(ending: LawDesk) -> None:
    told = [one for one in ending.letters("2026-12-01") if one.letter.name == "region-ends"]
    to = {one.recipient for one in told}
    assert {"hovedstaden/secretariat-region", "sjaelland/secretariat-municipal", "0101/council", "1084/council",
            "oestdanmark/secretariat-region", "oestdanmark/council"} <= to  # fmt: skip
    assert not [one for one in ending.letters("2027-01-04") if one.letter.name == "region-ends"]


def test_the_successors_mail_names_both_regions_and_the_councils_mail_the_successor(ending: LawDesk) -> None:
    found = [
        one for one in mails(ending, "2026-11-28", "2026-12-02") if any("region-ends" in t for t in one[3])
    ]
    heir = [one for one in found if "region-oestdanmark" in one[1]]
    assert heir
    for _, _, text, _ in heir:
        assert text.count(TITLE) >= 1
        assert f"efter {BOTH}" in text
        assert text.partition("Venlig hilsen ")[2].partition(" ----")[0].endswith(BOTH)
    assert len({head for _, head, _, _ in heir}) == len(heir) == 2, "one mail each to two mailboxes"
    told = [one for one in found if "sundhed@koebenhavn" in one[1]]
    assert told and all("Region Østdanmark" in text for _, _, text, _ in told)


def test_from_the_day_after_the_successor_writes_every_letter(ending: LawDesk) -> None:
    """OVG §§ 10 and 126: who has ended neither writes nor is written to."""
    set_sender(
        ending.engine, rules(), "oestdanmark", {"name": "Sekretariatet i Øst", "reply_to": "svar@oest.example"},
        "test", danish_at("2026-12-01"),
    )  # fmt: skip
    set_sender(
        ending.engine,
        rules(),
        "hovedstaden",
        {"name": "Hovedstadens sekretariat"},
        "test",
        danish_at("2026-12-01"),
    )
    for key in KEYS:
        ending.tell("regime-confirmed", "2026-11-21", key, due="2027-01-01")
    after = [one for one in mails(ending, "2026-12-28", "2027-01-05") if one[0] >= date(2027, 1, 1)]
    told = [one for one in after if any(t.startswith("regime-ended") for t in one[3])]
    assert len(told) > 40
    for _, head, text, _ in told:
        assert (
            "From: Sekretariatet i Øst <" in head
            and "Reply-To: Sekretariatet i Øst <svar@oest.example>" in head
        )
        assert "Hovedstadens sekretariat" not in head + text
        assert "Venlig hilsen" in text and "Region Østdanmark" in text.partition("Venlig hilsen")[2][:80], (
            text
        )
    councils = [text for _, _, text, _ in told if "er part i" in text]
    assert councils
    for text in councils:
        assert (
            "Region Østdanmark skriver, fordi den har overtaget efter Region " in text
            or "overtager efter" in text
        )
    with reading(ending.engine) as session:
        row = journal.find(session, KEYS[0])
        before, then = (whom_to_ask(session, rules(), row, day(on)) for on in ("2026-12-31", "2027-01-01"))
    assert before and then and before["email"] != then["email"] and "oestdanmark" in then["email"]
