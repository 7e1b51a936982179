"""What a duty's state is, in the same words by every door: calendars, tables, pages, what-if and the API."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar

from tests.conftest import Aftale
from tests.law import test_two_readings as two_readings
from tests.law.desk import KEY, LawDesk, day
from workflow.ahead.branches import Branch, SupposedFact
from workflow.faces.web.api import models
from workflow.faces.web.pages.rounds.timeline import entries
from workflow.mail.writing.words import TILSTANDE
from workflow.rules.endings import state_of
from workflow.services.lookahead.branching import branch_off
from workflow.services.lookahead.comparing import dates
from workflow.services.views import exports
from workflow.services.views.calendars.feeds import write_feed
from workflow.services.views.lookback import listed_deadlines
from workflow.services.views.status import deadline_json, readiness_json, status_json

running = two_readings.running
BOTH = "efter den ene læsning var datoen 31. december 2026, efter den anden er den 4. januar 2027"
IN_DOUBT = f"{BOTH}; det er ikke afklaret, om reglen gjaldt den dag"
ENDS = pytest.mark.parametrize(
    ("ends", "said"), [("", IN_DOUBT), ("2027-01-01", BOTH)], ids=["open", "confirmed"]
)


@ENDS
@pytest.mark.parametrize("on", ["2027-01-01", "2027-01-04"])
def test_between_its_two_readings_the_review_is_told_alike_by_calendars_tables_and_the_timeline(
    running: LawDesk, ends: str, said: str, on: str
) -> None:
    """The rules ended on 1 January 2027 at the latest: whether they may still hold is no question any more."""
    if ends:
        running.tell("regime-confirmed", "2026-11-21", due=ends)
    standing = running.at(as_of=on)
    everything = {"name": "Alt", "region": "", "body": "", "mine": False}
    feed = write_feed(running.engine, running.rulebook, everything, today=day(on), instance="test")
    [told] = [
        str(one["DESCRIPTION"])
        for one in Calendar.from_ical(feed).walk("VEVENT")
        if "Årlig gennemgang" in one["SUMMARY"] and one["DTSTART"].dt == date(2026, 12, 31)
    ]
    assert f"Loven er tavs: {said}." in told
    assert "om fristen stadig gælder" not in told and "kan være ophævet" not in told
    [drawn] = [one for one in entries(standing) if (one.rule, one.subject) == ("annual-review", "2026")]
    assert drawn.state == f"åben; {said}"
    listed = listed_deadlines([standing], running.rulebook, "upcoming")
    [row] = [one for one in exports.listed_rows(listed, running.rulebook, day(on)) if "2026" in one]
    assert f"åben; {said}" in row


def test_what_if_says_of_a_date_what_the_other_pages_say(running: LawDesk) -> None:
    branch = Branch("a", "a", "mild", facts=(SupposedFact("regime-confirmed", due="2026-01-01"),))
    found = branch_off(running.engine, running.rulebook, KEY, branch, day("2026-12-01"))
    told = {(one["id"], one["subject"]): (one["state_before"], one["state_after"]) for one in dates(found)}
    assert told["final-guidance", ""] == (
        "kommer; reglen kan være ophævet; kan også læses som 1. juli 2027, og da er pligten bortfaldet",
        "bortfaldet",
    )
    assert told["final-order", ""] == ("bortfaldet under begge mulige datoer", "bortfaldet")
    assert told["annual-review", "2025"] == ("overskredet", "ikke opfyldt i tide; reglerne er siden ophævet")
    for side in (found.before.standing, found.after.standing):
        for one in side.deadlines:
            where = 0 if side is found.before.standing else 1
            if (one.id, one.subject) in told:
                said = state_of(one, TILSTANDE[one.status], found.as_of)
                assert told[one.id, one.subject][where] == said


def test_a_program_reads_by_the_api_all_that_the_commands_print(running: LawDesk) -> None:
    """Each key of ``aftale deadlines``, ``status`` and ``ready`` with ``--json``."""
    standing = running.at(as_of="2026-12-01")
    final = standing.deadline("final-guidance")
    assert final
    told = deadline_json(standing, final)
    assert told["latest_gone"] is True and told["latest_on"] == "2027-07-01"
    for model, printed in (
        (models.Why, told),
        (models.Agreement, status_json(standing, running.rulebook)),
        (models.Readiness, readiness_json(standing, running.rulebook)),
    ):
        fields = {field.serialization_alias or name for name, field in model.model_fields.items()}
        assert set(printed) - fields == set(), model.__name__
    assert models.Why.model_validate(told).latest_gone


def test_the_command_that_explains_a_date_says_how_it_stands_on_that_day(aftale: Aftale) -> None:
    aftale("init", "--demo", code=0)
    said = aftale("why", "midtjylland/2024-2027", "annual-review:2026", "--as-of", "2027-01-02", code=0).out
    assert f"(åben; {IN_DOUBT})" in " ".join(said.split())
