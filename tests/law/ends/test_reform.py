"""What the reform brings from 2026 on (R1 to R31): each row a rule or a reason why not, no date nobody read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.errors import Invalid
from workflow.faces.web.pages.words import sentence
from workflow.lifecycle.names import EVENTS as NAMES
from workflow.mail.writing.letters import Letters
from workflow.rules import story
from workflow.rules.facts import EVENTS
from workflow.rules.regime import Regime
from workflow.services.facts.offering import offers
from workflow.services.facts.regimes import formula
from workflow.services.law.lettering import untold
from workflow.services.rounds.rehearsal import INSTANCE
from workflow.storage.database import reading
from workflow.storage.facts import journal

TERM = "2026-2029"
COUNCILS, REGIONS, EAST = (
    "sundhedsraad-bek-1208-2025",
    "regionsraad-overgangsloven-2025",
    "oestdanmark-overgangsloven-2025",
)
CONTRACT, REQUEST, DIVISION = (
    "kontrakt-bek-1799-2025",
    "anmodning-bek-1798-2025",
    "delingsaftale-bek-1800-2025",
)
BYLAWS, PLAN = "styrelsesvedtaegt-regionsloven-2025", "naersundhedsplan-lov-1761-2025"
NEW = (COUNCILS, REGIONS, EAST, BYLAWS, CONTRACT, REQUEST, DIVISION)

# Typed from the texts of the acts and orders: every date of the new regimes, and nothing else may stand in them.
DATED = {
    "sr-preparatory-end": "den 31. december 2026",
    "sr-start": "den 1. januar 2027",
    "sr-term-end": "den 31. december 2029",
    "rr-constitute": "15. december i valgperiodens 1. år",
    "rr-constitute-east": "15. december i valgperiodens 1. år",
    "rr-constitute-2029": "15. december i valgperiodens 4. år",
    "rr-piu-end": "den 31. december 2026",
    "rr-seats-end": "den 31. december 2029",
    "rr-calculations": "1. september hvert år fra 2027",
    "rr-budget-proposal": "15. august hvert år fra 2027",
    "rr-budget-first": "24. august hvert år fra 2027",
    "rr-budget-second": "1. oktober hvert år fra 2027",
    "rr-accounts": "30. april hvert år fra 2027",
    "oe-agreements": "den 30. september 2026",
    "oe-rammeaftale": "den 1. december 2026",
    "oe-const": "den 15. december 2026",
    "oe-old-end": "den 31. december 2026",
    "oe-succession": "den 1. januar 2027",
    "oe-accounts": "den 1. maj 2027",
    "oe-audit": "den 15. juni 2027",
    "oe-accounts-sent": "den 30. september 2027",
    "oe-delingsraad": "den 31. december 2027",
    "sr-bylaw": "1. november i valgperiodens 4. år",
    "sr-population": "1. april i valgperiodens 4. år",
    "ct-effect": "den seneste af: den 1. juli 2027; 9 måneder efter den dag, der er registreret, "
    "hvis det er 2. april 2026 eller senere",
    "ct-effect-2027": "den seneste af: den 1. januar 2027; 9 måneder efter den dag, der er registreret, "
    "hvis det er 1. april 2026 eller tidligere",
    "ct-notice": "9 måneder efter den dag, der er registreret",
    "rq-request": "2 måneder efter den dag, der er registreret",
    "rq-copy": "1 uge efter den dag, der er registreret",
    "rq-cost": "2 måneder efter den dag, der er registreret",
    "rq-early-end": "9 måneder efter den dag, der er registreret",
    "rq-end": "den 31. december 2028",
}
CHAINS = ("dv-draft", "dv-agree", "dv-decide")
UNREAD = {"sr-ppu", "sr-frame", "sr-frame-unanimous"}  # certainty U: no day, no cadence was found in any text


def regime(named: str) -> Regime:
    return next(one for one in rules().law.regimes if one.id == named)


def opened(desk: LawDesk, unit: str, named: str, on: str = "2026-11-28", label: str = "2027") -> str:
    desk.today = day(on)
    desk.open(unit, TERM, label, day(on), regime=named)
    with reading(desk.engine) as session:
        return journal.find(session, f"{unit}/{label}").key


def dates(desk: LawDesk, key: str, as_of: str) -> dict[str, tuple[str, str]]:
    found = desk.at(key, as_of).deadlines
    return {f"{one.id} {one.subject}".strip(): (str(one.legal_on), one.status) for one in found}


def test_every_row_of_the_reform_is_a_rule_or_says_why_it_is_not() -> None:
    rows = rules().obligations.of_reform
    assert [one.id for one in rows] == [f"R{number}" for number in range(1, 32)]
    assert [one.id for one in rows if one.not_tracked] == ["R8", "R12", "R30", "R31"]
    assert all(one.not_tracked.da and one.not_tracked.en for one in rows if one.not_tracked)
    assert all(bool(one.tracked_by) != bool(one.not_tracked) for one in rows)


def test_no_date_stands_that_is_not_in_the_tables_that_were_read() -> None:
    found = {
        rule.id: formula(rule.due, regime(named).words) for named in NEW for rule in regime(named).deadlines
    }
    undated = {name for name, said in found.items() if said == "ingen dato i loven"}
    assert undated == UNREAD
    assert {name: said for name, said in found.items() if name not in {*UNREAD, *CHAINS}} == DATED
    assert {rule.due.anchor for rule in regime(PLAN).deadlines} == {"undated"}


def test_the_new_regimes_tell_of_every_date_and_step_they_can_have() -> None:
    said = untold(rules(), ())
    silent = said.partition("dates without a letter: ")[2].partition(";")[0]
    assert not [name for name in NEW if name in silent and name != COUNCILS]
    for named in NEW:
        for rule in regime(named).deadlines:
            letters = [letter.name for letter in rules().letters if rule.id in letter.deadline]
            expected = [] if rule.duty == "fact" else ["met"]
            if rule.duty != "fact" and rule.due.anchor != "undated":
                expected += ["answer-due"] if rule.who == "sst" else ["countdown", "due", "overdue"]
            assert sorted(letters) == sorted(expected), rule.id


def test_every_letter_there_is_a_file_for_is_sent_by_a_rule_or_a_person() -> None:
    """The answer to a hearing's sender, the Monday mail and a reason sent on are no rule's."""
    folder = Path(__file__).parents[3] / "templates" / "emails"
    files = Letters(folder, INSTANCE, "Aftalefrist <frist@aftalefrist.example>").names()
    assert "hearing-reply" in files
    assert untold(rules(), files).endswith("letters nothing triggers: none")
    assert untold(rules(), [*files, "forgotten"]).endswith("letters nothing triggers: forgotten")


def test_a_region_constitutes_itself_and_keeps_its_own_dates(empty: LawDesk) -> None:
    """R1, R3, R5, R26, R27, R29."""
    key = opened(empty, "nordjylland", REGIONS)
    told = [(one.letter.name, one.recipient) for one in empty.letters("2026-12-01")]
    assert ("countdown", "nordjylland/secretariat-region") in told
    assert not [one for one in told if one[1].startswith("0")], (
        "no municipality is asked for what the region owes"
    )
    empty.tell("constituting-meeting-held", "2026-12-08", key)
    assert empty.at(key, "2026-12-08").course.current is not None
    assert dates(empty, key, "2026-12-31")["rr-constitute"] == ("2026-12-15", "met")
    assert dates(empty, key, "2026-12-31")["rr-piu-end"] == ("2026-12-31", "met")
    empty.today = day("2027-09-02")
    empty.tell("duty-done", "2027-08-12", key, about="rr-budget-proposal")
    found = dates(empty, key, "2027-09-02")
    assert found["rr-budget-proposal 2027"] == ("2027-08-15", "met")
    assert found["rr-budget-first 2027"] == ("2027-08-24", "overdue"), "one duty done is not another"
    assert found["rr-calculations 2027"][1] == "overdue"
    assert found["rr-accounts 2028"] == ("2028-04-30", "upcoming")
    last = dates(empty, key, "2029-12-31")
    assert (last["rr-seats-end"], last["rr-constitute-2029"][0]) == (("2029-12-31", "met"), "2029-12-15")
    assert not [name for name in dates(empty, key, "2030-06-01") if name.endswith("2030")], (
        "the next term's own"
    )


def test_a_health_council_begins_by_itself_and_nobody_is_told_of_it(empty: LawDesk) -> None:
    """R4, R6, R7, R13, R14."""
    key = opened(empty, "vendsyssel", COUNCILS)
    assert key == "nordjylland/vendsyssel-2027"
    assert [dates(empty, key, "2026-12-31")[name][1] for name in ("sr-preparatory-end", "sr-start")] == [
        "met",
        "upcoming",
    ]
    assert dates(empty, key, "2027-01-01")["sr-start"] == ("2027-01-01", "met")
    assert sentence(empty.at(key, "2026-12-01")) == "Sammensætning: konstituering afventes"
    assert [one.letter.name for on in ("2026-12-01", "2027-01-04") for one in empty.letters(on)] == []
    empty.today = day("2027-03-01")
    empty.tell("duty-done", "2027-02-23", key, about="sr-ppu")
    assert dates(empty, key, "2027-03-01")["sr-ppu"] == ("None", "met")
    assert dates(empty, key, "2029-12-31")["sr-frame"] == ("None", "undated"), "never overdue"
    refused = empty.refuses(Invalid, "duty-done", "2027-02-23", key, about="sr-start")
    assert "sr-ppu, sr-frame" in refused


def test_the_east_constitutes_itself_and_accounts_for_the_year_before(empty: LawDesk) -> None:
    """R2: OVG §§ 97-98; BEK 1704/2025 § 6."""
    key = opened(empty, "oestdanmark", EAST)
    empty.tell("constituting-meeting-held", "2026-11-28", key)
    empty.today = day("2027-10-01")
    empty.tell("duty-done", "2027-04-30", key, about="oe-accounts")
    found = dates(empty, key, "2027-10-01")
    assert found["oe-const"] == ("2026-12-15", "met")
    assert found["oe-accounts"] == ("2027-05-01", "met")
    assert found["oe-accounts-sent"] == ("2027-09-30", "overdue")
    assert found["oe-old-end"] == ("2026-12-31", "met")
    said = " ".join(step.text for step in empty.deadline("oe-rammeaftale", key).why)
    assert "siger ingen tekst" in said


def test_a_contract_takes_effect_and_ends_by_the_later_of_two_days_and_by_notice(empty: LawDesk) -> None:
    """R15, R16, R17: the parties are the region and the one municipality."""
    key = opened(empty, "aalborg", CONTRACT)
    standing = empty.at(key, "2026-11-28")
    assert [party.code for party in standing.agreement.parties] == ["1081", "0851"]
    assert "ct-effect" not in dates(empty, key, "2026-11-28"), "nothing to count from"
    empty.today = day("2028-02-01")
    empty.sends("2026-12-01", key, "2026-12-10")
    empty.tell("concluded", "2026-12-15", key)
    assert dates(empty, key, "2026-12-15")["ct-effect"] == ("2027-09-15", "upcoming")
    asked = [
        one.deadline.subject
        for one in empty.letters("2026-12-17")
        if one.letter.name == "duty" and one.deadline
    ]
    empty.tell("authority-told", "2026-12-18", key)
    empty.tell("effective", "2026-12-18", key, due="2027-09-15")
    empty.tell("notice-given", "2028-01-15", key, due="2028-12-01")
    assert dates(empty, key, "2028-02-01")["ct-notice"] == ("2028-10-15", "upcoming")
    assert asked == ["ct-ministry@2026-12-15"] or any("ct-ministry" in one for one in asked)
    assert any(
        "regnes fra kontraktens indgåelse" in step.text
        for step in empty.deadline("ct-notice", key, "2028-02-01").why
    )


def test_a_request_has_its_answers_and_its_last_day(empty: LawDesk) -> None:
    """R18, R19, R20, R21, R22."""
    key = opened(empty, "aalborg", REQUEST)
    empty.today = day("2027-06-01")
    empty.tell("notice-received", "2027-03-10", key, due="2027-12-31")
    assert dates(empty, key, "2027-03-11")["rq-request"] == ("2027-05-10", "upcoming")
    to = {one.recipient for one in empty.letters("2027-04-26") if one.letter.name == "countdown"}
    assert to == {"nordjylland/secretariat-region", "1081/council"}, (
        "the region's right, so the region is reminded"
    )
    empty.tell("request-sent", "2027-05-10", key)
    empty.tell("copy-sent", "2027-05-18", key)
    found = dates(empty, key, "2027-06-01")
    assert found["rq-copy"] == ("2027-05-17", "met_late")
    assert found["rq-cost"] == ("2027-07-10", "upcoming")
    owed = {
        one.recipient for one in empty.letters("2027-06-10") if one.deadline and one.deadline.id == "rq-cost"
    }
    assert "0851/council" in owed, "the municipality owes its statement"
    empty.today = day("2028-04-03")
    empty.tell("answer-received", "2027-07-01", key)
    empty.tell("effective", "2027-07-01", key)
    empty.tell("notice-given", "2028-03-02", key, due="2028-12-31")
    found = dates(empty, key, "2028-04-03")
    assert (found["rq-early-end"][0], found["rq-end"]) == ("2028-12-02", ("2028-12-31", "upcoming"))


def test_what_passes_over_is_divided_back_from_the_expiry_or_on_from_the_notice(empty: LawDesk) -> None:
    """R23, R24, R25."""
    key = opened(empty, "aalborg", DIVISION, "2028-03-01")
    empty.today = day("2028-09-01")
    empty.tell("drafting-opened", "2028-03-01", key)
    empty.tell("nominal-end", "2028-03-01", key, due="2029-01-01")
    found = dates(empty, key, "2028-03-02")
    assert [found[name][0] for name in CHAINS] == ["2028-07-31", "2028-08-31", "2028-10-31"]
    empty.tell("duty-done", "2028-07-20", key, about="dv-draft")
    empty.tell("concluded", "2028-08-30", key)
    assert [status for _, status in dates(empty, key, "2028-09-01").values()] == ["met", "met", "met"]
    other = opened(empty, "hjørring", DIVISION, "2028-09-01")
    empty.tell("notice-received", "2028-01-31", other, due="2028-10-31")
    found = dates(empty, other, "2028-09-01")
    assert [found[name] for name in CHAINS] == [
        ("2028-02-29", "overdue"), ("2028-03-31", "overdue"), ("2028-05-31", "overdue"),
    ]  # fmt: skip


def test_each_municipality_says_in_its_bye_laws_who_sits_for_it(empty: LawDesk) -> None:
    """R28."""
    key = opened(empty, "aalborg", BYLAWS)
    assert [party.code for party in empty.at(key, "2026-11-28").agreement.parties] == ["0851"]
    to = {one.recipient for one in empty.letters("2029-10-02") if one.letter.name == "countdown"}
    assert to == {"0851/council"}
    empty.today = day("2029-10-30")
    empty.tell("adopted", "2029-10-29", key)
    found = dates(empty, key, "2029-10-30")
    assert (found["sr-bylaw"], found["sr-population"]) == (("2029-11-01", "met"), ("2029-04-01", "met"))


def test_a_local_health_plan_has_advice_before_and_is_sent_after_and_no_date(empty: LawDesk) -> None:
    """R9, R10, R11."""
    key = opened(empty, "limfjorden", PLAN)
    empty.today = day("2027-09-01")
    empty.tell("adopted", "2027-08-24", key)
    marks = [(mark.need, mark.cite) for mark in empty.at(key, "2027-09-01").course.marks]
    assert ("advice", "Lov 1761/2025, sundhedsloven § 206 d, stk. 3") in marks
    empty.tell("submitted", "2027-08-25", key)
    found = dates(empty, key, "2027-09-01")
    assert {on for on, _ in found.values()} == {"None"}
    assert (found["naersundhedsplan-adoption"][1], found["naersundhedsplan-sent"][1]) == ("met", "met")


@pytest.mark.parametrize("named, has", [("bek-1248-2022", False), (REGIONS, True)])
def test_only_a_regime_with_such_a_duty_offers_to_record_that_it_was_done(
    empty: LawDesk, named: str, has: bool
) -> None:
    key = opened(empty, "nordjylland", named)
    offered = {one.event for group in offers(empty.at(key, "2026-11-28"), rules()).values() for one in group}
    assert ("duty-done" in offered) == has
    if not has:
        assert "har ingen pligt, der opfyldes" in empty.refuses(Invalid, "duty-done", "2026-11-28", key)


def test_the_order_of_a_day_names_events_and_nothing_else() -> None:
    assert [name for name in story._ORDER if name not in EVENTS or name not in NAMES] == []


def test_what_comes_by_itself_has_no_weekend_and_no_reading(empty: LawDesk) -> None:
    """31 December 2028 is a Sunday: the request has run to its end, whoever is at work."""
    key = opened(empty, "aalborg", REQUEST)
    found = empty.deadline("rq-end", key)
    assert (found.legal_on, found.aim_on, found.latest_on) == (date(2028, 12, 31), date(2028, 12, 31), None)
