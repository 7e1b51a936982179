"""Where the law or its dates mislead, from the 21st on: bodies, calendars, cites, and a law that may be gone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.law.desk import ROOT, LawDesk, day, rules
from workflow.errors import Invalid, Misconfigured, NotPossible
from workflow.rules.days import danish_day
from workflow.rules.ladder import GROUPS
from workflow.rules.spans import Span
from workflow.rules.timeline import fold
from workflow.services.due.prompts import prompts, unpublished
from workflow.services.people.contacts.contactsheet import read_sheet
from workflow.services.planning.owing import Owed
from workflow.services.planning.recipients import expand
from workflow.storage.database import reading, writing
from workflow.storage.law.lawfiles import RegimeFile
from workflow.storage.law.readtoml import read_toml
from workflow.storage.people.contacts import live_contact
from workflow.storage.tables import Contact

BEK1248 = next(regime for regime in rules().law.regimes if regime.id == "bek-1248-2022")


def names(found: list[Owed]) -> set[str]:
    return {one.letter.name for one in found}


def test_trap_21_the_patient_committee_is_met_before_drafting_and_every_year(desk: LawDesk) -> None:
    """O-14, O-15."""
    said = desk.refuses(NotPossible, "drafting-opened", "2022-11-01")
    assert "BEK 1248/2022 § 29, stk. 1" in said
    assert "piu-before-drafting" in {p.id for p in prompts(desk.at(as_of="2022-10-03"), rules())}
    desk.tell("piu-meeting-held", "2022-10-20")
    desk.tell("drafting-opened", "2022-11-01")
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    assert "piu-yearly" in {p.id for p in prompts(desk.at(as_of="2024-09-02"), rules())}


def test_trap_22_what_is_recommended_or_has_no_date_is_never_overdue(desk: LawDesk) -> None:
    """O-59, O-63, O-67: sharing has a letter and no deadline."""
    rule = BEK1248.rule("submission")
    assert rule
    assert [replace(rule, duty=duty).binding for duty in ("shall", "shall-guidance", "should", "agreed")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert {d.status for d in desk.at(as_of="2030-01-01").deadlines if d.legal_on is None} == {"undated"}
    passed = {}
    for duty in ("shall", "should", "agreed"):
        regime = replace(BEK1248, deadlines=(replace(rule, duty=duty),))
        agreement = replace(desk.at().agreement, regime=regime)
        # 1 July 2023 is a Saturday, and by analogy the Monday is in time
        (monday,), (found,) = (fold(agreement, (), rules().law, date(2023, 7, on)) for on in (3, 4))
        assert monday.status == "upcoming"
        passed[duty] = found.status
    assert passed == {"shall": "overdue", "should": "lapsed", "agreed": "lapsed"}
    assert not [r.id for regime in rules().law.regimes for r in regime.deadlines if "shar" in r.id]


def test_trap_23_the_secretariat_is_joint_and_has_two_mailboxes(desk: LawDesk) -> None:
    """O-08."""
    assert expand(desk.at(), rules(), ("secretariat",)) == [
        "nordjylland/secretariat-region", "nordjylland/secretariat-municipal",
    ]  # fmt: skip
    old = desk.at(desk.open("syddanmark", "2018-2021", "2019-2023"))
    assert expand(old, rules(), ("secretariat",)) == ["syddanmark/secretariat-region"]


def test_trap_24_contacts_end_with_the_term_and_everybody_is_warned_in_time(desk: LawDesk) -> None:
    """O-05: the people of the old term get nothing on 2 January."""
    with writing(desk.engine) as session:
        for name, until, priority in (("gammel", date(2025, 12, 31), 1), ("ny", None, 2)):
            session.add(
                Contact(body="nordjylland", function="secretariat-region", name=name,
                        email=f"{name}@nord.example", priority=priority, valid_to=until)
            )  # fmt: skip
    with reading(desk.engine) as session:
        found = [live_contact(session, "nordjylland", "secretariat-region", date(*on))
                 for on in ((2025, 12, 31), (2026, 1, 2))]  # fmt: skip
    assert [contact and contact[0] for contact in found] == ["gammel", "ny"]
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    assert "rosters-expire" in names(desk.letters("2025-12-01"))


def test_trap_25_terms_differ_between_councils_and_the_difference_is_told(empty: LawDesk) -> None:
    east = empty.open("oestdanmark", "2026-2029", "2027-2031")
    assert any(s.cite == "OVG § 57" and "2028" in s.text for s in empty.deadline("submission", east).why)
    assert empty.date("submission", east) == "2027-07-01"
    west = empty.open("hovedstaden")
    assert any(s.cite == "OVG § 105" for s in empty.deadline("submission", west).why)
    assert empty.date("submission", west) == "2023-07-01"


def test_trap_26_a_municipality_in_two_clusters_is_one_council(empty: LawDesk) -> None:
    key = empty.open("hovedstaden")
    sits_in = [c.id for c in rules().clusters_of("hovedstaden") if "0101" in c.councils]
    assert len(sits_in) == 2
    parties = [party.code for party in empty.at(key).agreement.parties]
    assert len(parties) == len(set(parties)) == 30


def test_trap_27_only_the_council_itself_decides(desk: LawDesk) -> None:
    """No mayor, committee or cluster can approve, and letters go to the council's own mailbox."""
    desk.tell("sent-for-approval", "2023-10-02")
    assert "mangler rådet (--council)" in desk.refuses(Invalid, "council-approved", "2023-11-27")
    for body in ("Aalborg", "ssu", "nordjylland-nord", "0751"):
        assert "er ikke part" in desk.refuses(NotPossible, "council-approved", "2023-11-27", council=body)
    assert "0851/council" in expand(desk.at(), rules(), ("pending-councils",))


def test_trap_28_publication_is_a_duty_of_each_party_for_each_version_without_a_date(desk: LawDesk) -> None:
    """O-47, O-48."""
    desk.concludes("2023-12-15")
    assert len(unpublished(desk.at(as_of="2023-12-20"), "v1")) == 12
    desk.tell("published", "2023-12-20", council="0851", about="agreement")
    assert len(unpublished(desk.at(as_of="2023-12-21"), "v1")) == 11
    (prompt,) = [p for p in prompts(desk.at(as_of="2024-01-20"), rules()) if p.id == "publication"]
    assert (prompt.subject, prompt.status) == ("v1", "upcoming")
    assert "publication" not in {d.id for d in desk.at().deadlines}
    desk.tell("sst-approved", "2024-02-01")
    desk.tell("revision-opened", "2024-06-03", version=2)
    desk.sends("2024-06-10", yes_on="2024-09-02", version=2)
    desk.tell("submitted", "2024-09-10", version=2)
    desk.tell("midterm-sent", "2025-12-10")
    at = desk.at(as_of="2025-12-11")
    assert [len(unpublished(at, what)) for what in ("v1", "v2", "midterm")] == [11, 12, 12]


def test_trap_29_a_hearing_closes_at_a_clock_time_and_may_be_short(desk: LawDesk) -> None:
    """O-22, O-23, O-24: no law sets a least length; the draft has its goals by then, and the clock time is told."""
    missing = desk.refuses(NotPossible, "consultation-opened", "2023-06-28", due="2023-06-28", time="12:00")
    assert "goals-set" in missing and "BEK 1248/2022 § 19, stk. 2" in missing
    desk.tell("goals-set", "2023-05-02", about="1")
    assert "mangler det klokkeslæt" in desk.refuses(
        Invalid, "consultation-opened", "2023-06-28", due="2023-06-28"
    )
    desk.tell("consultation-opened", "2023-06-28", due="2023-06-28", time="12:00")
    current = desk.at(as_of="2023-06-28").course.current
    assert current and (current.closes_at, current.state) == ("12:00", "in_consultation")
    after = desk.at(as_of="2023-06-29").course.current
    assert after and after.state == "consultation_closed"
    assert "intet klokkeslæt" in desk.refuses(
        Invalid, "consultation-opened", "2023-06-28", due="2023-09-08", time="noon"
    )


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [("2023-08-31", "-6 months", "2023-02-28"), ("2027-06-30", "-6 months", "2026-12-30"),
     ("2027-07-01", "-6 months", "2027-01-01"), ("2024-02-29", "2 years", "2026-02-28")],
)  # fmt: skip
def test_trap_30_months_are_clamped_and_ends_are_exclusive(start: str, length: str, end: str) -> None:
    assert Span.parse(length).after(day(start)) == day(end)


def test_trap_31_today_is_a_danish_day(desk: LawDesk) -> None:
    """1 July begins at 22:00 UTC on 30 June, and at 23:00 UTC in winter."""
    assert danish_day(datetime(2023, 6, 30, 22, 0, tzinfo=UTC)) == date(2023, 7, 1)
    assert danish_day(datetime(2023, 12, 31, 22, 59, tzinfo=UTC)) == date(2023, 12, 31)
    assert danish_day(datetime(2023, 12, 31, 23, 0, tzinfo=UTC)) == date(2024, 1, 1)


def test_trap_32_of_the_reminders_missed_one_is_sent_and_says_it_is_late(desk: LawDesk) -> None:
    late = [one for one in desk.letters("2023-06-25") if one.letter.name == "submission-countdown"]
    assert {(one.rung, one.late) for one in late} == {("-7d", True)}
    assert len(late) == 3


def test_trap_33_a_sub_agreement_is_no_fact_of_its_parent(desk: LawDesk) -> None:
    """O-76: it has its own life and starts none of the parent's clocks."""
    assert "findes ikke" in desk.refuses(Invalid, "sub-agreement", "2024-03-01")
    before = [d.legal_on for d in desk.at().deadlines]
    desk.tell("annex-added", "2024-03-01", source="Samarbejdsaftale, i kraft 1. marts 2024")
    assert [d.legal_on for d in desk.at().deadlines] == before


def test_trap_34_provisions_are_cited_as_read_and_not_as_forwarded() -> None:
    """The guidance's 5.5 points to the wrong chapter for the statuses, and order 1248 cites a § 34 it does not have."""
    for rule in ("midterm-guidance", "final-guidance"):
        found = BEK1248.rule(rule)
        assert found and found.cite == ("VEJ 9008/2024 afsnit 6",)
    cites = [c for r in BEK1248.deadlines for c in r.cite] + [*BEK1248.provisions.values()]
    cites += [c for one in rules().obligations.listed for c in one.cite]
    sections = [int(n) for c in cites if c.startswith("BEK 1248/2022") for n in re.findall(r"§+ (\d+)", c)]
    assert max(sections) <= 31


def test_trap_35_the_order_overrules_what_was_said_before_it() -> None:
    """O-10, O-11, O-12, O-13: the professional level has a least number of meetings, and the political level two."""
    assert {q.body: q.minimum for q in BEK1248.quotas} == {
        "ssu": 4,
        "political": 2,
        "professional": 4,
        "piu": 1,
    }


def test_trap_36_bodies_are_known_by_their_code_whatever_they_are_called(desk: LawDesk) -> None:
    committees = {regime.id: regime.committee for regime in rules().law.regimes}
    assert committees["bek-679-2018"] != committees["bek-1248-2022"]
    desk.tell("sent-for-approval", "2023-10-02")
    assert "er ikke part" in desk.refuses(
        NotPossible, "council-approved", "2023-11-27", council="Aalborg Kommune"
    )
    desk.tell("council-approved", "2023-11-27", council="0851")


def test_trap_37_no_imported_flag_says_what_is_in_force() -> None:
    """A file says how much of each text was read; a status flag is an unknown key."""
    file = ROOT / "calendars" / "regimes" / "bek-1248-2022.toml"
    text = file.read_text(encoding="utf-8")
    assert all(source.read and source.trust for source in rules().obligations.sources)
    with pytest.raises(Misconfigured, match="key status: unknown key"):
        read_toml(
            str(file), text.replace("committee =", 'status = "in force"\ncommittee =', 1).encode(), RegimeFile
        )


def test_trap_38_great_prayer_day_is_closed_until_2023_only() -> None:
    days = rules().days
    assert days.on_or_before(date(2023, 5, 5)) == date(2023, 5, 4)
    assert days.on_or_before(date(2024, 4, 26)) == date(2024, 4, 26)


def test_trap_39_the_authority_is_never_written_to() -> None:
    """O-50: no letter can name it, and no address of it lies anywhere."""
    assert not [group for group in GROUPS if "sst" in group or "authority" in group]
    for folder in ("calendars", "templates", "workflow"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".toml", ".csv", ".txt", ".html", ".py"):
                assert "@sst" not in path.read_text(encoding="utf-8"), path
    with pytest.raises(Invalid, match="the authority's"):
        read_sheet(rules(), "body,function,email\n1081,council,plan@sst.dk\n")


def test_trap_40_nobody_counts_down_to_a_date_that_is_gone_under_every_candidate(empty: LawDesk) -> None:
    key = empty.open("nordjylland", "2026-2029", "2027-2031")
    before = empty.deadline("submission", key)
    assert (before.status, before.doubtful) == ("lapsed", True)
    assert any("bortfaldet under begge mulige datoer" in step.text for step in before.why)
    told = empty.letters("2026-12-28")  # what falls in 2026 is asked for: an unconfirmed end silences nothing
    assert names(told) == {"regime-unsettled", "meetings-at-risk", "piu-meeting", "duty", "rosters-expire"}
    assert {
        str(one.deadline.legal_on) for one in told if one.deadline and one.letter.name != "regime-unsettled"
    } == {"2026-12-31"}
    assert [empty.letters(on) for on in ("2027-04-05", "2027-07-02")] == [[], []]
    empty.tell("regime-confirmed", "2026-11-21", key, due="2027-01-01")
    after = empty.deadline("submission", key, "2027-07-02")
    assert (after.status, after.doubtful) == ("lapsed", False)
    assert not empty.letters("2027-01-04")  # nothing of it was ever sent out: there is nobody to tell
