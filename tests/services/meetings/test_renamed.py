"""Committees stored under names that earlier versions read are still the committees that a list, a person or a plan
means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.story.living import danish, rules
from workflow.services.meetings.dropping import dropped
from workflow.services.meetings.keeping import (
    Imported,
    import_meetings,
    list_meetings,
    read_file,
    remove_meeting,
)
from workflow.services.meetings.reading.proposing import Proposed
from workflow.storage.database import connect
from workflow.storage.facts.meetings import Meeting

TODAY = date(2026, 11, 30)
HEAD = "body;organ;date;agenda_closes\n"
EARLIER = [
    ("Økonomiudvalg", "Økonomiudvalg"),
    ("Økonomiudvalgets", "Økonomiudvalget"),
    ("Teknisk Udvalget", "Teknisk Udvalg"),
    ("Udvalg for Kultur", "Udvalget for Kultur"),
]
CUT = [
    ("Udvalg", "Teknisk Udvalg"),
    ("Klimaudvalget", "Plan, Miljø og Klimaudvalget"),
    ("Ungeudvalget", "Børne- & Ungeudvalget"),
    ("Udvalget", "Udvalget for Kultur & Fritid"),
]


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = connect(sqlite_url)
    yield opened
    opened.dispose()


def stored(engine: Engine, organ: str, *days: str) -> None:
    with Session(engine) as session, session.begin():
        for on in days:
            session.add(
                Meeting(
                    body="0851", organ=organ, on=date.fromisoformat(on), source="m.csv",
                    read_on=date(2026, 11, 1), by="prøve",
                )
            )  # fmt: skip


def listed(organ: str, *days: str) -> list[Proposed]:
    return read_file(rules(), "m.csv", (HEAD + "".join(f"0851;{organ};{on};\n" for on in days)).encode())


def taken(engine: Engine, proposed: list[Proposed]) -> Imported:
    return import_meetings(
        engine, rules(), proposed, source="m.csv", by="prøve", at=danish(TODAY, 9), marked=True
    )


def known(engine: Engine) -> list[str]:
    return [f"{one.organ} {one.on}" for one in list_meetings(engine, rules(), "0851")[2]]


@pytest.mark.parametrize(("kept", "said"), EARLIER)
def test_the_same_list_again_changes_nothing(engine: Engine, kept: str, said: str) -> None:
    stored(engine, kept, "2027-06-14", "2027-08-16")
    done = taken(engine, listed(said, "2027-06-14", "2027-08-16"))

    assert [one.what for one in done.changes] == ["unchanged", "unchanged"]
    assert known(engine) == [f"{kept} 2027-06-14", f"{kept} 2027-08-16"]


@pytest.mark.parametrize(("kept", "said"), CUT)
def test_a_name_that_was_cut_off_is_written_whole_and_no_day_stands_twice(
    engine: Engine, kept: str, said: str
) -> None:
    stored(engine, kept, "2027-06-14", "2027-08-16")
    trial = import_meetings(
        engine, rules(), listed(said, "2027-06-14", "2027-08-16"), source="m.csv", by="", at=danish(TODAY, 9),
        dry_run=True,
    )  # fmt: skip
    done = taken(engine, listed(said, "2027-06-14", "2027-08-16"))

    assert [one.what for one in done.changes] == [one.what for one in trial.changes] == ["changed", "changed"]
    assert known(engine) == [f"{said} 2027-06-14", f"{said} 2027-08-16"]
    assert taken(engine, listed(said, "2027-06-14", "2027-08-16")).count("unchanged") == 2


def test_one_day_kept_under_a_cut_name_is_the_day_of_one_committee_alone(engine: Engine) -> None:
    stored(engine, "Udvalg", "2027-06-14")
    both = [*listed("Teknisk Udvalg", "2027-06-14"), *listed("Sociale Udvalg", "2027-06-14")]
    done = taken(engine, both)

    assert [one.what for one in done.changes] == ["changed", "added"]
    assert known(engine) == ["Sociale Udvalg 2027-06-14", "Teknisk Udvalg 2027-06-14"]


def test_a_committee_that_is_listed_itself_is_not_taken_for_one_with_a_longer_name(engine: Engine) -> None:
    stored(engine, "Klimaudvalget", "2027-06-14")
    both = [*listed("Plan, Miljø og Klimaudvalget", "2027-06-14"), *listed("Klimaudvalget", "2027-06-14")]
    done = taken(engine, both)

    assert [one.what for one in done.changes] == ["added", "unchanged"]


@pytest.mark.parametrize(("kept", "said"), [*EARLIER, *CUT])
def test_a_day_that_left_its_list_is_proposed_as_gone_and_goes(engine: Engine, kept: str, said: str) -> None:
    stored(engine, kept, "2027-05-10", "2027-06-14", "2027-08-16")
    now = listed(said, "2027-05-10", "2027-08-16")
    missing = dropped(engine, now, "m.csv", TODAY)

    assert [(one.organ, str(one.on), one.gone) for one in missing] == [(kept, "2027-06-14", True)]
    assert [one.what for one in taken(engine, [*now, *missing]).changes][-1] == "gone"
    assert [one.rpartition(" ")[2] for one in known(engine)] == ["2027-05-10", "2027-08-16"]


@pytest.mark.parametrize(("kept", "said"), [*EARLIER, *CUT])
def test_a_meeting_is_taken_out_by_the_name_it_was_kept_under_and_by_todays(
    engine: Engine, kept: str, said: str
) -> None:
    stored(engine, kept, "2027-06-14", "2027-08-16")
    for committee, on in ((kept, date(2027, 6, 14)), (said, date(2027, 8, 16))):
        remove_meeting(
            engine, rules(), "0851", on, committee=committee, why="Aflyst", by="prøve", at=danish(TODAY, 9)
        )
    assert known(engine) == []


def test_a_day_that_came_to_stand_under_both_names_is_taken_out_under_both(engine: Engine) -> None:
    stored(engine, "Økonomiudvalg", "2027-06-14")
    stored(engine, "Økonomiudvalget", "2027-06-14")
    remove_meeting(
        engine, rules(), "0851", date(2027, 6, 14), committee="Økonomiudvalget", why="Aflyst", by="prøve",
        at=danish(TODAY, 9),
    )  # fmt: skip
    assert known(engine) == []
