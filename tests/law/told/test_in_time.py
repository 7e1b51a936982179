"""What was late stays late, what has not happened is said to be ahead, and a rule without a date says what would
give it one."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.errors import Invalid, NotPossible
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import explained
from workflow.services.facts.remarking import remarks
from workflow.services.planning.occasions import event_facts
from workflow.services.views.status import status_json


def judged(deadline: Deadline) -> list[str]:
    return [step.text for step in deadline.why if step.kind == "judged"]


def late(desk: LawDesk) -> None:
    """Submitted on 2 October 2023, three months after the date of the law."""
    desk.sends("2023-05-02", yes_on="2023-08-02")
    desk.tell("submitted", "2023-10-02")


def test_a_departure_decided_after_a_late_submission_leaves_it_late(desk: LawDesk) -> None:
    """O-36, O-37: no text says that SST's departure works backwards, so the mark of the day stands."""
    late(desk)
    desk.tell("deviation", "2024-02-01", due="2024-01-01")
    before, after = desk.deadline("submission", as_of="2024-01-31"), desk.deadline("submission")
    assert (before.legal_on, before.original_on, before.status) == (day("2023-07-01"), None, "met_late")
    assert (after.legal_on, after.original_on, after.status) == (
        day("2024-01-01"),
        day("2023-07-01"),
        "met_late",
    )
    assert (before.judged_on, after.judged_on, after.met_on) == (
        day("2023-07-01"),
        day("2023-07-01"),
        day("2023-10-02"),
    )
    assert judged(before) == []
    (said,) = judged(after)
    assert "Den dag var fristen lørdag den 1. juli 2023, så det var for sent" in said
    assert "ingen regel siger, at det virker tilbage" in said
    version = status_json(desk.at(), desk.rulebook)["version"]
    assert version["late"] is True


def test_the_letter_about_a_late_submission_tells_the_date_of_that_day(desk: LawDesk) -> None:
    late(desk)
    desk.tell("deviation", "2023-10-20", due="2024-01-01")
    fulfilled = []
    for on in ("2023-10-02", "2023-10-21"):
        standing = desk.at(as_of=on)
        submitted = next(fact for fact in standing.facts if fact.event == "submitted")
        fulfilled.append(event_facts(standing, submitted)["fulfils"])
    then, later = fulfilled
    # 1 July 2023 is a Saturday, and by analogy the Monday is in time; New Year's Day of 2024 is closed
    assert then == {"id": "submission", "gone": False, "judged_on": "2023-07-01", "latest_on": "2023-07-03"}
    assert later == {"id": "submission", "gone": False, "judged_on": "2023-07-01", "latest_on": "2024-01-02"}


@pytest.mark.parametrize("on", ["2023-05-09", "2023-10-02"])
def test_a_departure_known_by_the_day_of_submission_counts_however_late_it_is_typed(
    desk: LawDesk, on: str
) -> None:
    """Trap 17: what counts is the day it was known, not the day somebody recorded it."""
    late(desk)
    assert desk.deadline("submission").status == "met_late"
    done = desk.tell("deviation", on, due="2024-01-01")
    found = done.after.deadline("submission")
    assert found and (found.status, found.judged_on, judged(found)) == ("met", day("2024-01-01"), [])


def test_a_departure_that_was_recorded_wrongly_is_corrected_and_counts_nowhere(desk: LawDesk) -> None:
    late(desk)
    wrong = desk.tell("deviation", "2024-02-01", due="2024-01-01").fact.no
    desk.tell("correction", "2024-02-02", corrects=wrong)
    found = desk.deadline("submission")
    assert (found.legal_on, found.status, judged(found)) == (day("2023-07-01"), "met_late", [])


def test_a_later_end_does_not_make_a_final_status_timely_nor_an_earlier_one_late(desk: LawDesk) -> None:
    """O-60, O-61: both formulas count from an end that the parties may move."""
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-02", due="2026-07-01")
    desk.concludes()
    desk.tell("midterm-sent", "2025-12-01")
    desk.tell("final-sent", "2026-02-02")
    assert desk.deadline("final-guidance").status == "met_late"  # 31 December 2025
    desk.tell("nominal-end", "2026-03-02", due="2027-01-01")
    found = desk.deadline("final-guidance")
    assert (found.legal_on, found.status) == (day("2026-06-30"), "met_late")
    desk.tell("nominal-end", "2026-03-03", due="2026-02-01")
    order = desk.deadline("final-order")
    assert (order.legal_on, order.judged_on, order.status) == (day("2026-01-31"), day("2026-06-30"), "met")
    assert "så det var i tide" in judged(order)[0]


@pytest.mark.parametrize("event", ["effective", "nominal-end"])
def test_an_agreement_takes_effect_when_its_councils_sit_and_no_earlier(desk: LawDesk, event: str) -> None:
    """O-05, O-20: the councils and the committee of a term begin on its first day (VALG § 6)."""
    said = desk.refuses(NotPossible, event, "2021-12-31")
    assert "valgperioden 2022-2025" in said and "lørdag den 1. januar 2022" in said
    assert "--term" in said and "VALG § 6" in said
    assert desk.tell(event, "2022-01-01").fact.value == day("2022-01-01")


@pytest.mark.parametrize(
    ("region", "term", "on", "said"),
    [
        ("syddanmark", "2022-2025", "2021-06-01", "kan ikke træde i kraft før"),
        (
            "oestdanmark",
            "2026-2029",
            "2026-12-31",
            "Region Østdanmark findes først fra fredag den 1. januar 2027",
        ),
        (
            "hovedstaden",
            "2022-2025",
            "2027-01-01",
            "kun til torsdag den 31. december 2026; derefter Region Østdanmark",
        ),
    ],
)
def test_an_agreement_is_not_opened_with_a_date_that_cannot_be(
    empty: LawDesk, region: str, term: str, on: str, said: str
) -> None:
    with pytest.raises(NotPossible, match=said):
        empty.open(region, term, effective=day(on))
    assert empty.open(region, term)  # nothing was opened by the refusal


def test_a_date_after_the_term_is_no_breach_of_any_rule_and_is_remarked_on(desk: LawDesk) -> None:
    """O-51, O-52: the law names no last day for entry into force."""
    agreement = desk.at().agreement
    told = Fact(1, "effective", day("2026-01-01"))
    assert remarks(agreement, told, desk.today) == [
        "torsdag den 1. januar 2026 ligger efter valgperioden 2022-2025; ingen regel sætter en seneste dag for "
        "ikrafttræden, så datoen står. Er årstallet rigtigt?"
    ]
    assert remarks(agreement, Fact(1, "effective", day("2025-12-31")), desk.today) == []


@pytest.mark.parametrize(
    ("event", "on", "more", "said"),
    [
        ("sent-for-approval", "2026-11-22", {}, "regnes med fra den dag, uden at nogen spørges igen"),
        ("meeting-held", "2026-11-22", {"about": "ssu"}, "er meeting-planned"),
        ("nominal-end", "2026-11-22", {"due": "2028-01-01"}, "gælder først fra den dag"),
        ("nominal-end", "2028-01-01", {}, ""),
        ("meeting-planned", "2026-12-01", {"about": "ssu"}, ""),
        ("meeting-held", "2026-11-21", {"about": "ssu"}, ""),
    ],
)
def test_what_lies_ahead_counts_from_its_day_and_says_so(
    desk: LawDesk, event: str, on: str, more: dict[str, str], said: str
) -> None:
    desk.tell("sent-for-approval", "2026-09-01")
    done = desk.tell(event, on, **({"version": 2} if event == "sent-for-approval" else {}), **more)
    assert desk.today == date(2026, 11, 21)
    found = remarks(done.after.agreement, done.fact, desk.today)
    assert [said in remark for remark in found] == ([True] if said else [])
    known = done.fact in [fact for fact in done.after.facts if fact.known_by(desk.today)]
    assert known is (not said)


@pytest.mark.parametrize("event", ["council-approved", "council-rejected"])
def test_a_decision_that_lies_ahead_is_refused_and_says_what_to_record(desk: LawDesk, event: str) -> None:
    desk.tell("sent-for-approval", "2026-09-01")
    said = desk.refuses(Invalid, event, "2026-11-22", council="0851")
    assert "søndag den 22. november 2026 er ikke kommet endnu" in said and "er council-scheduled" in said
    desk.tell(event, "2026-11-21", council="0851")


def test_a_rule_without_a_date_says_what_would_give_it_one(desk: LawDesk) -> None:
    """O-46: the date of resubmission is the one the refusal names."""
    found = explained(desk.at(), rules(), "resubmission", "")
    assert found and (found.status, found.legal_on, found.cite[0]) == (
        "undated",
        None,
        "BEK 1248/2022 § 21, stk. 4",
    )
    assert "Et afslag sætter datoen" in found.why[0].text
    early = explained(desk.at(as_of="2023-06-01"), rules(), "midterm-guidance", "")
    assert early and "Reglen har først virkning fra 12. januar 2024" in early.why[0].text
    assert explained(desk.at(), rules(), "resubmission", "v9") is None
    assert explained(desk.at(), rules(), "no-such-rule", "") is None
    desk.concludes()
    desk.tell("sst-refused", "2024-02-14", due="2024-05-01")
    given = explained(desk.at(), rules(), "resubmission", "")
    assert given and given.legal_on == day("2024-05-01")


def test_what_the_authority_found_lacking_is_kept_and_asked_for_where_it_is_not(desk: LawDesk) -> None:
    """O-45: the refusal names the unmet requirements and the date."""
    desk.concludes()
    done = desk.tell(
        "sst-refused", "2024-02-14", due="2024-05-01", about="Målene: ikke nationale; ingen plan ;"
    )
    assert event_facts(done.after, done.fact)["lacking"] == ["Målene: ikke nationale", "ingen plan"]
    assert remarks(done.after.agreement, done.fact, desk.today) == []
    desk.tell("correction", "2024-02-15", corrects=done.fact.no)
    silent = desk.tell("sst-refused", "2024-02-14", due="2024-05-01")
    assert event_facts(silent.after, silent.fact)["lacking"] == []
    (asked,) = remarks(silent.after.agreement, silent.fact, desk.today)
    assert "BEK 1248/2022 § 21, stk. 4" in asked and "--about" in asked


def test_the_letter_that_asks_the_councils_holds_the_agreed_day(desk: LawDesk) -> None:
    """O-34: the internal date is the parties' own, and stands beside the law's."""
    desk.tell("sent-for-approval", "2023-05-02", due="2023-06-12")
    facts = [one.facts for one in desk.letters("2023-05-02") if one.letter.name == "sent-for-approval"]
    assert {(one["reply"]["id"], one["reply"]["legal_on"], one["deadline"]["legal_on"]) for one in facts} == {
        ("council-reply", "2023-06-12", "2023-07-01")
    }
    desk.tell("sent-for-approval", "2023-05-03", version=2)
    facts = [one.facts for one in desk.letters("2023-05-03") if one.letter.name == "sent-for-approval"]
    assert {one["reply"] for one in facts} == {None}


def test_each_council_reads_of_its_own_answer(desk: LawDesk) -> None:
    """The regional council answers as *regionsrådet*, in the letter that asks and in the reminders."""
    desk.today = day("2023-04-03")
    desk.tell("sent-for-approval", "2023-04-03", due="2023-06-12")
    asked = {
        one.recipient: one.facts["reply"]["title"]
        for one in desk.letters("2023-04-03")
        if one.letter.name == "sent-for-approval"
    }
    reminded = {
        one.recipient: one.facts["deadline"]["title"]
        for one in desk.letters("2023-05-30")
        if one.letter.name == "council-pending"
    }
    for told in (asked, reminded):
        councils = {who: title for who, title in told.items() if who.endswith("/council")}
        regional = {who for who, title in councils.items() if title == "Svar fra regionsrådet"}
        assert regional == {"1081/council"}
        assert set(councils.values()) == {"Svar fra regionsrådet", "Svar fra kommunalbestyrelsen"}
        assert len(councils) == 12


def test_a_yes_that_was_conditional_is_corrected_first_and_the_refusal_says_how(desk: LawDesk) -> None:
    desk.tell("sent-for-approval", "2023-10-02")
    yes = desk.tell("council-approved", "2023-10-30", council="0851")
    said = desk.refuses(NotPossible, "council-conditional", "2023-11-01", council="0851")
    assert f"correction --corrects {yes.fact.no}" in said
    desk.tell("correction", "2023-11-01", corrects=yes.fact.no)
    desk.tell("council-conditional", "2023-11-01", council="0851")
