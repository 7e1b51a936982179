"""What the law does not allow is refused with its reason, and the journal is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, event

from tests.story.living import danish, post, rules, told_keys
from workflow.errors import Invalid, NotPossible, Refused
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import Recorded, open_agreement, record
from workflow.services.planning.reminders import plan
from workflow.storage.database import connect, reading
from workflow.storage.facts import journal, projection

KEY = "nordjylland/2024-2027"
OLD = "syddanmark/2019-2023"
COUNCILS = [party.code for party in rules().parties("nordjylland", date(2023, 6, 1))]
LATE = date(2026, 11, 21)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """Nordjylland 2024-2027 (BEK 1248/2022) and Syddanmark 2019-2023 (BEK 679/2018), both just opened."""
    opened = connect(sqlite_url)
    for region, term, label, on in (
        ("nordjylland", "2022-2025", "2024-2027", date(2022, 10, 3)),
        ("syddanmark", "2018-2021", "2019-2023", date(2018, 9, 3)),
    ):
        open_agreement(
            opened, rules(), Fact(0, "opened", on), region=region, term=term, label=label, at=danish(on, 9)
        )
    yield opened
    opened.dispose()


def tell(
    engine: Engine, what: str, on: str, key: str = KEY, confirmed: bool = True, **more: object
) -> Recorded:
    fact = Fact(0, what, date.fromisoformat(on), source="Brev", by="test", **more)  # type: ignore[arg-type]
    at = danish(min(fact.on, LATE), 9)  # typed in on its day
    return record(engine, rules(), key, fact, today=LATE, at=at, confirmed=confirmed)


def sent(engine: Engine, *approving: str, version: int = 1, on: str = "2023-10-02") -> None:
    tell(engine, "sent-for-approval", on, version=version)
    for code in approving:
        tell(engine, "council-approved", "2023-11-27", version=version, council=code)


def submitted(engine: Engine) -> None:
    sent(engine, *COUNCILS)
    tell(engine, "submitted", "2023-12-15")


def refused(engine: Engine, kind: type[Refused], what: str, on: str, key: str = KEY, **more: object) -> str:
    """The refusal's words, after making sure that nothing changed."""
    before = _everything(engine, key)
    with pytest.raises(kind) as caught:
        tell(engine, what, on, key, confirmed=False, **more)
    assert _everything(engine, key) == before
    return str(caught.value)


def _everything(engine: Engine, key: str) -> tuple[object, ...]:
    with reading(engine) as session:
        row = journal.find(session, key)
        assert journal.verify(session, row) is None
        return (*journal.facts(session, row), row.stamp, row.head, row.fact_count, row.version_state)


def test_an_approval_of_a_version_that_was_not_sent(engine: Engine) -> None:
    sent(engine)
    said = refused(engine, NotPossible, "council-approved", "2023-11-27", version=2, council="0851")
    assert "version 2 er ikke sendt" in said


def test_an_approval_of_a_version_that_was_replaced(engine: Engine) -> None:
    sent(engine, "0851")
    sent(engine, version=2, on="2023-12-01")
    said = refused(engine, NotPossible, "council-approved", "2023-12-04", version=1, council="0860")
    assert "erstattet af version 2" in said
    assert "SUL § 205, stk. 1" in said


def test_an_approval_by_a_council_of_another_region(engine: Engine) -> None:
    sent(engine)
    said = refused(engine, NotPossible, "council-approved", "2023-11-27", council="0751")
    assert "0751" in said
    assert "0851 Aalborg Kommune" in said  # who could


@pytest.mark.fault("F63")
def test_an_approval_that_was_given_already(engine: Engine) -> None:
    sent(engine, "0851")
    said = refused(engine, NotPossible, "council-approved", "2023-11-28", council="0851")
    assert "Aalborg Kommune" in said
    assert "'godkendt'" in said


@pytest.mark.fault("F62")
def test_an_approval_after_the_submission(engine: Engine) -> None:
    submitted(engine)
    said = refused(engine, NotPossible, "council-rejected", "2023-12-20", council="0851")
    assert "ændres ikke efter indsendelsen" in said


def test_a_submission_names_every_council_that_is_missing(engine: Engine) -> None:
    sent(engine, *(code for code in COUNCILS if code not in ("0825", "1081")))
    said = refused(engine, NotPossible, "submitted", "2023-12-15")
    assert "Læsø Kommune" in said
    assert "Region Nordjylland" in said
    assert "Aalborg" not in said
    assert "SUL § 205, stk. 1" in said


def test_a_submission_of_a_text_that_one_council_turned_down(engine: Engine) -> None:
    sent(engine, *COUNCILS[:-1])
    tell(engine, "council-rejected", "2023-11-28", council=COUNCILS[-1])
    assert "Hjørring Kommune" in refused(engine, NotPossible, "submitted", "2023-12-15")


def test_a_refusal_by_the_authority_without_the_date_it_must_name(engine: Engine) -> None:
    """BEK 1248/2022 § 21, stk. 4 (O-45)."""
    submitted(engine)
    said = refused(engine, NotPossible, "sst-refused", "2024-02-14")
    assert "--due" in said and "§ 21, stk. 4" in said and "--confirm" in said


def test_a_date_to_come_that_has_passed(engine: Engine) -> None:
    submitted(engine)
    said = refused(engine, Invalid, "sst-refused", "2024-02-14", due=date(2024, 2, 1))
    assert "torsdag den 1. februar 2024" in said


def test_a_departure_from_the_date_under_rules_that_know_none(engine: Engine) -> None:
    """Only BEK 1248/2022 § 21, stk. 5 lets the authority depart from the date (O-36)."""
    said = refused(engine, NotPossible, "deviation", "2019-05-01", key=OLD, due=date(2020, 1, 1))
    assert "BEK 679/2018" in said


def test_a_final_status_before_the_midterm_status_it_must_contain(engine: Engine) -> None:
    submitted(engine)
    said = refused(engine, NotPossible, "final-sent", "2026-10-01")
    assert "midterm-sent" in said
    assert "VEJ 9008/2024 afsnit 6" in said


def test_a_status_of_an_agreement_that_was_never_concluded(engine: Engine) -> None:
    sent(engine, *COUNCILS)
    assert "ikke indgået" in refused(engine, NotPossible, "midterm-sent", "2025-12-10")


def test_a_correction_that_would_leave_a_later_fact_without_its_ground(engine: Engine) -> None:
    sent(engine)
    approval = tell(engine, "council-approved", "2023-11-27", council="0851").fact.no
    for code in COUNCILS:
        if code != "0851":
            tell(engine, "council-approved", "2023-11-28", council=code)
    submitted = tell(engine, "submitted", "2023-12-15").fact.no
    said = refused(engine, NotPossible, "correction", "2023-12-16", corrects=approval)
    assert "Aalborg Kommune" in said
    assert (
        f"nr. {submitted}, submitted 15. december 2023" in said
        and f"correction --corrects {submitted}" in said
    )


def test_a_correction_without_its_reason(engine: Engine) -> None:
    sent(engine, "0851")
    before = _everything(engine, KEY)
    with pytest.raises(Invalid, match="hvorfor linjen er forkert"):
        fact = Fact(0, "correction", date(2023, 11, 28), council="0851")
        record(engine, rules(), KEY, fact, today=LATE, at=danish(LATE, 9))
    assert _everything(engine, KEY) == before


def test_a_year_that_must_be_a_slip_of_the_pen(engine: Engine) -> None:
    assert "er årstallet rigtigt?" in refused(engine, Invalid, "sent-for-approval", "2203-10-02")


def test_a_correction_takes_back_a_wrong_approval_and_the_right_one_can_follow(engine: Engine) -> None:
    sent(engine, "0851")
    tell(engine, "correction", "2023-11-28", council="0851")
    standing = tell(engine, "council-approved", "2023-12-04", council="0851").after
    assert standing.course.current is not None
    assert standing.course.current.decided_on["0851"] == date(2023, 12, 4)


def test_what_was_corrected_before_the_morning_is_not_announced(engine: Engine) -> None:
    tell(engine, "sent-for-approval", "2023-10-02", version=1)
    tell(engine, "correction", "2023-10-02", version=1)
    plan(engine, rules(), danish(date(2023, 10, 3), 8))
    post(engine)
    assert not [key for key in told_keys(engine) if "|sent-for-approval|" in key]


@pytest.mark.fault("F64")
def test_the_projection_shows_no_trace_of_a_refused_fact(engine: Engine) -> None:
    sent(engine)
    refused(engine, NotPossible, "submitted", "2023-12-15")
    with reading(engine) as session:
        row = journal.find(session, KEY)
        standing = projection.stand(rules(), row, journal.facts(session, row), LATE)
    submission = standing.deadline("submission")
    assert submission is not None
    assert submission.met_on is None


@pytest.mark.fault("F64")
def test_an_error_in_the_middle_of_a_record_leaves_nothing_behind(engine: Engine) -> None:
    sent(engine)
    before = _everything(engine, KEY)

    def fail(*called: object) -> None:
        if str(called[2]).startswith(
            "UPDATE agreement"
        ):  # the fact is in the journal, its agreement not yet moved
            raise RuntimeError("a guard raised")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="a guard raised"):
        tell(engine, "council-approved", "2023-11-27", version=1, council=COUNCILS[0])
    event.remove(engine, "before_cursor_execute", fail)
    assert _everything(engine, KEY) == before
    tell(engine, "council-approved", "2023-11-27", version=1, council=COUNCILS[0])


@pytest.mark.parametrize(
    ("event", "on", "more", "said"),
    [
        (
            "consultation-closed",
            "2023-10-02",
            {},
            "version 1 er ikke i høring mandag den 2. oktober 2023; registrér først consult",
        ),
        (
            "withdrawn",
            "2023-10-01",
            {},
            "version 1 er ikke begyndt søndag den 1. oktober 2023; registrér først drafting-opened",
        ),
        (
            "submitted",
            "2023-10-01",
            {},
            "version 1 er ikke sendt til godkendelse søndag den 1. oktober 2023; registrér først sent",
        ),
        ("shared", "2023-10-02", {"about": "midterm"}, "midtvejsstatus er 'planlagt'"),
    ],
)
def test_a_refusal_says_what_is_truly_missing(
    engine: Engine, event: str, on: str, more: dict[str, str], said: str
) -> None:
    sent(engine)
    assert said in refused(engine, NotPossible, event, on, **more)
