"""An agreement of BEK 679/2018 from the day BEK 1248/2022 governs it too (its § 31, stk. 3): what its letters rest on,
who its committee is, and that the end of the later order is its end."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.errors import NotPossible
from workflow.services.due.dates import beside, next_date
from workflow.services.due.ending import regime_facts
from workflow.services.due.prompts import prompts
from workflow.services.due.quotas import quotas
from workflow.services.planning.marks import marks
from workflow.services.planning.owing import owed_now
from workflow.services.planning.readiness import readiness

OLD = "nordjylland/2019-2023"


@pytest.fixture
def old(empty: LawDesk) -> LawDesk:
    """Nordjylland 2019-2023, concluded in 2019 and never succeeded."""
    empty.open("nordjylland", "2018-2021", "2019-2023", opened_on=date(2019, 1, 10))
    empty.tell("effective", "2019-01-10", OLD, due="2019-07-01")
    empty.tell("nominal-end", "2019-01-10", OLD, due="2023-07-01")
    empty.tell("consultation-opened", "2019-02-01", OLD, due="2019-03-01", time="12:00")
    empty.sends("2019-04-26", OLD, yes_on="2019-06-10")
    empty.tell("submitted", "2019-06-28", OLD)
    empty.tell("sst-approved", "2019-08-20", OLD)
    return empty


@pytest.mark.parametrize(
    ("on", "cite", "committee"),
    [
        ("2022-09-07", "BEK 679/2018 § 7, stk. 1", "sundhedskoordinationsudvalget"),
        ("2022-09-08", "BEK 1248/2022 § 22, stk. 1", "sundhedssamarbejdsudvalget"),
    ],
)
def test_a_letter_names_the_provision_and_the_committee_of_the_fact_s_day(
    old: LawDesk, on: str, cite: str, committee: str
) -> None:
    old.letters("2022-09-01")
    old.tell("revision-opened", on, OLD, version=2)
    (facts, *_) = [one.facts for one in old.letters("2022-09-12") if one.letter.name == "revision-opened"]
    assert facts["provisions"]["revision"] == cite
    assert facts["agreement"]["committee"] == committee
    assert facts["words"]["committee"]["definite"] == committee


def test_what_was_done_before_broke_the_rule_of_its_own_day(old: LawDesk) -> None:
    for as_of in ("2019-02-02", "2026-11-21"):
        (mark,) = [one for one in old.at(OLD, as_of).course.marks if one.need == "goals"]
        assert mark.cite == "BEK 679/2018 § 3, stk. 2"


def test_the_end_of_the_later_order_is_its_end_too(old: LawDesk) -> None:
    """Doubt has three zones for it as well: until 2026 sure, in 2026 in doubt, from 2027 on gone."""
    on = [day(one) for one in ("2025-06-20", "2026-12-01", "2027-03-01")]
    states = [
        {q.about: (q.state(one), q.doubtful) for q in quotas(old.at(OLD, one), rules(), one.year)}
        for one in on
    ]
    assert [one["ssu"] for one in states] == [("at_risk", False), ("at_risk", True), ("lapsed", True)]
    gone = old.at(OLD, "2027-03-01")
    assert not [one for one in beside(gone, rules()) if one.status == "upcoming"]
    assert next_date(gone, rules()) is None
    assert {one.status for one in gone.deadlines} <= {"met", "breached", "lapsed"}
    letters = {one.letter.name for one in owed_now(rules(), gone, gone.as_of, gone.as_of, {})}
    assert not letters & {"meetings-at-risk", "watch-agreements", "annual-review"}


def test_a_hold_over_of_an_older_order_still_asks_for_no_meetings_of_a_committee_that_is_gone(
    empty: LawDesk,
) -> None:
    key = empty.open("nordjylland", "2014-2017", "2015-2018", effective=day("2015-01-01"))
    empty.sends("2014-11-03", key, yes_on="2014-12-15")
    empty.tell("submitted", "2015-01-30", key)
    found = {q.about: q.state(day("2027-03-01")) for q in quotas(empty.at(key, "2027-03-01"), rules(), 2027)}
    assert found["ssu"] == "lapsed"


def test_its_letters_name_the_order_whose_end_it_is_and_an_end_to_come_as_one_to_come(old: LawDesk) -> None:
    """Lov 719/2025 ends BEK 1248/2022, which governs the agreement since 8 September 2022."""
    told = {one.letter.name: one.facts | {"ask": None, "link": ""} for one in old.letters("2025-06-30")}
    said = {name: rendered_text(write(letters(), name, told[name]).raw) for name in told}
    assert "BEK 1248/2022 kan være ophævet pr. " in said["regime-unsettled"]
    assert "BEK 679/2018" not in said["regime-unsettled"]
    assert (
        "Det er ikke afklaret, om reglerne om sundhedsaftaler ophæves pr. 1. januar 2026" in said["hold-over"]
    )


@pytest.mark.parametrize(
    ("as_of", "instrument"), [("2022-09-07", "BEK 679/2018"), ("2025-06-30", "BEK 1248/2022")]
)
def test_the_facts_name_the_order_that_governs_it_on_their_day(
    old: LawDesk, as_of: str, instrument: str
) -> None:
    assert regime_facts(old.at(OLD, as_of))["instrument"] == instrument


def revised(desk: LawDesk, opened: str, sent: str, approved: str, submitted: str) -> None:
    desk.tell("revision-opened", opened, OLD, version=2)
    desk.sends(sent, OLD, yes_on=approved, version=2)
    desk.tell("submitted", submitted, OLD, version=2)


@pytest.mark.parametrize(
    ("months", "asked"),
    [
        (("2022-04-01", "2022-05-01", "2022-06-01", "2022-06-20"), set()),
        (
            ("2023-01-10", "2023-02-01", "2023-03-01", "2023-03-20"),
            {"cluster-input", "consultation", "goals"},
        ),
    ],
    ids=["before the order", "under it"],
)
def test_a_revision_is_asked_what_the_order_of_its_own_day_asks(
    old: LawDesk, months: tuple[str, str, str, str], asked: set[str]
) -> None:
    """BEK 1248/2022 §§ 19 and 29, stk. 2, by its § 31, stk. 3: a revised draft follows the drafting rules. The meeting
    before a term's draft begins (§ 29, stk. 1) was over when the order came."""
    revised(old, *months)
    found = {m.need: m.cite for m in marks(old.at(OLD, "2023-06-01"), rules()) if m.fact.version == 2}
    assert found.keys() == asked
    assert all(cite.startswith("BEK 1248/2022") for cite in found.values())


def test_the_meeting_before_the_draft_and_the_departure_from_its_date_are_asked_of_no_running_agreement(
    old: LawDesk,
) -> None:
    old.tell("revision-opened", "2023-01-10", OLD, version=2)
    needs = {one.need for one in readiness(old.at(OLD, "2023-01-11"), rules())}
    assert {"cluster-input", "consultation", "annexes"} <= needs and "piu-meeting" not in needs
    said = old.refuses(NotPossible, "deviation", "2023-01-11", OLD, due=day("2023-12-01"))
    assert "ikke Sundhedsstyrelsen adgang til at fravige fristen" in said


@pytest.mark.parametrize(("on", "cite"), [("2022-09-07", None), ("2022-09-08", "BEK 1248/2022 § 22, stk. 1")])
def test_the_dialogue_with_the_clusters_rests_on_its_provision_from_the_order_s_first_day(
    old: LawDesk, on: str, cite: str | None
) -> None:
    assert old.at(OLD, on).agreement.regime.provisions.get("cluster-dialogue") == cite


def test_what_the_guidance_asks_is_asked_from_its_own_day_and_of_no_text_sent_long_before(
    old: LawDesk,
) -> None:
    """VEJ 9008/2024 afsnit 5.5 and 2.2.8, in force on 12 January 2024."""
    asked = {
        on: {(p.id, p.subject) for p in prompts(old.at(OLD, on), rules())}
        for on in ("2024-01-11", "2024-03-01")
    }
    assert not [one for one in asked["2024-01-11"] if one[0] in ("publication", "piu-yearly")]
    assert ("piu-yearly", "2024") in asked["2024-03-01"]
    assert not [one for one in asked["2024-03-01"] if one[0] == "publication"], "it was concluded in 2019"


@pytest.mark.parametrize("as_of", ["2022-09-07", "2022-09-08", "2022-09-09", "2023-01-13"])
def test_a_day_before_the_order_rests_on_the_order_it_replaced(old: LawDesk, as_of: str) -> None:
    """Where the year runs from the entry into force the review was due on 30 June 2022, under BEK 679/2018."""
    found = old.deadline("annual-review", OLD, as_of, subject="2022")
    assert found.legal_on == day("2022-06-30")
    assert found.cite == ("BEK 679/2018 § 7, stk. 1",)
    assert not [step for step in found.why if "gælder BEK 1248/2022" in step.text]


def test_a_day_under_the_order_rests_on_it(old: LawDesk) -> None:
    found = old.deadline("annual-review", OLD, "2023-01-13", subject="2023")
    assert found.legal_on == day("2023-06-30")
    assert found.cite == ("BEK 1248/2022 § 22, stk. 1",)


def test_a_final_status_without_a_midterm_breaks_the_guidance_from_its_day(old: LawDesk) -> None:
    """VEJ 9008/2024 afsnit 6, in force on 12 January 2024, for a running agreement too."""
    said = old.refuses(NotPossible, "final-sent", "2024-02-01", OLD)
    assert "VEJ 9008/2024 afsnit 6" in said and "--confirm" in said
    old.tell("final-sent", "2024-01-11", OLD, confirmed=False)
    assert "midterm" not in {mark.need for mark in marks(old.at(OLD, "2024-02-01"), rules())}
