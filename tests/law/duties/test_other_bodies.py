"""A round concerns its parties and the bodies its own rules name: a framework agreement (BEK 1561/2025) is concluded,
published and sent in its own way, and nobody beside it is written to. A health agreement has clusters, the patient
committee and a committee with chairs (BEK 1248/2022)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from email import message_from_bytes, policy

import pytest

from tests.law.desk import ROOT, LawDesk, day, rules
from tests.law.sets.test_framework_from_outside import CONTACTS
from workflow.faces.web.pages.words import sentence
from workflow.mail.writing.letters import Letters
from workflow.rules.regime import OTHER_BODIES, Regime
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.rounds.rehearsal import INSTANCE, Stage, rehearse

KEY = "nordjylland/2027-2028"


@pytest.fixture
def desk(empty: LawDesk) -> LawDesk:
    import_contacts(empty.engine, rules(), CONTACTS)
    desk = LawDesk(empty.engine, rules(), day("2026-11-30"))
    desk.open("nordjylland", "2026-2029", "2027-2028", day("2026-09-01"), regime="rammeaftale-bek-1561-2025",
              effective=day("2027-01-01"), nominal_end=day("2029-01-01"),
              nominal_end_source="BEK 1561/2025 § 8")  # fmt: skip
    return desk


def told(desk: LawDesk, first: str, last: str) -> dict[str, str]:
    """What each letter of those days says, by its name."""
    letters = Letters(ROOT / "templates" / "emails", INSTANCE, "Aftalefrist <frist@aftalefrist.example>")
    lived = asyncio.run(rehearse(Stage(desk.rulebook, letters), day(first), day(last), source=desk.engine))
    found: dict[str, str] = defaultdict(str)
    for one in (mail for day_ in lived for mail in day_.mails):
        mail = message_from_bytes(one.raw, policy=policy.default)
        body = mail.get_body(("plain",))
        for tells in one.tells:
            found[tells.partition(" ")[0]] += " ".join(str(body.get_content() if body else "").split())
    return found


def concluded(desk: LawDesk) -> None:
    desk.sends("2026-10-01", KEY, "2026-11-23")
    desk.tell("concluded", "2026-11-30", KEY, version=1)


def test_no_health_cluster_patient_committee_or_chair_is_written_to_about_a_framework_agreement(
    desk: LawDesk,
) -> None:
    desk.tell("consultation-opened", "2026-09-07", KEY, version=1, due="2026-09-28", time="12:00")
    written = desk.letters("2026-09-07")
    desk.tell("sent-for-approval", "2026-10-01", KEY, version=1, due="2026-11-20")
    desk.tell("council-rejected", "2026-10-26", KEY, version=1, council="0851")
    written += desk.letters("2026-10-26")
    assert {"consultation-opened", "council-against"} <= {one.letter.name for one in written}
    reached = {one.recipient.partition("/")[2] for one in written}
    assert reached == {"council", "secretariat-region", "secretariat-municipal"}


@pytest.mark.parametrize("regime", rules().law.regimes, ids=lambda regime: regime.id)
def test_only_health_agreements_name_bodies_beside_their_parties(regime: Regime) -> None:
    """No cluster before the term in which they were formed, and no patient committee in the rules of 2009."""
    named = {
        "bek-778-2009": ("chairs",), "bek-1569-2013": ("piu", "chairs"), "bek-679-2018": OTHER_BODIES,
        "bek-1248-2022": OTHER_BODIES,
    }  # fmt: skip
    assert regime.other_bodies == named.get(regime.id, ())


def test_once_concluded_every_party_is_asked_to_publish_it_and_the_secretariat_to_send_it(
    desk: LawDesk,
) -> None:
    """BEK 1561/2025 § 8: on each party's site, and sent to the agency "umiddelbart efter indgåelsen"."""
    concluded(desk)
    said = told(desk, "2026-11-30", "2026-12-02")
    assert "Hver part skal lægge version 1 af rammeaftalen 2027-2028" in said["publish"]
    assert "Send den indgåede aftale til Social- og Boligstyrelsen." in said["duty"]
    for letter in ("publish", "duty"):
        assert "Reglerne siger »umiddelbart efter indgåelsen«." in said[letter]
        assert "Loven sætter ingen dato" not in said[letter]


def test_the_sending_is_news_that_promises_no_answer(desk: LawDesk) -> None:
    concluded(desk)
    desk.tell("submitted", "2026-11-30", KEY, version=1)
    said = told(desk, "2026-11-30", "2026-12-02")
    assert "så der ventes ikke på svar." in said["submission-recorded"]
    assert "Er aftalen ikke lagt på kommunens hjemmeside, så gør det." in said["submission-recorded"]
    assert "ikke længere aktuelt" not in said["submission-recorded"]
    assert "har svaret" not in said["submission-recorded"]
    assert "kvittering" not in said["submission-recorded"]
    assert "Send den indgåede aftale" not in said["duty"]


def test_no_rule_says_that_a_framework_agreement_holds_over(desk: LawDesk) -> None:
    """O-52 is a rule about health agreements; BEK 1561/2025 § 8 gives a framework agreement two calendar years."""
    concluded(desk)
    assert desk.at(KEY, "2029-01-02").course.period == "hold_over"
    page = sentence(desk.at(KEY, "2029-01-02"))
    assert page.startswith("Det aftalte udløb, 31. december 2028, er passeret.") and "ælder" not in page
    said = told(desk, "2029-01-01", "2029-01-03")["hold-over"]
    assert "Rammeaftalens aftalte udløb er passeret" in said
    assert "Vi har ikke fundet en regel om, at aftalen gælder, til en ny træder i kraft." in said
    assert "Den gælder, til" not in said
    assert "Hjemmel for denne mail:" not in said and "Hjemmel:  " not in said


def test_a_framework_agreement_is_watched_while_it_runs_and_in_words_of_its_own(desk: LawDesk) -> None:
    """Its rules know of no yearly review and of no general practice; once it has run out nobody revises it."""
    concluded(desk)
    said = told(desk, "2028-05-31", "2028-06-02")["watch-agreements"]
    assert "krav til det, rammeaftalen handler om" in said
    assert "årlige gennemgang" not in said and "almen praksis" not in said
    assert "watch-agreements" not in told(desk, "2029-05-31", "2029-06-02")
