"""The machines walked through short stories of a health agreement, on the ground floor alone: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.lifecycle.stories import D2011, LATE, agreement, concluded, lived, refused, said, sent
from workflow.errors import NotPossible
from workflow.rules.facts import Fact

JULY, AUGUST = date(2023, 7, 1), date(2023, 8, 1)
CODES = [party.code for party in agreement().parties]
NO = [*concluded(), said("sst-refused", JULY, 1, due=date(2023, 12, 1))]


@pytest.mark.parametrize(
    ("facts", "last", "words"),
    [
        ([], said("revision-opened", JULY, 1), "kun en indgået aftale kan revideres"),
        (sent(), said("sent-for-approval", JULY, 3), "den næste version efter 1 er 2, ikke 3"),
        (sent(2), said("sent-for-approval", JULY, 1), "version 1 er ældre end version 2; en ny tekst får nummer 3"),
        (sent(), said("drafting-opened", JULY, 1), "version 1 er allerede begyndt; en ny tekst får nummer 2"),
        ([*sent(), said("sent-for-approval", JULY, 2)], said("council-rejected", AUGUST, 1, council="0851"),
         "version 1 er erstattet af version 2"),
        (sent()[:-1], said("submitted", JULY, 1), "der mangler Hjørring Kommune"),
        (sent(), said("received", JULY, 1), "det kræver 'indsendt'"),
        (concluded(), said("info-supplied", JULY, 1), "det kræver 'oplysninger udbedt'"),
        (sent(), said("info-requested", JULY, 1),
         "'afslag drøftes' eller 'indsendt' eller 'modtaget af Sundhedsstyrelsen'"),
        (concluded(), said("published", JULY, about="midterm", council="0851"), "er ikke sendt til Sundhedsstyrelsen"),
        (sent(), said("sent-for-approval", JULY, 1), "sendt til godkendelse; en ændret tekst får nummer 2"),
        (sent(), said("council-conditional", JULY, 1, council=CODES[2]), "er godkendt (nr. 4)"),
        (sent(), replace(said("council-rejected", JULY, 1, council=CODES[2]), source=""), "skal have en begrundelse"),
        (concluded(), said("council-scheduled", JULY, 1, council=CODES[2]), "ændres ikke efter indsendelsen"),
        ([replace(sent()[0], document="a"), *sent()[1:]], said("submitted", JULY, 1, document="b"), "en anden end den"),
        (sent(), said("notice-given", JULY), "kender den ikke"),
        (concluded(), said("shared", JULY, about="x"), "--about midterm eller --about final"),
        (concluded(), said("sent-for-approval", JULY, 2), "version 1 er 'indsendt'; afvent Sundhedsstyrelsens svar"),
        ([], said("submitted", JULY, 1), "er ikke sendt til godkendelse lørdag den 1. juli 2023; registrér først"),
        (sent(), said("submitted", JULY), "registrér først sent-for-approval"),
        ([], said("consultation-closed", JULY, 1), "er ikke i høring lørdag"),
        ([], said("withdrawn", JULY, 1), "er ikke begyndt lørdag den 1. juli 2023; registrér først drafting-opened"),
        (sent(), said("council-approved", JULY, 1, council="9999"), "Region Nordjylland har 1081 Region Nordjylland, "),
        (concluded(), said("published", JULY, 1, about="agreement", council="9999"), "9999 er ikke part"),
        (sent(), said("published", JULY, 1, about="agreement", council="0851"), "version 1 er ikke indgået endnu"),
        ([*concluded(), said("published", JULY, 1, about="agreement", council="0851")],
         said("published", AUGUST, 1, about="agreement", council="0851"), "Aalborg Kommune har allerede bekræftet"),
        (sent(), said("midterm-sent", JULY), "midterm-sent er ikke mulig: aftalen er ikke indgået, så der"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_would_make_it_possible(
    facts: list[Fact], last: Fact, words: str
) -> None:
    assert words in refused(facts, last)


def test_a_regime_without_reports_and_one_that_ended_refuse_what_they_do_not_know() -> None:
    early = agreement(D2011)
    assert "kræver ingen statusrapporter" in refused([], said("midterm-sent", date(2012, 1, 1)), early)
    assert "ikke Sundhedsstyrelsen adgang til at fravige" in refused(
        [], said("deviation", date(2012, 1, 1)), early
    )
    end = said("regime-confirmed", date(2023, 4, 1), due=date(2023, 4, 20))
    assert "reglerne er ophævet fra 20. april 2023" in refused(
        [end], said("sent-for-approval", date(2023, 5, 1), 1)
    )


def test_a_refusal_without_a_date_and_a_final_status_without_the_midterm_are_marked() -> None:
    assert not lived(NO).marks
    undated = lived([*concluded(), said("sst-refused", JULY, 1)])
    assert [mark.need for mark in undated.marks] == ["new-date"]
    midterm, final = said("midterm-sent", date(2025, 6, 1)), said("final-sent", date(2027, 6, 1))
    assert [mark.need for mark in lived([*concluded(), final], date(2027, 7, 1)).marks] == ["midterm"]
    assert not lived([*concluded(), midterm, final], date(2027, 7, 1)).marks


def test_a_council_takes_its_yes_back_says_its_day_and_sends_its_evidence() -> None:
    no, back = (
        said("council-rejected", JULY, 1, council=CODES[2]),
        said("council-approved", AUGUST, 1, council=CODES[2]),
    )
    meets = said("council-scheduled", date(2023, 7, 15), 1, council=CODES[2], due=date(2023, 8, 20))
    later = said("council-postponed", date(2023, 7, 20), 1, council=CODES[2], due=date(2023, 9, 1))
    for facts, state, against, pending in (
        ([no], "blocked", [CODES[2]], []),
        ([no, meets], "in_council_approval", [], [CODES[2]]),
        ([no, meets, later], "in_council_approval", [], [CODES[2]]),
        ([no, back], "fully_approved", [], []),
    ):
        current = lived([*sent(), *facts]).current
        assert current and (current.state, current.against, current.pending) == (state, against, pending)
        assert current.meets_on == ({CODES[2]: date(2023, 8, 20)} if meets in facts else {})
    proved = lived([*concluded(), said("evidence", AUGUST, 1, council=CODES[2])]).current
    assert proved and proved.decisions[CODES[2]] == "evidence_received"
    revised = [said("sst-approved", JULY, 1), said("drafting-opened", JULY, 2)]
    old, new = lived([*concluded(), *revised, said("evidence", AUGUST, 1, council=CODES[2])]).versions
    assert (old.decisions[CODES[2]], new.decisions) == ("evidence_received", {})


def test_a_draft_begun_before_the_patients_committee_met_is_marked() -> None:
    drafted, met = said("drafting-opened", JULY, 1), said("piu-meeting-held", date(2023, 6, 1))
    assert [mark.need for mark in lived([drafted]).marks] == ["piu-meeting"]
    assert not lived([met, drafted, said("deviation", AUGUST, due=date(2024, 1, 1))]).marks


def test_a_later_text_takes_the_place_of_one_in_force_once_it_is_concluded() -> None:
    first = [*concluded(), said("sst-approved", JULY, 1)]
    assert [one.state for one in lived([*first, *sent(2, 2024)]).versions] == [
        "sst_approved",
        "fully_approved",
    ]
    course = lived([*first, *concluded(2, 2024)])
    assert [one.state for one in course.versions] == ["superseded", "submitted"]
    assert course.concluded_on == date(2023, 6, 20)


def test_the_text_after_a_refusal_answers_it_until_one_is_submitted() -> None:
    def newest(*more: Fact) -> tuple[int | None, bool]:
        current = lived([*NO, *more]).current
        assert current
        return current.answers, current.revision

    assert newest(said("drafting-opened", AUGUST, 2)) == (1, False)
    assert newest(said("revision-opened", AUGUST, 2)) == (None, True)
    assert newest(said("drafting-opened", AUGUST, 2), said("drafting-opened", AUGUST, 3)) == (1, False)
    taken = [*concluded(2, 2024), said("sst-approved", date(2024, 8, 1), 2)]
    assert newest(*taken, said("drafting-opened", date(2024, 9, 1), 3)) == (None, True)


def test_a_text_is_public_from_its_submission_while_it_stands() -> None:
    def public(*facts: Fact) -> date | None:
        current = lived(list(facts)).current
        assert current
        return current.due_public_on

    assert public(*sent()) is None
    assert public(*concluded()) == date(2023, 6, 20)
    assert public(*concluded(), said("sst-approved", JULY, 1)) == date(2023, 6, 20)
    assert public(*NO) is None


def test_who_has_published_what_is_kept_apart() -> None:
    parties = [party.code for party in agreement().parties]
    told = [said("published", JULY, 1, about="agreement", council=code) for code in parties[:2]]
    report = [said("midterm-sent", date(2025, 6, 1))]
    report += [said("published", date(2025, 7, 1), about="midterm", council=code) for code in parties]
    course = lived([*concluded(), *told, *report])
    assert [*course.published("agreement", 1)] == parties[:2] and not course.published("agreement", 2)
    assert [*course.published("midterm")] == parties and course.midterm == "published"
    assert lived([*concluded(), *told, *report[:-1]]).midterm == "sent_to_sst"


def test_the_calendar_moves_the_period_and_the_years() -> None:
    def years(effective: date, on: date = LATE, **more: date) -> tuple[str, dict[int, str]]:
        course = lived([*concluded(), said("effective", effective)], on, **more)
        return course.period, course.reviews

    new_year, summer = date(2024, 1, 1), date(2024, 7, 1)
    assert years(new_year) == ("in_force", {2024: "missed", 2025: "missed", 2026: "due"})
    assert years(summer) == ("in_force", {2025: "missed", 2026: "due"})
    assert years(summer, date(2023, 12, 1)) == ("planned", {})
    assert years(new_year, new_year) == ("in_force", {2024: "due"})
    ends = said("nominal-end", JULY, due=date(2025, 1, 1))
    days = (date(2024, 12, 31), date(2025, 1, 1))
    periods = [lived([*concluded(), said("effective", new_year), ends], on).period for on in days]
    assert periods == ["in_force", "hold_over"]
    assert years(new_year, succeeded_on=date(2025, 6, 1)) == ("ended", {2024: "missed", 2025: "due"})


def test_the_reading_of_a_year_is_that_year_s() -> None:
    read = said("annual-review-held", date(2024, 10, 1), about="no-revision")
    reviews = lived([*concluded(), said("effective", date(2024, 1, 1)), read]).reviews
    assert reviews == {2024: "no_revision", 2025: "missed", 2026: "due"}
    text = [*concluded(), said("sst-approved", JULY, 1), said("effective", date(2024, 1, 1))]
    opened = said("revision-opened", date(2024, 6, 1), 2)
    for days, state in (((3, 9), "revision_needed"), ((6,), "revision_needed"), ((9,), "held")):
        held = [said("annual-review-held", date(2024, month, 1)) for month in days]
        assert lived([*text, *held, opened], date(2024, 12, 31)).reviews == {2024: state}


def test_from_the_day_the_law_ends_nothing_is_begun_but_what_was_done_before_it_was_known() -> None:
    end = said("regime-confirmed", date(2023, 5, 1), due=date(2023, 4, 20))
    assert lived([end, said("drafting-opened", date(2023, 5, 1), 1)]).current, "on the day it became known"
    assert "er ophævet" in refused([end], said("drafting-opened", date(2023, 5, 2), 1))
    told = replace(end, on=date(2023, 4, 1))
    assert "er ophævet" in refused([told], said("drafting-opened", date(2023, 4, 20), 1))
    assert lived([told, said("drafting-opened", date(2023, 4, 19), 1)]).current
    sent_on = [*concluded(), said("midterm-sent", date(2025, 6, 1))]
    over = said("regime-confirmed", date(2025, 7, 1), due=date(2025, 8, 1))
    assert lived([*sent_on, over]).reports == {"midterm": "sent_to_sst", "final": "lapsed"}


def test_on_the_day_the_law_ends_what_waited_lapses() -> None:
    end = said("regime-confirmed", date(2023, 7, 1), due=date(2023, 8, 1))
    states = [lived([*sent(), end], date(2023, *day)).current for day in ((7, 31), (8, 1))]
    assert [one.state for one in states if one] == ["fully_approved", "lapsed"]


def test_a_hearing_closes_the_day_after_its_last_and_needs_its_goals_first() -> None:
    opened = [
        said("goals-set", date(2023, 1, 2)),
        said("consultation-opened", date(2023, 1, 2), 1, due=date(2023, 2, 1)),
    ]
    closing = [lived(opened, date(2023, 2, day)) for day in (1, 2)]
    assert [one.current.state for one in closing if one.current] == ["in_consultation", "consultation_closed"]
    first, second = (said("endorsed", date(2023, 2, day), 1) for day in (1, 2))
    assert lived([*opened, second]).text_state == "ssu_endorsed"
    with pytest.raises(NotPossible, match="version 1 er 'i høring'"):
        lived([*opened, first])
    assert not closing[0].marks and [mark.need for mark in lived(opened[1:]).marks] == ["goals"]
