"""The term 2022-2025 of all five regions, rehearsed: who is written to and when, and that nothing is forgotten."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.conftest import Aftale
from tests.story.living import rules
from tests.story.rehearsing import ROUND, stage
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact
from workflow.rules.story import in_order
from workflow.rules.timeline import Deadline, fold
from workflow.services.rounds.ledger import Day, Mail
from workflow.services.rounds.rehearsal import rehearse
from workflow.services.rounds.roundfile import AgreementEntry, FactEntry, read_round

# One worker lives the whole term once for every test that asks about it.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("rehearsal")]
FIRST, LAST = date(2022, 9, 12), date(2026, 11, 21)
FROM_TO = ("--from", str(FIRST), "--to", str(LAST), "--round", str(ROUND))
ENTRIES = read_round(ROUND)
LEARNT_ON, TOLD_ON = date(2026, 11, 24), date(2026, 11, 25)
QUIET = (28, 29, 30)
NOT_CALLED_FOR = {
    "countdown": "every duty of a health agreement has a letter of its own",
    "due": "every duty of a health agreement has a letter of its own",
    "overdue": "every duty of a health agreement has a letter of its own",
    "answer-due": "every duty of a health agreement has a letter of its own",
    "met": "every duty of a health agreement has a letter of its own",
    "submission-overdue": "every region submitted in time",
    "sst-clock-passed": "the Health Authority answered every region within eight weeks",
    "sst-silent": "silence approves no agreement under BEK 1248/2022",
    "refusal-discussed": "no agreement was refused",
    "sst-refused": "no agreement was refused",
    "resubmission-countdown": "no agreement was refused",
    "submission-withdrawn": "no agreement was taken back",
    "council-late": "every council answered within a month of the agreed day",
    "council-silent": "every council answered within a month of the agreed day",
    "hold-over": "the agreements run to the end of 2027",
    "drafting-start": "a year before 1 July 2023 the order that asks for the agreement did not exist",
    "nominal-end-missing": "every agreement says when it ends",
    "council-meeting": "no council told its meeting day in advance",
    "council-agenda": "no council told its meeting day in advance",
    "council-calendar": "nobody keeps the councils' calendars",
    "council-day-gone": "nobody keeps the councils' calendars",
    "mistake-taken-back": "nothing that was told is corrected",
    "regime-retracted": "the end is not taken back",
    "reading-signed": "nobody signed a reading",
    "contacts-confirm": "nobody asked the bodies which mailbox is theirs",
    "decision-reported": "every decision was recorded by the secretariat",
    "decision-confirmed": "every decision was recorded by the secretariat",
    "decision-returned": "every decision was recorded by the secretariat",
}


class Text(SingleFileSnapshotExtension):
    """A ledger as a file of its own, so that it can be read."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture(scope="module")
def days() -> list[Day]:
    """All five regions, lived once for all the tests that ask about them."""
    return asyncio.run(rehearse(stage(), FIRST, LAST, rounds=ENTRIES))


@pytest.fixture(scope="module")
def ending() -> list[Day]:
    """One region whose secretariat learns ten months afterwards that the rules have ended: it counts from the next
    morning, so that a slip can be taken back before anybody hears of it."""
    [entry] = [entry for entry in ENTRIES if entry.region == "nordjylland"]
    confirmed = FactEntry(
        event="regime-confirmed", on=LEARNT_ON, due=date(2026, 1, 1), source="L719 § 24, stk. 2"
    )
    lived = entry.model_copy(update={"fact": [*entry.fact, confirmed]})
    return asyncio.run(rehearse(stage(), date(2026, 11, 2), date(2027, 4, 30), rounds=[lived]))


def mails(days: Iterable[Day]) -> Iterator[tuple[date, Mail]]:
    return ((day.on, mail) for day in days for mail in day.mails)


def told(days: Iterable[Day]) -> set[tuple[date, str]]:
    """(day, key) of every notice told."""
    return {(on, key) for on, mail in mails(days) for key in mail.keys}


def test_no_mailbox_gets_two_mails_a_day_of_what_can_wait(days: list[Day]) -> None:
    found = Counter((on, mail.to) for on, mail in mails(days) if not mail.statutory)
    assert len(found) > 1000
    assert [one for one, times in found.items() if times > 1] == []


def test_what_can_wait_goes_on_business_days_outside_july_only(days: list[Day]) -> None:
    sent_on = {on for on, mail in mails(days) if not mail.statutory}
    assert [on for on in sent_on if rules().days.why_closed(on)] == []
    assert [on for on in sent_on if on.isocalendar().week in QUIET] == []
    assert any(rules().days.why_closed(day.on) for day in days if day.happened)  # the story has such days


def test_no_notice_is_told_twice_and_nothing_raised_an_alarm(days: list[Day]) -> None:
    found = Counter(key for _, mail in mails(days) for key in mail.keys)
    assert [key for key, times in found.items() if times > 1] == []
    assert [day.alarms for day in days if day.alarms] == []


def test_every_letter_that_the_story_calls_for_is_sent(days: list[Day], ending: list[Day]) -> None:
    sent = {key.split("|")[-3] for _, key in told([*days, *ending])}
    assert sent == {letter.name for letter in rules().letters} - set(NOT_CALLED_FOR)


def test_an_end_learnt_afterwards_is_told_to_everybody_the_next_morning_and_ends_the_letters(
    ending: list[Day],
) -> None:
    notices = [(on, key) for on, key in told(ending) if "|regime-ended|" in key]
    assert {on for on, _ in notices} == {TOLD_ON}
    functions = Counter(key.split("/")[-1] for _, key in notices)
    assert functions == {"secretariat-region": 1, "secretariat-municipal": 1, "council": 12}
    after = {tuple(key.split("|")[1:3]) for on, key in told(ending) if on > TOLD_ON}
    assert after <= {("meetings", "piu@2026"), ("rosters", "piu")}, (
        "the patients' committee sits and meets in 2026 by BEK 1615/2025, and nothing else is asked for"
    )
    assert [day.alarms for day in ending if day.alarms] == []


def facts_of(entry: AgreementEntry) -> list[Fact]:
    facts = [
        Fact(0, "effective", FIRST, due=entry.effective),
        Fact(0, "nominal-end", FIRST, due=entry.nominal_end),
    ]
    for said in entry.fact:
        for council in said.councils or [said.council]:
            facts.append(
                Fact(
                    0,
                    said.event,
                    said.on,
                    said.version,
                    council,
                    said.due,
                    about=said.about,
                    known_on=said.on,
                )
            )
    return [
        Fact(no, f.event, f.on, f.version, f.council, f.due, known_on=f.known_on, about=f.about)
        for no, f in enumerate(in_order(facts), 1)
    ]


def agreement_of(entry: AgreementEntry) -> Agreement:
    return rules().agreement(entry.region, entry.label, entry.term, FIRST)


LADDERS = [  # letters whose rungs before the date depend on nothing but the date
    ("submission-countdown", ("submission",), ("secretariat-region", "secretariat-municipal", "council")),
    ("sst-clock-running", ("sst-decision",), ("secretariat-region", "secretariat-municipal", "council")),
    ("annual-review", ("annual-review",), ("secretariat-region", "secretariat-municipal")),
    ("midterm-due", ("midterm-order", "midterm-guidance"), ("secretariat-region", "secretariat-municipal")),
    ("final-due", ("final-order", "final-guidance"), ("secretariat-region", "secretariat-municipal")),
]


def working_day(day: date) -> date:
    while rules().days.why_closed(day) or day.isocalendar().week in QUIET:
        day -= timedelta(days=1)
    return day


@pytest.mark.parametrize(("letter", "ids", "functions"), LADDERS, ids=[letter for letter, *_ in LADDERS])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.region))
def test_no_deadline_passes_without_its_ladder_having_run(
    days: list[Day], entry: AgreementEntry, letter: str, ids: tuple[str, ...], functions: tuple[str, ...]
) -> None:
    """Counted again by hand: of every date that stood, each rung that came before it was met or moved was told, on
    its own day, to everybody it is for. Of two formulas the earlier leads; a rung before the date was known is none."""
    [rule] = [rule for rule in rules().letters if rule.name == letter]
    sent = told(days)
    for dates in stood(entry, ids):
        leading = min(dates, key=lambda d: (d.legal_on or date.max, d.id))
        assert leading.aim_on
        for offset in (at for at in rule.at if at < 0):
            on = working_day(leading.aim_on + timedelta(days=offset))
            if not until(entry, leading, on):
                continue
            for function in functions:
                body = agreement_of(entry).parties[0].code if function == "council" else entry.region
                stem = f"{entry.key}|{leading.id}|{leading.subject}|r{leading.revision}@{leading.legal_on}"
                key = f"{stem}|{letter}|{offset:+d}d|{body}/{function}"
                assert (on, key) in sent, f"{on} {key}"


def stood(entry: AgreementEntry, ids: tuple[str, ...]) -> list[list[Deadline]]:
    """The dates of these rules as they stood before and after the authority moved one, by subject."""
    found: dict[tuple[str, int], list[Deadline]] = {}
    for as_of in (date(2023, 6, 27), date(2024, 2, 1), LAST):
        for deadline in fold(agreement_of(entry), facts_of(entry), rules().law, as_of):
            if deadline.id in ids and deadline.legal_on and deadline.legal_on <= date(2027, 6, 30):
                group = found.setdefault((deadline.subject, deadline.revision), [])
                if deadline.id not in {other.id for other in group}:
                    group.append(deadline)
    return list(found.values())


def until(entry: AgreementEntry, deadline: Deadline, on: date) -> bool:
    """Whether the rung of ``on`` was still owed that morning: the date was known, and neither moved nor met."""
    known = [fact for fact in facts_of(entry) if fact.known_by(on)]
    [now] = [
        d
        for d in fold(agreement_of(entry), known, rules().law, on)
        if (d.id, d.subject) == (deadline.id, deadline.subject)
    ] or [None]
    stands = now is not None and now.legal_on == deadline.legal_on and now.status in ("upcoming", "overdue")
    return stands and FIRST <= on <= LAST and (deadline.since is None or on >= deadline.since)


def test_the_counts_of_all_regions_are_these(days: list[Day], snapshot: SnapshotAssertion) -> None:
    """Notices a region and letter, and the mails that told them."""
    notices = Counter((key.split("/")[0], key.split("|")[-3]) for _, key in told(days))
    lines = [f"{region:<12} {letter:<22} {count:>4}" for (region, letter), count in sorted(notices.items())]
    sent = Counter(mail.keys[0].split("/")[0] for _, mail in mails(days))
    lines += [f"{region:<12} {'mails':<22} {count:>4}" for region, count in sorted(sent.items())]
    assert "\n".join(lines) + "\n" == snapshot.use_extension(Text)


def test_one_region_rehearsed_twice_is_the_same_byte_for_byte_and_this_is_its_ledger(
    aftale: Aftale, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    for out in ("one", "two"):
        ran = aftale("rehearse", *FROM_TO, "--region", "nordjylland", "--out", str(tmp_path / out), code=0)
        assert ran.out == ""
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / out).iterdir()} for out in ("one", "two")
    )
    assert one == two
    ledger = one.pop("ledger.txt").decode()
    assert ledger == snapshot.use_extension(Text)
    assert f"{len(one)} mails" in ran.err
    assert all(name.endswith(".eml") for name in one)


def test_a_day_passed_over_is_a_day_on_which_nothing_would_have_happened() -> None:
    last = date(2024, 3, 31)
    lived = [
        asyncio.run(rehearse(stage(), FIRST, last, rounds=ENTRIES, region="sjaelland", every_day=every))
        for every in (False, True)
    ]
    assert [list(day.lines()) for day in lived[0]] == [list(day.lines()) for day in lived[1]]
