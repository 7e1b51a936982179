"""An agreement is planned from its own date, its own text and the meetings its councils have told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col

from tests.conftest import Aftale
from tests.story.living import danish, opened_in_2022, rules
from workflow.ahead.backwards import BackwardPlan
from workflow.errors import NotPossible
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.facts.foretelling import foretell
from workflow.services.lookahead.planning import plan_json, plan_of
from workflow.services.lookahead.telling import verdict
from workflow.services.lookahead.warning import warnings
from workflow.services.meetings.keeping import import_meetings, read_file, remove_meeting
from workflow.storage.facts.meetings import Meeting

KEY = "nordjylland/2024-2027"
OPENED, MARCH = date(2022, 11, 1), date(2023, 3, 1)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with opened_in_2022(sqlite_url) as opened:
        yield opened


def calendar(*, day: int = 7, months: range = range(1, 7)) -> str:
    """Every council of the region on one weekday a month, its agenda closing twelve days before."""
    lines = ["body;organ;date;agenda_closes"]
    for number, party in enumerate(rules().parties("nordjylland", MARCH)):
        for month in months:
            on = date(2023, month, day + number)
            lines.append(f"{party.code};;{on};{on - timedelta(days=12)}")
    return "\n".join(lines)


def told(engine: Engine, text: str) -> None:
    proposed = read_file(rules(), "moeder.csv", text.encode())
    import_meetings(engine, rules(), proposed, source="moeder.csv", by="prøve", at=danish(MARCH, 9))


def planned(engine: Engine, as_of: date = MARCH) -> BackwardPlan:
    return plan_of(engine, rules(), KEY, as_of)[1]


def happens(engine: Engine, event: str, on: date, **more: object) -> None:
    fact = Fact(0, event, on, source="prøve", by="prøve", known_on=on, **more)  # type: ignore[arg-type]
    record(engine, rules(), KEY, fact, today=on, at=danish(on, 9))


def test_the_plan_goes_back_from_the_laws_date_to_the_council_that_meets_first(engine: Engine) -> None:
    told(engine, calendar())
    found = planned(engine)

    assert (found.asked.by, found.dispatch_by, found.blocking) == (
        date(2023, 7, 1), date(2023, 5, 26), ("1081",),
    )  # fmt: skip
    standing, _ = plan_of(engine, rules(), KEY, MARCH)
    said = plan_json(standing, found)
    assert list(said) == [
        "agreement", "unit", "unit_name", "by", "by_why", "dispatch_by", "blocking", "steps", "councils",
    ]  # fmt: skip
    assert list(said["councils"][0]) == [
        "code", "name", "last_meeting_on", "agenda_closes_on", "slack_days", "slack_meetings", "usable",
    ]  # fmt: skip
    assert [step["id"] for step in said["steps"]] == [
        "submission", "decisions", "dispatch", "endorsed", "consultation-closed", "consultation-opened",
        "drafting-opened", "piu-meeting-held",
    ]  # fmt: skip
    assert json.dumps(said)


def test_a_departure_by_the_authority_moves_the_whole_plan(engine: Engine) -> None:
    told(engine, calendar(months=range(1, 13)))
    happens(engine, "deviation", date(2023, 6, 28), due=date(2024, 1, 1))

    assert planned(engine, date(2023, 6, 27)).asked.by == date(2023, 7, 1)
    after = planned(engine, date(2023, 6, 28))
    assert (after.asked.by, after.dispatch_by) == (date(2024, 1, 1), date(2023, 11, 25))


def test_a_meeting_that_falls_away_plans_anew(engine: Engine) -> None:
    told(engine, calendar())
    remove_meeting(
        engine, rules(), "Aalborg", date(2023, 6, 17), why="Aflyst", by="prøve", at=danish(MARCH, 9)
    )

    found = planned(engine)
    aalborg = next(one for one in found.councils if one.lane.code == "0851")
    assert aalborg.road is not None and aalborg.road.council.on == date(2023, 5, 17)
    assert (found.dispatch_by, found.blocking) == (date(2023, 5, 5), ("0851",))


def test_a_council_that_loses_its_last_meeting_is_lost_and_named(engine: Engine) -> None:
    told(engine, calendar(months=range(6, 7)))
    remove_meeting(
        engine, rules(), "Aalborg", date(2023, 6, 17), why="Aflyst", by="prøve", at=danish(MARCH, 9)
    )

    found = planned(engine)
    assert not found.left
    assert found.blocking == ("0851",)
    said = verdict(found, 14)
    assert (said.colour, said.text) == (
        "rød", "Aalborg Kommune har intet møde tilbage, hvor sagen kan nås inden 1. juli 2023.",
    )  # fmt: skip


def test_committees_come_before_the_council_and_the_finance_committee_last(engine: Engine) -> None:
    told(
        engine,
        calendar()
        + "\n0851;Sundhedsudvalget;2023-05-03;2023-04-20\n0851;Økonomiudvalget;2023-06-01;2023-05-22\n",
    )
    found = planned(engine)
    aalborg = next(one for one in found.councils if one.lane.code == "0851")
    assert aalborg.road is not None
    assert [name for name, _ in aalborg.road.committees] == ["Sundhedsudvalget", "Økonomiudvalget"]
    assert (found.dispatch_by, found.blocking) == (date(2023, 4, 20), ("0851",))


def test_a_committee_kept_under_two_forms_of_its_name_is_passed_once(engine: Engine) -> None:
    told(
        engine,
        calendar() + "\n0851;Økonomiudvalget;2023-05-02;2023-04-20\n0851;Økonomiudvalget;2023-06-01;\n",
    )
    with Session(engine) as session, session.begin():  # as an earlier version kept it
        session.execute(
            update(Meeting).where(col(Meeting.on) == date(2023, 6, 1)).values(organ="Økonomiudvalg")
        )
    aalborg = next(one for one in planned(engine).councils if one.lane.code == "0851")
    assert aalborg.road is not None
    assert [name for name, _ in aalborg.road.committees] == ["Økonomiudvalget"]


def test_without_calendars_the_plan_says_so_and_is_not_green(engine: Engine) -> None:
    said = verdict(planned(engine), 14)
    assert said.colour == "gul"
    assert said.text.startswith("Mødekalenderen mangler for 12 af 12 råd")


def test_what_is_not_known_two_weeks_before_the_date_is_red(engine: Engine) -> None:
    assert verdict(planned(engine, date(2023, 6, 17)), 14).colour == "gul"
    said = verdict(planned(engine, date(2023, 6, 18)), 14)
    assert said.colour == "rød"
    assert said.text.startswith(
        "Fristen er lørdag den 1. juli 2023, om 13 dage, og 12 af 12 råd har ikke besluttet og ikke oplyst et "
        "kommende møde: "
    )
    assert ", i dag, og 12 af 12 råd" in verdict(planned(engine, date(2023, 7, 1)), 14).text


def test_a_council_that_has_told_its_day_is_not_one_that_has_told_nothing(engine: Engine) -> None:
    told(engine, "\n".join(line for line in calendar().splitlines() if not line.startswith("0851")))
    sent(engine, MARCH, date(2023, 6, 20))
    assert verdict(planned(engine), 14).text.startswith("Mødekalenderen mangler for 1 af 12 råd: Aalborg")
    happens(engine, "council-scheduled", date(2023, 3, 2), due=date(2023, 3, 10), council="0851", version=1)
    assert "Mødekalenderen mangler" not in verdict(planned(engine, date(2023, 3, 3)), 14).text
    assert (
        "Mødekalenderen mangler" in verdict(planned(engine, date(2023, 3, 11)), 14).text
    )  # the day has gone by


def test_councils_that_all_have_told_their_day_are_named_with_it(engine: Engine) -> None:
    sent(engine, MARCH, date(2023, 6, 20))
    for one in planned(engine).councils:
        more = {"council": one.lane.code, "version": 1}
        happens(engine, "council-scheduled", date(2023, 3, 2), due=date(2023, 6, 14), **more)
    said = verdict(planned(engine, date(2023, 3, 3)), 14)
    assert said.colour == "grøn"
    assert said.text.endswith("på mødet onsdag den 14. juni 2023, 17 dage før fristen.")
    assert said.text.startswith("Af rådene uden mødekalender beslutter Region Nordjylland, Morsø Kommune")
    assert verdict(planned(engine, date(2023, 3, 3)), 20).colour == "gul"


def test_a_meeting_that_a_council_has_told_shortly_before_the_date_is_tight_whoever_else_has_time(
    engine: Engine,
) -> None:
    told(engine, "\n".join(line for line in calendar().splitlines() if not line.startswith("0851")))
    sent(engine, MARCH, date(2023, 7, 1))
    happens(engine, "council-scheduled", date(2023, 3, 2), due=date(2023, 6, 30), council="0851", version=1)
    said = verdict(planned(engine, date(2023, 3, 3)), 14)
    assert (said.colour, said.text) == (
        "gul",
        "Af rådene uden mødekalender beslutter Aalborg Kommune sidst, på mødet fredag den 30. juni 2023, 1 dag før "
        "fristen.",
    )  # fmt: skip


def test_last_years_calendar_is_no_calendar_for_this_year(engine: Engine) -> None:
    told(engine, calendar(months=range(3, 7)).replace("2023-", "2022-"))
    assert len(planned(engine).unknown) == 12


def test_a_council_that_meets_three_days_after_the_date_turns_the_round_red(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine, MARCH, date(2023, 6, 20))
    scheduled = {"council": "0851", "version": 1}
    happens(engine, "council-scheduled", date(2023, 3, 2), due=date(2023, 6, 28), **scheduled)
    said = verdict(planned(engine, date(2023, 3, 3)), 14)
    assert (said.colour, "svardag 20. juni 2023: Aalborg Kommune (28. juni 2023)" in said.text) == (
        "gul",
        True,
    )

    happens(engine, "council-scheduled", date(2023, 3, 4), due=date(2023, 7, 4), **scheduled)
    said = verdict(planned(engine, date(2023, 3, 5)), 14)
    assert (said.colour, "efter fristen 1. juli 2023: Aalborg Kommune (4. juli 2023)" in said.text) == (
        "rød",
        True,
    )


def foretold(engine: Engine, event: str, on: date, **more: object) -> list[str]:
    """What the preview says of the round's days before a fact is recorded."""
    fact = Fact(0, event, on, source="prøve", by="prøve", known_on=on, **more)  # type: ignore[arg-type]
    told = foretell(engine, rules(), KEY, fact, on)
    return warnings(told.after, told.fact)


def sent(engine: Engine, on: date, due: date | None = None) -> None:
    happens(engine, "piu-meeting-held", date(2022, 11, 20))
    happens(engine, "goals-set", date(2023, 2, 1))
    happens(engine, "sent-for-approval", on, version=1, due=due)


def test_a_meeting_that_cannot_hold_is_told_before_it_is_recorded(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine, MARCH, date(2023, 6, 20))
    aalborg = {"council": "0851", "version": 1}

    def said(due: date) -> list[str]:
        return foretold(engine, "council-scheduled", date(2023, 3, 2), due=due, **aalborg)

    assert said(date(2023, 6, 17)) == []
    assert said(date(2023, 6, 28)) == [
        "Mødet onsdag den 28. juni 2023 ligger efter den aftalte svardag 20. juni 2023.",
        "Mødet onsdag den 28. juni 2023 ligger kun 3 dage før fristen, 1. juli 2023.",
        "Rådets mødekalender har intet møde onsdag den 28. juni 2023.",
    ]
    assert said(date(2023, 7, 4))[0] == (
        "Mødet tirsdag den 4. juli 2023 ligger efter fristen for indsendelse, 1. juli 2023."
    )
    remove_meeting(
        engine, rules(), "Aalborg", date(2023, 6, 17), why="Aflyst", by="prøve", at=danish(MARCH, 9)
    )
    assert said(date(2023, 6, 17)) == [
        "Mødet lørdag den 17. juni 2023 holdes ikke efter rådets mødekalender (Aflyst)."
    ]


def test_an_agenda_that_closes_before_the_text_is_sent_is_told_in_the_preview(engine: Engine) -> None:
    told(engine, calendar())
    happens(engine, "piu-meeting-held", date(2022, 11, 20))
    happens(engine, "goals-set", date(2023, 2, 1))

    assert foretold(engine, "sent-for-approval", date(2023, 5, 26), version=1) == []
    assert foretold(engine, "sent-for-approval", date(2023, 5, 28), version=1, due=date(2023, 7, 5)) == [
        "Den aftalte svardag 5. juli 2023 ligger efter fristen 1. juli 2023.",
        "Dagsordenen lukker, før teksten er sendt, til det sidste møde inden 1. juli 2023: "
        "Region Nordjylland (26. maj 2023) og Morsø Kommune (27. maj 2023).",
    ]


def test_what_has_been_submitted_has_nothing_to_plan(engine: Engine) -> None:
    with pytest.raises(NotPossible, match="intet at planlægge"):
        happens_submitted(engine)
        planned(engine, date(2023, 6, 2))


def happens_submitted(engine: Engine) -> None:
    happens(engine, "goals-set", date(2023, 2, 1))
    happens(engine, "sent-for-approval", MARCH, version=1)
    for party in rules().parties("nordjylland", MARCH):
        happens(engine, "council-approved", date(2023, 5, 1), version=1, council=party.code)
    happens(engine, "submitted", date(2023, 6, 1), version=1)


def test_the_command_ends_with_one_when_no_plan_is_left(aftale: Aftale) -> None:
    aftale("init", code=0)
    aftale("open", "nordjylland", "--term", "2022-2025", "--label", "2024-2027", code=0)
    (aftale.cwd / "m.csv").write_text(calendar(), encoding="utf-8")
    aftale("meetings", "import", "m.csv", code=0)
    said = aftale("plan", KEY, "--as-of", "2023-03-01", "--json", code=0).json()
    assert (said["by"], said["dispatch_by"], said["blocking"]) == ("2023-07-01", "2023-05-26", ["1081"])
    late = aftale("plan", KEY, "--as-of", "2023-05-27", "--json", code=1).json()
    assert [one["code"] for one in late["councils"] if one["usable"] is False] == ["1081"]
    assert "rød: Region Nordjylland" in aftale("plan", KEY, "--as-of", "2023-05-27", code=1).out
