"""A branch changes nothing until it is kept, and what is kept gives exactly what was shown."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import Aftale
from tests.services.lookahead import test_planning as planning
from tests.services.lookahead.test_planning import KEY, MARCH, calendar, planned, sent, told
from tests.story.living import danish, rules
from workflow.ahead.branches import Branch, SupposedFact, SupposedMeeting
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.lookahead.branching import Branched, branch_off, find_branch, read_branch
from workflow.services.lookahead.comparing import branch_json
from workflow.services.lookahead.keeping import keep_branch
from workflow.services.lookahead.planning import plan_json, plan_of

engine = planning.engine
NAMES = [branch.id for branch in rules().branches if not branch.merge]  # this region is merged with none


def off(engine: Engine, name: str | Branch, on: date = MARCH) -> Branched:
    branch = find_branch(rules(), name) if isinstance(name, str) else name
    return branch_off(engine, rules(), KEY, branch, on)


def compared(found: Branched) -> dict[str, object]:
    return branch_json(found, 14, kept=False)


def test_there_are_thirty_named_deviations_from_mild_to_severe() -> None:
    assert len(NAMES) >= 30
    assert [branch.severity for branch in rules().branches] == sorted(
        (branch.severity for branch in rules().branches), key=("mild", "middle", "severe").index
    )


def test_no_branch_invents_a_meeting_on_a_closed_day(engine: Engine) -> None:
    """A week before Saturday 1 July 2023 is a Saturday too: no council meets then, and none the day after the date."""
    invented = []
    for on in (MARCH, MARCH + timedelta(days=2), MARCH + timedelta(days=3)):
        for branch in rules().branches:
            try:
                found = off(engine, branch.id, on)
            except NotPossible:
                continue
            invented += [
                (branch.id, day)
                for day in (
                    *(fact.due for fact in found.facts if fact.event == "council-scheduled"),
                    *(one.on for one in found.meetings if not one.gone),
                    *(one.agenda_closes for one in found.meetings if not one.gone),
                )
                if day and rules().days.why_closed(day)
            ]
    assert not invented
    fact = SupposedFact("council-scheduled", council="setting", due="by+1")
    late = off(engine, Branch("egen", "En dag efter fristen", "mild", "sent", facts=(fact,)))
    assert [fact.due for fact in late.facts if fact.event == "council-scheduled"] == [date(2023, 7, 3)]


@pytest.mark.torture
def test_no_branch_changes_a_byte_of_the_database(engine: Engine, sqlite_url: str, torture: bool) -> None:
    told(engine, calendar())
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    for _ in range(32 if torture else 1):  # a thousand branches
        for name in NAMES:
            assert json.dumps(compared(off(engine, name))), name
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    "name", ["aflyst", "rykkes-en-uge", "fravigelse-en-maaned", "nej", "sendes-i-dag", "afslag"]
)
def test_what_is_kept_gives_exactly_the_difference_that_was_shown(engine: Engine, name: str) -> None:
    told(engine, calendar())
    shown = off(engine, name)
    branch = find_branch(rules(), name)
    kept = keep_branch(
        engine, rules(), KEY, branch, source="Brev", by="prøve", today=MARCH, at=danish(MARCH, 9)
    )
    assert compared(kept) == compared(shown)

    if shown.after.plan is None:
        with pytest.raises(NotPossible):
            plan_of(engine, rules(), KEY, shown.as_of)
        return
    standing, after = plan_of(engine, rules(), KEY, shown.as_of)
    was, now = plan_json(standing, shown.after.plan), plan_json(standing, after)
    for key in ("by", "dispatch_by", "blocking", "councils"):
        assert now[key] == was[key], key
    said = {(d.id, d.subject): (d.legal_on, d.status) for d in shown.after.standing.deadlines}
    assert {(d.id, d.subject): (d.legal_on, d.status) for d in standing.deadlines} == said
    assert all(fact.source == "Brev" for fact in standing.facts if fact.no > 1)


def test_a_cancelled_meeting_shows_one_council_moved_and_the_day_with_it(engine: Engine) -> None:
    told(engine, calendar())
    said = compared(off(engine, "aflyst"))

    assert (said["before"]["dispatch_by"], said["after"]["dispatch_by"]) == ("2023-05-26", "2023-04-25")  # type: ignore[index]
    assert [one["code"] for one in said["councils"]] == ["1081"]  # type: ignore[attr-defined]
    assert said["meetings"] == [
        {"body": "1081", "organ": "", "date": "2023-06-07", "agenda_closes": None, "gone": True}
    ]
    assert said["dates"] == []
    assert [one["letter"] for one in said["letters"]] == ["council-day-gone"]  # type: ignore[attr-defined]


def test_a_no_asks_for_a_new_text_and_is_not_green(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine, MARCH)
    said = compared(off(engine, "nej"))
    assert said["after"]["colour"] == "gul"  # type: ignore[index]
    assert "har sagt nej eller taget forbehold. En ny tekst skal sendes senest" in said["after"]["text"]  # type: ignore[index]
    assert said["letters"]


def test_a_refusal_by_the_authority_plans_the_second_round(engine: Engine) -> None:
    told(engine, calendar(months=range(1, 13)))
    said = compared(off(engine, "afslag"))
    assert said["after"]["by"] == "2023-07-25"  # type: ignore[index]
    assert "resubmission" in [one["id"] for one in said["dates"]]  # type: ignore[attr-defined]


def test_a_branch_without_a_calendar_says_what_is_missing(engine: Engine) -> None:
    with pytest.raises(NotPossible, match="indlæs mødekalenderen først"):
        off(engine, "aflyst")
    with pytest.raises(NotFound, match="hverken en fil eller en af ekstra-moede"):
        off(engine, "nix")


def test_a_merger_asks_every_council_of_the_new_region(engine: Engine) -> None:
    """OVG §§ 10, 126: Hovedstaden and Sjælland become Østdanmark, 46 municipalities, on 1 January 2027."""
    opened = date(2022, 11, 2)
    fact = Fact(0, "opened", opened, source="prøve", by="prøve")
    key = "hovedstaden/2024-2027"
    open_agreement(
        engine, rules(), fact, region="hovedstaden", term="2022-2025", label="2024-2027", at=danish(opened, 9)
    )
    found = branch_off(engine, rules(), key, find_branch(rules(), "sammenlaegning"), opened)
    assert found.before.plan is not None and found.after.plan is not None
    assert (len(found.before.plan.councils), len(found.after.plan.councils)) == (30, 47)
    assert found.after.plan.councils[0].lane.name == "Region Østdanmark"
    assert {one.lane.code for one in found.before.plan.councils[1:]} < {
        one.lane.code for one in found.after.plan.councils
    }
    with pytest.raises(NotPossible, match="ingen hændelse"):
        keep_branch(
            engine, rules(), key, find_branch(rules(), "sammenlaegning"), source="lov", by="prøve", today=opened,
            at=danish(opened, 9),
        )  # fmt: skip


def test_a_region_can_be_merged_with_any_other_in_a_branch_of_ones_own(engine: Engine) -> None:
    told(engine, calendar())
    text = '[[branch]]\nid = "nord"\ntitle = "Nord"\nmerge = "midtjylland"'
    found = off(engine, read_branch("egen.toml", text.encode()))
    assert found.after.plan is not None and len(found.after.plan.councils) == 1 + 11 + 19
    assert len(found.after.plan.unknown) == 19, "their calendars are not known"
    with pytest.raises(NotPossible, match="lægges ikke sammen med nogen"):
        off(engine, "sammenlaegning")
    with pytest.raises(Invalid, match="med sig selv"):
        off(engine, read_branch("egen.toml", text.replace("midt", "nord").encode()))


def test_a_branch_of_ones_own_is_read_from_a_file(engine: Engine) -> None:
    text = (
        '[[branch]]\nid = "egen"\ntitle = "Et møde mere"\n[[branch.meeting]]\nchange = "added"\ncouncil = "0851"\n'
        'on = "2023-06-28"\nagenda = "2023-06-20"\n[[branch.fact]]\nevent = "deviation"\ndue = "by+10"\n'
    )
    branch = read_branch("egen.toml", text.encode())
    assert branch.meetings == (SupposedMeeting("added", "0851", on="2023-06-28", agenda="2023-06-20"),)
    assert branch.facts == (SupposedFact("deviation", due="by+10"),)
    told(engine, calendar())
    found = off(engine, branch)
    assert found.after.plan is not None
    assert found.after.plan.asked.by == date(2023, 7, 11)
    assert planned(engine).asked.by == date(2023, 7, 1)


def test_a_branch_is_kept_only_with_a_source(engine: Engine) -> None:
    told(engine, calendar())
    with pytest.raises(Invalid, match="kræver en kilde"):
        keep_branch(
            engine,
            rules(),
            KEY,
            find_branch(rules(), "aflyst"),
            source=" ",
            by="x",
            today=MARCH,
            at=danish(MARCH, 9),
        )


def test_the_command_shows_both_sides_and_keeps_what_it_showed(aftale: Aftale) -> None:
    aftale("init", "--demo", code=0)
    key = "nordjylland/2027-2031"
    lines = calendar().replace("2023-", "2027-")
    (aftale.cwd / "m.csv").write_text(lines, encoding="utf-8")
    aftale("meetings", "import", "m.csv", code=0)
    then = ("--as-of", "2027-01-10")
    shown = aftale("whatif", key, "aflyst", *then, "--json", code=0).json()
    assert shown["before"] != shown["after"]
    assert "hverken" in aftale("whatif", key, "nix", code=3).err
    aftale("whatif", key, "aflyst", "--keep", code=2)
    aftale("whatif", key, "aflyst", "--keep", "--source", "Brev", code=0)
    now = aftale("plan", key, *then, "--json", code=0).json()
    assert (now["dispatch_by"], now["blocking"]) == (
        shown["after"]["dispatch_by"],
        shown["after"]["blocking"],
    )
