"""Law with a memory: new rules wait for a person, and an earlier day is answered by the rules of that day."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from tests.conftest import ROOT, Aftale, once_a_run
from tests.law.ends.test_successor import EXAMPLE
from tests.story.living import notices, post
from workflow.errors import Conflict, Invalid, NotPossible, Unworkable
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.due.dates import dated
from workflow.services.due.quotas import quotas
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.facts.ends import confirm_end
from workflow.services.keeping.verifying import verify
from workflow.services.law.changing import accept, adopt_first, decline, pending, take_in
from workflow.services.planning.answering import Answer, answer
from workflow.services.planning.reminders import plan
from workflow.services.rounds.setup import set_up
from workflow.services.views.calendars.feeds import add_feed, write_feed
from workflow.services.views.status import deadline_json, find_standing, status_json, workable
from workflow.services.watch.heartbeat import open_alarms
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal
from workflow.storage.law.rulebook import Rulebook, digest_of, load
from workflow.storage.law.rulesets import RuleSet
from workflow.storage.tables import AgreementRow

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
BY, GROUND = "Anna Holm", "BEK 999/2026 § 5, stk. 1"
NEW_DAY = """
[[closed]]
id = "ny"
name = "nydag"
cite = "Lov 214/2023"
month = 12
day = 30
checked_on = 2026-11-21
"""
ALL_DAYS = [date(2021 + n // 12, n % 12 + 1, 20) for n in range(12, 71)]  # the five years 2022 to 2026


def edited(folder: Path, *changes: tuple[str, str], file: str = "regimes/bek-1248-2022.toml") -> Rulebook:
    """The calendars in ``folder`` (copied there where it is new) with ``changes`` made in one file."""
    if not folder.exists():
        shutil.copytree(ROOT / "calendars", folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load(folder)


LATER = (('"8 weeks"', '"10 weeks"'), ('"2 years"', '"3 years"'))


@pytest.fixture(scope="session")
def round_of_nine(tmp_path_factory: pytest.TempPathFactory, old: Rulebook) -> Path:
    """The demo's twelve agreements, nine of them health agreements, in a data folder to copy."""

    def make(folder: Path) -> None:
        at = AT - timedelta(days=1)
        set_up(f"sqlite:///{folder}/aftale.db", old, at=at, today=danish_day(at), demo=True)

    return once_a_run(tmp_path_factory, "nine", make)


@pytest.fixture
def nine(aftale: Aftale, round_of_nine: Path) -> Aftale:
    shutil.copytree(round_of_nine, aftale.env["AFTALE_DATA_DIR"])
    return aftale


@pytest.fixture
def engine(nine: Aftale) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{nine.env['AFTALE_DATA_DIR']}/aftale.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def old() -> Rulebook:
    return load(ROOT / "calendars")


@pytest.fixture(scope="session")
def new(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return edited(tmp_path_factory.mktemp("new") / "calendars", *LATER)


def told(engine: Engine, rulebook: Rulebook, on: date) -> bytes:
    """Everything the answers of that day are made of: status, each date with its reasons, the year's meetings."""
    found, broken = workable(engine, rulebook, on)
    assert broken == []
    said = [
        (
            status_json(one, one.rules), [deadline_json(one, d) for d in dated(one, one.rules)],
            [asdict(quota) for quota in quotas(one, one.rules, on.year)],
        )
        for one in found
    ]  # fmt: skip
    return json.dumps(said, default=str, sort_keys=True).encode()


@pytest.mark.fault("F48")
@pytest.mark.torture
def test_a_text_with_other_dates_changes_nothing_in_nine_agreements_before_somebody_takes_it_on(
    engine: Engine, old: Rulebook, new: Rulebook, torture: bool
) -> None:
    """Asked of every fourth month; with ``make torture`` of every month."""
    days = ALL_DAYS if torture else ALL_DAYS[::4]
    plan(engine, old, AT)
    letters = [one.key for one in notices(engine)]
    before = [told(engine, old, on) for on in days]
    assert take_in(engine, new, AT) == 9
    assert plan(engine, new, AT).planned == []
    assert [one.key for one in notices(engine)] == letters
    assert [told(engine, new, on) for on in days] == before
    assert open_alarms(engine)[0].key == "rules"
    waiting = {one.agreement: one for one in pending(engine, new, AT.date())}
    assert len(waiting) == 9
    moved = {d.rule: (d.before, d.after) for d in waiting["midtjylland/2024-2027"].dates}
    assert moved["midterm-order"] == (date(2025, 12, 19), date(2026, 12, 19))
    assert moved["sst-decision"] == (date(2024, 2, 14), date(2024, 2, 28))
    assert {o.recipient for o in waiting["midtjylland/2024-2027"].letters} == {
        "midtjylland/secretariat-region",
        "midtjylland/secretariat-municipal",
    }
    assert "endnu" not in str(waiting["midtjylland/2024-2027"].problem)
    assert any("Reglen »Midtvejsstatus" in said for said in waiting["nordjylland/2027-2031"].said)

    done = accept(engine, new, None, BY, GROUND, AT)
    assert [one.agreement for one in done] == sorted(waiting)
    assert open_alarms(engine) == []
    assert [told(engine, new, on) for on in days] == before, "the past is answered by its own rules"
    now = find_standing(engine, new, "midtjylland/2024-2027", AT.date())
    assert now.deadline("midterm-order").legal_on == date(2026, 12, 19)  # type: ignore[union-attr]
    assert {one.letter.name for one in plan(engine, new, AT).planned} == {"midterm-due"}
    assert {one.rules for one in notices(engine) if one.letter == "midterm-due"} >= {new.digest}
    with reading(engine) as session:
        fact = journal.facts(session, journal.find(session, "midtjylland/2024-2027"))[-1]
    assert (fact.event, fact.about, fact.by, fact.source) == ("rules-accepted", new.digest, BY, GROUND)
    assert (fact.on, fact.known_on) == (AT.date(), AT.date())
    assert verify(engine, None, [])[1] == []


def test_whoever_was_told_a_date_is_told_that_new_rules_have_moved_it_and_the_reckoner_agrees(
    engine: Engine, old: Rulebook, new: Rulebook
) -> None:
    key, at = "midtjylland/2024-2027", AT
    both = {"midtjylland/secretariat-region", "midtjylland/secretariat-municipal"}
    answer(engine, old, Answer("told", BY, "sag 26/1234", date(2026, 1, 19)), agreement=key, at=at)
    take_in(engine, new, at)
    (waiting,) = [one for one in pending(engine, new, at.date()) if one.agreement == key]
    assert {one.recipient for one in waiting.letters if one.letter.name == "deadline-moved"} == both
    accept(engine, new, [key], BY, GROUND, at)
    found = find_standing(engine, new, key, at.date()).deadline("midterm-order")
    assert found and (found.revision, found.previous_on, found.changed_on) == (
        2,
        date(2025, 12, 19),
        at.date(),
    )
    moved = [one for one in plan(engine, new, at).planned if one.letter.name == "deadline-moved"]
    assert {one.recipient for one in moved} == both
    said = moved[0].facts["moved"]
    assert (said["from"], said["to"]) == ("2025-12-19", "2026-12-19")
    assert (said["by"], said["source"]) == ("rules", GROUND)
    post(engine)
    later = at + timedelta(days=1)
    assert "deadline-moved" not in {one.letter.name for one in plan(engine, new, later).planned}
    assert [f.said for f in reckon(engine, new, later) if f.kind in ("missing", "unexplained")] == []


def test_what_was_met_in_time_stays_so_under_rules_that_were_taken_on_later(
    engine: Engine, old: Rulebook, tmp_path: Path
) -> None:
    """Rules that give an earlier day make nothing late that was done before anybody had taken them on."""
    key = "nordjylland/2024-2027"
    was = find_standing(engine, old, key, AT.date()).deadline("midterm-order")
    assert was and was.status == "met"
    stricter = edited(tmp_path / "stricter", ('"2 years"', '"1 year"'))
    take_in(engine, stricter, AT)
    accept(engine, stricter, [key], BY, GROUND, AT)
    found = find_standing(engine, stricter, key, AT.date()).deadline("midterm-order")
    assert found and found.legal_on == date(2024, 12, 15)
    assert (found.status, found.judged_on, found.disputed) == ("met", was.legal_on, False)


def test_the_alarm_goes_when_nothing_waits_any_more(engine: Engine, old: Rulebook, new: Rulebook) -> None:
    """A difference that vanishes by itself: the files are put back, or what it was about has happened since."""
    take_in(engine, new, AT)
    assert "rules" in [one.key for one in open_alarms(engine)]
    take_in(engine, old, AT + timedelta(minutes=5))
    assert "rules" not in [one.key for one in open_alarms(engine)]
    take_in(engine, new, AT + timedelta(minutes=10))
    assert "rules" in [one.key for one in open_alarms(engine)]


def test_where_the_difference_vanishes_nobody_is_asked_any_more(
    engine: Engine, old: Rulebook, tmp_path: Path
) -> None:
    """Another title of a letter concerns no agreement whose rules have ended since."""
    titled = edited(
        tmp_path / "titled", ('da = "Årlig gennemgang"', 'da = "Gennemgang"'), file="letters.toml"
    )
    waiting = take_in(engine, titled, AT)
    assert waiting > 0
    end = Fact(0, "regime-confirmed", AT.date(), due=date(2026, 1, 1), source="Lov 719/2025", by=BY)
    confirm_end(engine, titled, end, regime="bek-1248-2022", today=AT.date(), at=AT)
    assert take_in(engine, titled, AT + timedelta(minutes=5)) == 0
    assert "rules" not in [one.key for one in open_alarms(engine)]
    assert pending(engine, titled, AT.date()) == []


def test_the_past_stays_to_the_byte_under_three_later_releases(
    engine: Engine, old: Rulebook, tmp_path: Path
) -> None:
    days = ALL_DAYS[::6]
    before, at = [told(engine, old, on) for on in days], AT
    folder = tmp_path / "calendars"
    releases = (
        (("8 weeks", "10 weeks"),),
        (("10 weeks", "12 weeks"), ("month = 12, day = 31", "month = 12, day = 30")),
        (('"2 years"', '"30 months"'),),
    )
    for release in releases:
        book, at = edited(folder, *release), at + timedelta(days=200)
        accept(engine, book, None, BY, GROUND, at)
        days.append(at.date())
        assert [told(engine, book, on) for on in days[: len(before)]] == before
        before.append(told(engine, book, at.date()))
    # and where nothing but the files has changed since
    book = edited(folder, ("12 weeks", "14 weeks"))
    take_in(engine, book, at + timedelta(days=1))
    assert [told(engine, book, on) for on in days] == before


@pytest.mark.fault("F48")
def test_declined_stays_declined_and_another_set_is_a_new_question(
    engine: Engine, old: Rulebook, new: Rulebook, tmp_path: Path
) -> None:
    key = "nordjylland/2024-2027"
    take_in(engine, new, AT)
    assert len(decline(engine, new, [key], BY, "BEK 999/2026 § 5, stk. 2", AT)) == 1
    assert key not in {one.agreement for one in pending(engine, new, AT.date())}
    accept(engine, new, None, BY, GROUND, AT)
    for at in (AT, AT + timedelta(days=1)):
        assert take_in(engine, new, at) == 0
        assert take_in(engine, old, at) == 8, "going back is a change too, for those that live under the new"
        assert take_in(engine, new, at) == 0
    assert find_standing(engine, new, key, AT.date()).rules.digest == old.digest
    other = edited(tmp_path / "calendars", ('"8 weeks"', '"9 weeks"'))
    assert take_in(engine, other, AT) == 9
    take_in(engine, new, AT)
    assert accept(engine, new, [key], BY, "omgjort", AT)[0].agreement == key, "a person may think again"
    with pytest.raises(Conflict, match="følger allerede disse regler"):
        accept(engine, new, [key], BY, GROUND, AT)


def test_what_changes_nothing_for_an_agreement_is_taken_on_by_itself_and_written_down(
    engine: Engine, old: Rulebook, tmp_path: Path
) -> None:
    """Another regime, and the day a rule was checked."""
    folder = tmp_path / "calendars"
    edited(folder, ("checked_on = 2026-11-21", "checked_on = 2026-11-28"))
    book = edited(folder, ("month = 7", "month = 6"), file="regimes/bek-679-2018.toml")
    assert take_in(engine, book, AT) == 0
    assert pending(engine, book, AT.date()) == []
    with reading(engine) as session:
        for row in journal.all_agreements(session):
            fact = journal.facts(session, row)[-1]
            assert (fact.event, fact.about, fact.by) == ("rules-accepted", book.digest, "Aftalefrist")
            assert row.rules == book.digest
    for days in (1, 2, 3):  # two hosts with files that differ in what changes nothing take turns
        for other in (old, book):
            assert take_in(engine, other, AT + timedelta(days=days)) == 0
    with reading(engine) as session:
        assert {journal.facts(session, row)[-1].on for row in journal.all_agreements(session)} == {AT.date()}


@pytest.mark.parametrize(
    ("file", "old_text", "new_text", "said"),
    [
        ("letters.toml", "at = [-30]", "at = [-33]", " er ændret"),
        ("denmark.toml", "", NEW_DAY, ""),
        ("bodies/clusters.csv", "Klynge", "Sundhedsklynge", ""),
        (
            "regimes/bek-1248-2022.toml", '["clusters", "piu", "chairs"]', '["piu"]',
            "hvem runden angår ud over parterne",
        ),
        (
            "regimes/bek-1248-2022.toml", "[provisions]", '[times]\nsubmit = "straks"\n\n[provisions]',
            "lovens egne ord om, hvornår et skridt tages",
        ),
        ("regimes/bek-1248-2022.toml", 'short = "aftalen"', 'short = "planen"', "reglernes egne ord"),
    ],
)  # fmt: skip
def test_letters_closed_days_and_bodies_wait_as_the_orders_do(
    engine: Engine, old: Rulebook, tmp_path: Path, file: str, old_text: str, new_text: str, said: str
) -> None:
    folder = Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(
        text.replace(old_text, new_text) if old_text else text + new_text, encoding="utf-8"
    )
    book = load(folder)
    before = [told(engine, old, on) for on in (AT.date(), date(2027, 3, 1))]
    take_in(engine, book, AT)
    assert [told(engine, book, on) for on in (AT.date(), date(2027, 3, 1))] == before
    if said:
        assert any(said in line for one in pending(engine, book, AT.date()) for line in one.said)


def test_an_answer_needs_a_name_and_a_ground_and_a_trial_writes_nothing(
    engine: Engine, new: Rulebook
) -> None:
    with pytest.raises(Invalid, match="--ground"):
        accept(engine, new, None, BY, " ", AT)
    with pytest.raises(Invalid, match="--by"):
        decline(engine, new, None, "", GROUND, AT)
    assert len(accept(engine, new, None, BY, GROUND, AT, dry_run=True)) == 9
    assert len(pending(engine, new, AT.date())) == 9
    fact = Fact(0, "rules-accepted", AT.date(), about=new.digest, by=BY, source=GROUND)
    with pytest.raises(NotPossible, match="aftale rules accept"):
        record(engine, new, "nordjylland/2024-2027", fact, today=AT.date(), at=AT)


def test_an_agreement_opened_under_new_rules_lives_under_them_while_the_others_wait(
    engine: Engine, new: Rulebook, old: Rulebook
) -> None:
    opening = Fact(0, "opened", AT.date(), by=BY)
    made = open_agreement(engine, new, opening, region="nordjylland", term="2022-2025", label="ny", at=AT)
    assert made.rules.digest == new.digest
    assert take_in(engine, new, AT) == 9
    assert find_standing(engine, old, "nordjylland/ny", AT.date()).rules.digest == new.digest


def test_an_acceptance_can_be_taken_back_by_a_correction(
    engine: Engine, old: Rulebook, new: Rulebook
) -> None:
    key = "midtjylland/2024-2027"
    before = {(d.id, d.subject): d for d in find_standing(engine, old, key, AT.date()).deadlines}
    accept(engine, new, [key], BY, GROUND, AT)
    with reading(engine) as session:
        number = journal.find(session, key).fact_count
    wrong = Fact(0, "correction", AT.date(), corrects=number, source="forkert aftale", by=BY)
    record(engine, new, key, wrong, today=AT.date(), at=AT)
    after = find_standing(engine, new, key, AT.date()).deadlines
    assert {(d.id, d.subject): (d.legal_on, d.status, d.why) for d in after} == {
        one: (d.legal_on, d.status, d.why) for one, d in before.items()
    }
    there_and_back = {d.id: d.revision - before[d.id, d.subject].revision for d in after}
    assert (there_and_back["midterm-order"], there_and_back["submission"]) == (2, 0)
    assert key in {one.agreement for one in pending(engine, new, AT.date())}


def test_rules_that_were_changed_or_lost_in_the_database_stop_the_agreement(
    engine: Engine, old: Rulebook, new: Rulebook, nine: Aftale
) -> None:
    key = "nordjylland/2024-2027"
    accept(engine, new, [key], BY, GROUND, AT)
    with writing(engine) as session:
        session.execute(update(RuleSet).where(RuleSet.digest == new.digest).values(files="{}"))  # type: ignore[arg-type]
    later = ("--as-of", "2026-12-01")
    said = nine("status", key, *later, code=78).err
    assert f"rule set {new.digest[:12]}: it was changed after it was kept" in said
    assert "Midtjylland" in nine("status", *later, code=78).out, "the others are none the worse"


def test_the_first_rules_of_an_older_database_are_those_the_upgrade_finds(
    engine: Engine, old: Rulebook, new: Rulebook, nine: Aftale
) -> None:
    with writing(engine) as session:
        session.execute(update(AgreementRow).values(first_rules="", rules=""))
        session.execute(delete(RuleSet))
    assert "12 agreements live under them" in nine("upgrade", code=0).err
    assert take_in(engine, old, AT) == 0
    assert take_in(engine, new, AT) == 9
    assert adopt_first(engine, new, AT) == 0


def test_a_lost_regime_is_exit_78_by_name_in_every_command_and_never_another_law(
    aftale: Aftale, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))
    shutil.copy(EXAMPLE, folder / "regimes")
    own = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **own)
    given = ("--term", "2026-2029", "--label")
    aftale("open", "vendsyssel", *given, "plan", "--regime", "local-health-plan", code=0, **own)
    aftale("open", "midtjylland", *given, "2027-2031", "--regime", "bek-1248-2022", code=0, **own)
    lost = "regime local-health-plan is not in the calendars"
    asked = (
        ("status",), ("status", "nordjylland/vendsyssel-plan"), ("deadlines",),
        ("why", "nordjylland/vendsyssel-plan", "submission"),
        ("ready", "nordjylland/vendsyssel-plan"), ("tick",), ("daemon",),
        ("record", "nordjylland/vendsyssel-plan", "meeting-held", "--on", "2026-11-02", "--about", "ssu"),
        ("status", "nordjylland/vendsyssel-plan", "--as-of", "2027-06-01"),
    )  # fmt: skip
    for command in asked:
        said = aftale(*command, code=78)
        assert lost in said.err, command
        assert "local-health-plan.toml" in said.err, command
    assert lost in aftale("check", code=78).out
    assert lost in aftale("doctor", code=78).out
    assert "midtjylland/2027-2031" in aftale("status", code=78).out
    assert "1. juli 2027" not in aftale("status", "nordjylland/vendsyssel-plan", code=78).out
    aftale("status", code=0, **own)


def test_a_regime_that_no_longer_names_the_term_stops_the_agreement_too(
    engine: Engine, old: Rulebook, tmp_path: Path
) -> None:
    with writing(engine) as session:
        session.execute(
            update(AgreementRow).where(AgreementRow.label == "2027-2031").values(regime="bek-679-2018")
        )  # type: ignore[arg-type]
    with pytest.raises(Unworkable, match="regime bek-679-2018 does not govern the term 2026-2029"):
        find_standing(engine, old, "nordjylland/2027-2031", AT.date())


def test_the_commands_list_try_and_answer_and_keep_it_over_backup_and_restore(
    nine: Aftale, tmp_path: Path
) -> None:
    edited(tmp_path / "calendars", *LATER)
    own = {"AFTALE_CALENDARS": str(tmp_path / "calendars")}
    key, other = "nordjylland/2024-2027", "midtjylland/2024-2027"
    then = nine("why", key, "sst-decision", "--as-of", "2024-02-20", code=0).out
    listed = nine("rules", "pending", "--json", code=0, **own).json()
    assert len(listed["waiting"]) == 9
    assert "torsdag den 31. december 2026" in nine("rules", "pending", code=0, **own).out
    assert "name agreements" in nine("rules", "accept", "--ground", GROUND, code=2, **own).err
    accepted = ("rules", "accept", "--agreement", other, "--by", BY, "--ground", GROUND)
    assert "intet er registreret" in nine(*accepted, "--dry-run", code=0, **own).err
    [done] = nine(*accepted, "--json", code=0, **own).json()
    assert {"id": "midterm-order", "subject": "", "title": "Midtvejsstatus udarbejdet (bekendtgørelsen)",
            "from": "2025-12-19", "to": "2026-12-19"} in done["dates"]  # fmt: skip
    nine("rules", "decline", "--all", "--by", BY, "--source", "BEK 999/2026 § 5, stk. 2", code=0, **own)
    nine("tick", code=0, **own)
    nine("backup", str(tmp_path / "kopi.db"), code=0, **own)
    fresh = {"AFTALE_DATA_DIR": str(tmp_path / "elsewhere")} | own
    (tmp_path / "elsewhere").mkdir()
    nine("restore", str(tmp_path / "kopi.db"), code=0, **fresh)
    for env in (own, fresh):
        assert "ingen nye regler" in nine("rules", "pending", code=0, **env).err
        assert nine("why", key, "sst-decision", "--as-of", "2024-02-20", code=0, **env).out == then
        assert "Nye regler" not in nine("alarm", "list", code=0, **env).out
        found = {one["agreement"]: one["status"] for one in nine("deadlines", "--json", code=0, **env).json()
                 if one["id"] == "midterm-order"}  # fmt: skip
        assert (found[other], found["sjaelland/2024-2027"]) != (None, None)
        told_of = nine("journal", key, code=0, **env).out.splitlines()[-1]
        assert "rules-declined" in told_of
        assert BY in told_of


def test_a_subscribed_calendar_counts_the_date_that_new_rules_moved(
    engine: Engine, old: Rulebook, new: Rulebook
) -> None:
    """RFC 5545: a client takes an entry only when its SEQUENCE has grown."""
    made, _ = add_feed(engine, old, region="midtjylland", body="", name="", by=BY, at=AT)

    def of_the_midterm(book: Rulebook) -> dict[str, str]:
        written = write_feed(engine, book, made, today=AT.date(), instance="x").decode()
        (found,) = [
            one for one in written.split("BEGIN:VEVENT") if "midterm-order" in one and "2024-2027" in one
        ]
        return dict(line.split(":", 1) for line in found.split("\r\n") if ":" in line)

    before, others = of_the_midterm(old), write_feed(engine, old, made, today=AT.date(), instance="x")
    assert write_feed(engine, new, made, today=AT.date(), instance="x") == others, "not taken on yet"
    accept(engine, new, ["midtjylland/2024-2027"], BY, GROUND, AT)
    after = of_the_midterm(new)
    day = "DTSTART;VALUE=DATE"
    assert (before[day], after[day]) == ("20251219", "20261219")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["UID"] == before["UID"]


@pytest.mark.parametrize(
    ("file", "old_words", "new_words", "stops"),
    [
        ("letters.toml", '"meeting-body"', '"meeting-cluster"', False),
        ("whatif.toml", "", "", False),
        ("regimes/bek-1248-2022.toml", 'from = "submitted"', 'from = "posted"', True),
    ],
)
def test_a_kept_set_in_older_words_gives_its_own_dates_and_stops_where_they_are_law(
    engine: Engine, old: Rulebook, new: Rulebook, file: str, old_words: str, new_words: str, stops: bool
) -> None:
    """What a later program no longer knows of practice it takes from the calendars; of law it takes nothing."""
    key, files = "midtjylland/2024-2027", dict(new.files)
    if old_words:
        assert old_words in files[file].decode()
        files[file] = files[file].decode().replace(old_words, new_words).encode()
    else:
        del files[file]
    digest = digest_of(files)
    fact = Fact(0, "rules-accepted", AT.date(), source=GROUND, by=BY, known_on=AT.date(), about=digest)
    with writing(engine) as session:
        text = json.dumps({name: content.decode() for name, content in files.items()})
        session.add(RuleSet(digest=digest, files=text, kept_at=AT))
        row = journal.find(session, key, lock=True)
        journal.append(session, row, fact, AT)
        journal.store_state(session, row, row.stamp)
    if stops:
        with pytest.raises(Unworkable, match="bek-1248-2022"):
            find_standing(engine, old, key, AT.date())
        return
    found = find_standing(engine, old, key, AT.date())
    assert found.deadline("midterm-order").legal_on == date(2026, 12, 19)  # type: ignore[union-attr]
    assert found.rules.digest == digest
