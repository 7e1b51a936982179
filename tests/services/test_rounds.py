"""A round's file is imported whole or not at all, in the order things happened, and once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.story.living import ROOT, danish, rules
from workflow.errors import Invalid, NotPossible, Refused
from workflow.services.people.contacts.contacts import coverage, list_contacts
from workflow.services.rounds.demo import Demo, demo
from workflow.services.rounds.importing import import_round
from workflow.services.rounds.roundreport import RoundReport
from workflow.services.views.status import workable
from workflow.storage.database import connect, reading
from workflow.storage.facts import documents, journal
from workflow.storage.facts.documents import Attached
from workflow.storage.tables import AgreementRow

TODAY = date(2026, 11, 21)
KEY = "nordjylland/2024-2027"
HEAD = '[[agreement]]\nregion = "nordjylland"\nterm = "2022-2025"\nlabel = "2024-2027"\n'
ROUND = (  # typed backwards on purpose
    HEAD + "effective = 2024-01-01\n"
    '[[agreement.fact]]\nevent = "submitted"\non = 2023-12-15\n'
    '[[agreement.fact]]\nevent = "council-approved"\non = 2023-11-27\ncouncils = "all"\nby = "rådene"\n'
    '[[agreement.fact]]\nevent = "sent-for-approval"\non = 2023-10-02\nversion = 1\n'
)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = connect(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "round.toml"


def bring_in(engine: Engine, file: Path, content: str, dry_run: bool = False) -> RoundReport:
    file.write_text(content, encoding="utf-8")
    return import_round(engine, rules(), file, today=TODAY, at=danish(TODAY, 9), by="test", dry_run=dry_run)


def number_of_agreements(engine: Engine) -> int:
    return len(workable(engine, rules(), TODAY)[0])


def test_facts_are_recorded_in_the_order_they_happened(engine: Engine, file: Path) -> None:
    report = bring_in(engine, file, ROUND)
    assert report.summary() == "1 agreements opened, 14 facts"
    with reading(engine) as session:
        row = journal.find(session, KEY)
        facts = journal.facts(session, row)
        assert journal.verify(session, row) is None
    events = [fact.event for fact in facts]
    assert events == ["opened", "effective", "sent-for-approval", *["council-approved"] * 12, "submitted"]
    assert {fact.by for fact in facts if fact.event == "council-approved"} == {"rådene"}
    assert facts[-1].by == "test"


def test_the_file_that_a_fact_names_is_kept_with_it_and_nothing_is_taken_without_it(
    engine: Engine, file: Path
) -> None:
    round_ = ROUND.replace(
        'event = "sent-for-approval"', 'event = "sent-for-approval"\ndocument = "tekster/aftale.txt"', 1
    )
    (file.parent / "tekster").mkdir()
    (file.parent / "tekster" / "aftale.txt").write_bytes(b"Aftalens tekst")
    with pytest.raises(
        Invalid, match=r"filen tekster/aftale\.txt er ikke fulgt med; læs runden ind med »aftale import«"
    ):
        bring_in(engine, file, round_)
    assert number_of_agreements(engine) == 0

    import_round(
        engine, rules(), file, today=TODAY, at=danish(TODAY, 9), by="test",
        attach=lambda path: Attached(path.name, path.read_bytes()),
    )  # fmt: skip

    with reading(engine) as session:
        [sent] = [fact for fact in journal.facts(session, journal.find(session, KEY)) if fact.document]
        assert sent.event == "sent-for-approval"
        assert documents.read(session, sent.document).content == b"Aftalens tekst"


def test_a_second_import_records_only_what_is_new(engine: Engine, file: Path) -> None:
    bring_in(engine, file, ROUND)
    more = ROUND + '[[agreement.fact]]\nevent = "received"\non = 2023-12-22\n'
    report = bring_in(engine, file, more)
    assert [fact.event for _, fact in report.recorded] == ["received"]
    assert (report.opened, len(report.already)) == ([], 15)  # fourteen facts, and the date it takes effect
    assert report.as_json()["already_there"][0]["event"] == "effective"


def test_a_dry_run_says_what_would_be_and_changes_nothing(engine: Engine, file: Path) -> None:
    report = bring_in(engine, file, ROUND, dry_run=True)
    assert (report.dry_run, report.opened, len(report.recorded)) == (True, [KEY], 14)
    assert number_of_agreements(engine) == 0
    bring_in(engine, file, ROUND)
    assert number_of_agreements(engine) == 1


def test_one_refused_fact_refuses_the_whole_file_and_is_named(engine: Engine, file: Path) -> None:
    other = HEAD.replace("nordjylland", "midtjylland")
    wrong = '[[agreement.fact]]\nevent = "received"\non = 2024-01-02\n'
    with pytest.raises(NotPossible) as caught:
        bring_in(engine, file, ROUND + other + wrong)
    assert "round.toml: agreement 2 (midtjylland/2024-2027), fact 1 (received 2024-01-02)" in str(
        caught.value
    )
    assert number_of_agreements(engine) == 0


def test_a_correction_stands_where_the_file_puts_it(engine: Engine, file: Path) -> None:
    sent = '[[agreement.fact]]\nevent = "sent-for-approval"\non = 2023-10-02\n'
    wrong = '[[agreement.fact]]\nevent = "council-approved"\non = 2023-10-30\ncouncil = "0851"\n'
    undone = (
        '[[agreement.fact]]\nevent = "correction"\non = 2023-12-20\nversion = 1\nsource = "forkert dag"\n'
    )
    right = wrong.replace("2023-10-30", "2023-11-27")
    bring_in(engine, file, HEAD + right.replace("0851", "0860") + wrong + sent)
    content = HEAD + sent + wrong + undone.replace("version = 1", "corrects = 4") + right
    with pytest.raises(Refused):  # the fourth fact is Hjørring's approval, so Aalborg's is still there
        bring_in(engine, file, content)
    report = bring_in(engine, file, content.replace("corrects = 4", "corrects = 3"))
    assert [fact.event for _, fact in report.recorded] == ["correction", "council-approved"]
    assert bring_in(engine, file, content.replace("corrects = 4", "corrects = 3")).recorded == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "key agreement"),
        (HEAD + "colour = 1\n", "agreement 1, key colour"),
        (HEAD + '[[agreement.fact]]\nevent = "submitted"\non = "2023-12-15"\n', "agreement 1, fact 1, key on"),
        (HEAD + '[[agreement.fact]]\nevent = "submitted"\n', "agreement 1, fact 1, key on"),
        (HEAD + '[[agreement.fact]]\nevent = "submitted"\non = 2023-12-15T08:00:00\n', "fact 1, key on"),
        (HEAD + '[[agreement.fact]]\nevent = "submitted"\non = 2023-12-15\nversion = "1"\n', "fact 1, key version"),
        (HEAD + '[[agreement.fact]]\nevent = "x"\non = 2023-12-15\ncouncils = "some"\n', "fact 1, key councils"),
        (HEAD + '[[agreement.fact]]\nevent = "x"\non = 2023-12-15\ncouncil = "0851"\ncouncils = "all"\n', "not both"),
        (HEAD + '[[agreement.fact]]\nevent = "x"\non = 2023-12-15\n', "(x 2023-12-15): hændelsen 'x' findes ikke"),
        (HEAD + HEAD, "nordjylland/2024-2027 stands twice"),
        (HEAD + 'label = "2"\n', "not TOML"),
        (HEAD.replace("nordjylland", "jylland"), "agreement 1 (jylland/2024-2027): no region 'jylland'"),
        (HEAD.replace("2022-2025", "2023-2026"), "valgperioden '2023-2026' kendes ikke"),
        (HEAD + "nominal_end = 2028-01-01\n", "kræver sin kilde"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_entry_and_key(
    engine: Engine, file: Path, content: str, says: str
) -> None:
    with pytest.raises(Refused) as caught:
        bring_in(engine, file, content)
    assert str(file) in str(caught.value)
    assert says in str(caught.value)
    assert number_of_agreements(engine) == 0


def test_an_agreement_open_for_another_term_is_not_mixed_up(engine: Engine, file: Path) -> None:
    bring_in(engine, file, HEAD)
    with pytest.raises(Invalid, match="åbnet for valgperioden 2022-2025, ikke 2026-2029"):
        bring_in(engine, file, HEAD.replace("2022-2025", "2026-2029"))


def test_a_file_that_is_not_there_is_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="missing"):
        import_round(engine, rules(), tmp_path / "missing.toml", today=TODAY, at=danish(TODAY, 9), by="test")


def test_the_demo_holds_the_real_agreements_and_a_mailbox_for_every_body(engine: Engine) -> None:
    filled = demo(engine, rules(), today=TODAY, at=danish(TODAY, 9))
    assert filled == Demo(agreements=12, contacts=6 * 5 + 22 + 98 + 6)
    assert coverage(engine, rules(), TODAY) == []
    contacts = list_contacts(engine, rules())
    assert all(contact.email.endswith(".example") and contact.email.isascii() for contact in contacts)
    states = {s.agreement.key: s for s in workable(engine, rules(), TODAY)[0]}
    assert states["hovedstaden/2024-2027"].course.versions[0].state == "superseded"
    receipt = states["sjaelland/2024-2027"].deadline("sst-decision")
    assert receipt is not None
    assert (receipt.legal_on, receipt.status) == (date(2024, 2, 13), "met")  # 56 days from the sending
    overdue = {key: [d.id for d in s.deadlines if d.status == "overdue"] for key, s in states.items()}
    assert {key: found for key, found in overdue.items() if found} == {
        "midtjylland/2024-2027": ["midterm-order", "midterm-guidance"]
    }
    with reading(engine) as session:
        kept = {row.key: (row.regime, row.version_state) for row in session.scalars(select(AgreementRow))}
    assert kept["nordjylland/2026-2029"][1] == "awaited"
    assert all(state in rules().tables_of(regime).version.states for regime, state in kept.values())
    assert demo(engine, rules(), today=TODAY, at=danish(TODAY, 9)) == Demo(0, 0)  # twice is once


def test_the_demo_tells_the_departure_from_the_date_as_the_rulebook_has_it() -> None:
    content = tomllib.loads((ROOT / "calendars" / "demo" / "agreements.toml").read_text(encoding="utf-8"))
    (rule,) = rules().deviations
    told = {
        agreement["region"]: (fact["on"], fact["due"], fact["source"])
        for agreement in content["agreement"]
        for fact in agreement.get("fact", ())
        if fact["event"] == "deviation"
    }
    assert told == dict.fromkeys(rule.regions, (rule.known_on, rule.new_on, rule.source))
