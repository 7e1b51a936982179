"""Duties for which the law sets no date, and dates that are given or agreed: what asks for each, and what ends it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.errors import Invalid
from workflow.rules.facts import Fact
from workflow.services.due.prompts import prompts
from workflow.services.facts.remarking import remarks
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.recipients import expand

CLUSTERS = [cluster.id for cluster in rules().clusters_of("nordjylland")]


def open_tasks(desk: LawDesk, as_of: str) -> set[str]:
    """The tasks asked for, without the body they fall on."""
    return {p.subject.partition(":")[0] for p in prompts(desk.at(as_of=as_of), rules()) if p.id == "task"}


def owed(desk: LawDesk, on: str) -> list[Owed]:
    return list(owed_now(rules(), desk.at(as_of=on), day(on), day(on), {}))


@pytest.fixture
def in_force(desk: LawDesk) -> LawDesk:
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    return desk


def constitution(desk: LawDesk, as_of: str) -> list[str]:
    found = [p for p in prompts(desk.at(as_of=as_of), rules()) if p.id == "constitution"]
    return [step.text for prompt in found for step in prompt.why[:-1]]


def test_the_first_meeting_sets_up_nothing_and_each_step_is_recorded_for_its_body(in_force: LawDesk) -> None:
    """O-01, O-03, O-04, O-06, O-07, O-09."""
    before = constitution(in_force, "2026-01-20")
    in_force.tell("meeting-held", "2026-01-21", about="ssu")
    assert constitution(in_force, "2026-01-22") == before
    in_force.tell("constituted", "2026-01-21", about="ssu")
    assert len(constitution(in_force, "2026-01-22")) == len(before) - 1
    bodies = [
        "ssu",
        "piu",
        *(f"{one}:{level}" for one in CLUSTERS for level in ("political", "professional")),
    ]
    for event in ("constituted", "chair-elected", "rules-of-procedure"):
        for body in bodies:
            in_force.tell(event, "2026-02-02", about=body)
    assert constitution(in_force, "2026-02-03") == [
        f"Ikke registreret endnu – To pladser til patientinddragelsesudvalget i klyngens faglige niveau "
        f"({', '.join(c.name for c in rules().clusters_of('nordjylland'))})"
    ]
    for one in CLUSTERS:
        in_force.tell("piu-seats-offered", "2026-02-03", about=one)
    assert constitution(in_force, "2026-02-04") == []


def test_councils_that_decide_themselves_who_sits_are_told_and_named(in_force: LawDesk) -> None:
    """BEK 1248/2022 § 3, stk. 2."""
    told = [one for one in owed(in_force, "2025-12-01") if one.letter.name == "constitution"]
    assert {one.recipient for one in told} == {
        "nordjylland/secretariat-region", "nordjylland/secretariat-municipal", "0851/council",
    }  # fmt: skip
    assert {tuple(one.facts["magistrates"]) for one in told} == {("Aalborg Kommune",)}


@pytest.mark.parametrize(
    ("task", "trigger", "done", "about"),
    [
        ("piu-procedure", "piu-meeting-held", "piu-procedure-set", ""),
        ("piu-yearly-procedure", "piu-invited", "piu-procedure-set", ""),
        ("piu-working-group", "working-group-set-up", "piu-group-invited", "Udskrivning"),
        ("policy-assessment", "policy-received", "policy-assessed", CLUSTERS[0]),
        ("practice-plan-showing", "practice-plan-consulted", "practice-plan-shown", ""),
    ],
)
def test_what_follows_an_event_is_asked_for_until_it_is_done(
    in_force: LawDesk, task: str, trigger: str, done: str, about: str
) -> None:
    """O-16, O-18, O-73, O-74."""
    assert task not in open_tasks(in_force, "2024-03-01")
    in_force.tell(trigger, "2024-03-04", about=about)
    assert task in open_tasks(in_force, "2024-03-05")
    in_force.tell(done, "2024-03-18", about=about)
    assert task not in open_tasks(in_force, "2024-03-19")


def test_after_submission_communication_and_a_plan_are_asked_for_under_the_guidance_only(
    in_force: LawDesk,
) -> None:
    """O-49, O-26."""
    assert not {"communication", "follow-up-plan"} & open_tasks(in_force, "2024-01-11")
    assert {"communication", "follow-up-plan"} <= open_tasks(in_force, "2024-01-12")
    in_force.tell("communication-agreed", "2024-02-01")
    assert "communication" not in open_tasks(in_force, "2024-02-02")


def test_a_member_may_ask_for_a_meeting_of_the_patient_committee(in_force: LawDesk) -> None:
    """O-13."""
    in_force.tell("piu-meeting-requested", "2024-05-02")
    assert "piu-own-request" in open_tasks(in_force, "2024-05-03")
    in_force.tell("meeting-held", "2024-05-20", about="ssu")
    assert "piu-own-request" in open_tasks(in_force, "2024-05-21")
    in_force.tell("meeting-held", "2024-05-22", about="piu")
    assert "piu-own-request" not in open_tasks(in_force, "2024-05-23")


def test_each_cluster_has_its_dialogue_and_is_asked_for_it_itself(in_force: LawDesk) -> None:
    """O-56, O-18."""
    in_force.tell("cluster-dialogue", "2024-04-08", about=CLUSTERS[0])
    asked = [
        p
        for p in prompts(in_force.at(as_of="2024-12-02"), rules())
        if p.subject.startswith("cluster-dialogue:")
    ]
    assert [p.subject.split(":")[1].partition("@")[0] for p in asked] == CLUSTERS[1:]
    assert expand(in_force.at(as_of="2024-12-02"), rules(), ("concerned",), asked[0]) == [
        "nordjylland/secretariat-region", "nordjylland/secretariat-municipal", f"{CLUSTERS[1]}/cluster",
    ]  # fmt: skip


def test_an_agreement_of_the_order_before_has_the_duties_of_the_new_one_from_its_first_day(
    empty: LawDesk,
) -> None:
    """BEK 1248/2022 § 31, stk. 3: it governs the agreements 2019-2023 too, from 8 September 2022."""
    key = empty.open("syddanmark", "2018-2021", "2019-2023", opened_on=day("2018-10-01"))
    empty.sends("2019-04-26", key, yes_on="2019-06-10")
    empty.tell("submitted", "2019-06-28", key)
    empty.tell("effective", "2019-06-28", key, due="2019-07-01")
    asked = {
        on: {one.subject.partition(":")[0] for one in prompts(empty.at(key, on), rules()) if one.id == "task"}
        for on in ("2022-09-07", "2022-09-08")
    }
    assert "cluster-dialogue" not in asked["2022-09-07"]
    assert {"cluster-dialogue", "piu-dialogue"} <= asked["2022-09-08"]


def test_a_review_keeps_what_it_found_and_a_needed_revision_is_asked_for(in_force: LawDesk) -> None:
    """O-56, F18 of the lawyer's list: held, and then no revision or a revision needed."""
    in_force.tell("annual-review-held", "2024-11-04", about="no-revision")
    assert in_force.at(as_of="2024-11-05").course.reviews == {2024: "no_revision"}
    assert "revision-after-review" not in open_tasks(in_force, "2024-11-05")
    in_force.tell("annual-review-held", "2025-11-03", about="revision-needed")
    assert in_force.at(as_of="2025-11-04").course.reviews[2025] == "revision_needed"
    assert "revision-after-review" in open_tasks(in_force, "2025-11-04")
    assert "no-revision, revision-needed" in in_force.refuses(
        Invalid, "annual-review-held", "2025-11-05", about="perhaps"
    )


def test_dates_the_authority_gives_outside_a_refusal_are_deadlines(in_force: LawDesk) -> None:
    """O-44, O-66: an adjusted agreement before a refusal (VEJ 5.4), a revised one (VEJ 5.3)."""
    in_force.tell("received", "2024-01-15")
    in_force.tell("refusal-discussed", "2024-02-20", due="2024-05-15")
    adjusted = in_force.deadline("adjusted-agreement", as_of="2024-03-01")
    assert (adjusted.legal_on, adjusted.status) == (date(2024, 5, 15), "upcoming")
    assert in_force.deadline("adjusted-agreement", as_of="2024-05-16").status == "overdue"
    told = [one for one in owed(in_force, "2024-05-08") if one.letter.name == "duty"]
    assert "1081/council" in {one.recipient for one in told}
    in_force.tell("sst-approved", "2024-03-01")
    in_force.tell("revision-opened", "2024-09-02", version=2)
    in_force.tell("revised-date-set", "2024-09-10", due="2025-03-31", version=2)
    assert in_force.date("revised-agreement") == "2025-03-31"


def test_the_practice_plan_has_its_four_weeks_and_a_plan_in_hearing_its_day(in_force: LawDesk) -> None:
    """O-70, O-71, O-72, O-73."""
    assert {"practice-plan", "practice-plan-consultation"} <= open_tasks(in_force, "2024-12-02")
    in_force.tell("practice-plan-received", "2024-04-03")
    assert in_force.date("practice-plan-advice") == "2024-05-01"
    assert in_force.deadline("practice-plan-advice", as_of="2024-05-02").status == "overdue"
    in_force.tell("plan-hearing-opened", "2024-04-08", about="hospital", due="2024-06-03")
    found = in_force.deadline("plan-assessment", as_of="2024-05-01")
    assert (str(found.legal_on), found.title) == (
        "2024-06-03",
        "Udvalgets vurdering af regionens plan: sygehusplanen",
    )
    in_force.tell("plan-hearing-answered", "2024-05-20", about="psychiatry")
    assert in_force.deadline("plan-assessment", as_of="2024-05-21").met_on is None
    in_force.tell("plan-hearing-answered", "2024-05-30", about="hospital")
    assert in_force.deadline("plan-assessment", as_of="2024-06-01").status == "met"


def test_an_agreed_date_stands_until_it_is_kept(in_force: LawDesk) -> None:
    """A local agreement, the framework agreement, the clusters' funds: each has a day of its own."""
    assert "mangler hvad det er" in in_force.refuses(Invalid, "date-agreed", "2024-02-01", due="2024-09-02")
    in_force.tell("date-agreed", "2024-02-01", due="2024-09-02", about="Rammeaftalen")
    found = in_force.deadline("agreed-date", as_of="2024-03-01")
    assert (found.title, found.duty, str(found.legal_on)) == (
        "Aftalt dato: Rammeaftalen",
        "agreed",
        "2024-09-02",
    )
    in_force.tell("date-kept", "2024-08-20", about="Rammeaftalen")
    assert in_force.deadline("agreed-date", as_of="2024-08-21").status == "met"


def test_an_annex_is_met_with_the_eight_points_of_a_co_operation_agreement(in_force: LawDesk) -> None:
    """VEJ 9008/2024 afsnit 4.1, and not before it was there."""
    agreement = in_force.at().agreement
    before, after = (
        remarks(agreement, Fact(0, "annex-added", day(on)), day("2024-03-01"))
        for on in ("2024-01-11", "2024-01-12")
    )
    assert before == []
    [said] = after
    assert said.count(";") == 7 and "kapacitet, som drøftes løbende" in said
    assert said.endswith("(VEJ 9008/2024 afsnit 4.1)")
