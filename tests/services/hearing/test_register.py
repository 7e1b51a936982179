"""The register of a hearing: to the minute, with every remark as an item, late answers marked, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from tests.services.papers.reading import rows
from tests.story.living import danish, opened_in_2022, rules
from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.language import speaking
from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.hearing.entering import add_party, add_remark, decide, strike, take_answer
from workflow.services.hearing.note import as_text, became, note, outdated, publish
from workflow.services.hearing.register import Register, find_register
from workflow.services.hearing.replying import reply, reply_lines
from workflow.services.papers.docx import docx
from workflow.services.planning.reminders import plan
from workflow.services.views.status import find_standing
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, broken_act
from workflow.storage.facts.documents import Attached, forget_unused, read
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import Notice

KEY = "nordjylland/2024-2027"
OPENED, HEARD, CLOSES = date(2022, 11, 1), date(2023, 3, 1), date(2023, 4, 12)
NOW = datetime(2023, 5, 2, 9, 30, tzinfo=COPENHAGEN)
TODAY = NOW.date()
ANNE = "Anne Holm"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with opened_in_2022(sqlite_url) as opened:
        happens(opened, "consultation-opened", HEARD, due=CLOSES, time="12:00")
        yield opened


def happens(engine: Engine, event: str, on: date, **more: object) -> None:
    fact = Fact(0, event, on, source="prøve", by="prøve", known_on=on, **more)  # type: ignore[arg-type]
    record(engine, rules(), KEY, fact, today=on, at=danish(on, 9))


def seen(engine: Engine, on: date = TODAY) -> tuple[Standing, Register]:
    standing = find_standing(engine, rules(), KEY, on)
    return standing, find_register(engine, standing)


def answers(
    engine: Engine, party: str = "0851", on: date = CLOSES, clock: str = "11:42", **more: object
) -> int:
    return take_answer(engine, rules(), KEY, party, on, clock, ANNE, NOW, **more)  # type: ignore[arg-type]


def remarks(engine: Engine, text: str, party: str = "0851", **more: object) -> int:
    return add_remark(engine, rules(), KEY, party, text, ANNE, NOW, **more)  # type: ignore[arg-type]


def decides(engine: Engine, item: int, taken: bool, because: str = "") -> int:
    return decide(engine, rules(), KEY, item, taken, because, ANNE, NOW)


def test_those_that_our_letter_goes_to_are_parties_and_others_are_added(engine: Engine) -> None:
    number = add_party(
        engine, rules(), KEY, "Ældre Sagen  Aalborg", HEARD, ANNE, NOW, email="hoering@aeldre.example"
    )
    _, register = seen(engine)
    councils = [one.code for one in rules().parties("nordjylland", HEARD)]
    clusters = [one.id for one in rules().clusters_of("nordjylland", TODAY)]

    assert [one.id for one in register.parties] == [*councils, *clusters, "piu", f"p{number}"]
    added = register.parties[-1]
    assert (added.name, added.asked_on, added.email) == (
        "Ældre Sagen Aalborg",
        HEARD,
        "hoering@aeldre.example",
    )
    assert {one.told_at for one in register.parties} == {None}, (
        "no letter was handed over, and none is said to be"
    )
    assert len(register.silent) == len(register.parties)


@pytest.mark.parametrize(
    ("on", "clock", "late"),
    [
        (CLOSES, "11:59", False), (CLOSES, "12:00", False), (CLOSES, "12.01", True), (CLOSES, "12:01", True),
        (CLOSES + timedelta(days=1), "00:00", True), (HEARD, "09:00", False),
    ],
)  # fmt: skip
def test_an_answer_stands_to_the_minute_and_is_late_after_the_closing_minute(
    engine: Engine, on: date, clock: str, late: bool
) -> None:
    answers(engine, on=on, clock=clock)
    [answer] = seen(engine)[1].answers
    assert f"{answer.at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}" == f"{on} {clock.replace('.', ':')}"
    assert answer.late is late


def test_a_closed_hearing_takes_late_answers_with_a_mark(engine: Engine) -> None:
    happens(engine, "consultation-closed", CLOSES)
    answers(engine, on=TODAY, clock="08:00")
    standing, register = seen(engine)

    assert [one.late for one in register.answers] == [True]
    assert "kom efter høringens udløb" in as_text(note(standing, register))


def test_summer_and_winter_time_make_no_answer_late(engine: Engine) -> None:
    _, register = seen(engine)
    assert register.closes_at.isoformat() == "2023-04-12T10:00:00+00:00", "two hours ahead of UTC in summer"
    answers(engine, on=date(2023, 3, 24), clock="23:59")
    assert seen(engine)[1].answers[0].at.isoformat() == "2023-03-24T22:59:00+00:00", "one hour in winter"


@pytest.mark.parametrize(
    ("party", "on", "clock", "error", "says"),
    [
        ("0751", CLOSES, "11:42", NotFound, "ikke i høringen"),
        ("0851", date(2023, 2, 28), "11:42", Invalid, "åbnede først"),
        ("0851", TODAY, "09:31", Invalid, "ikke kommet endnu"),
        ("0851", CLOSES, "25:00", Invalid, "fx 11:42"),
        ("0851", CLOSES, "", Invalid, "fx 11:42"),
        ("0851", date(2023, 3, 26), "02:30", Invalid, "fandtes ikke"),
        ("0851", CLOSES, "11:42:10", Invalid, "timer og minutter"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_nothing_is_kept(
    engine: Engine, party: str, on: date, clock: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        answers(engine, party, on, clock)
    assert not seen(engine)[1].acts


def test_remarks_are_numbered_items_and_each_is_taken_or_not_with_the_reason(engine: Engine) -> None:
    answers(engine)
    answers(engine, "0860", clock="10:00")
    remarks(engine, "Kapitel 3 mangler\nøkonomi.", where="Kapitel 3")
    remarks(engine, "Ret stavefejl.", "0860")
    decides(engine, 1, False, "fordi økonomien aftales andetsteds")
    decides(engine, 2, True, "rettet i afsnit 2")
    _, register = seen(engine)

    assert [(one.item, one.party, one.text) for one in register.remarks] == [
        (1, "0851", "Kapitel 3 mangler økonomi."), (2, "0860", "Ret stavefejl."),
    ]  # fmt: skip
    assert [became(one) for one in register.remarks] == [
        "Ikke taget med, fordi økonomien aftales andetsteds", "Taget med: rettet i afsnit 2",
    ]  # fmt: skip
    decides(engine, 1, True)
    assert seen(engine)[1].remarks[0].taken is True, "the last word holds"


def test_what_is_not_taken_needs_its_reason_and_a_remark_needs_an_answer(engine: Engine) -> None:
    with pytest.raises(NotPossible, match="har ikke svaret"):
        remarks(engine, "Ret stavefejl.")
    answers(engine)
    remarks(engine, "Ret stavefejl.")
    with pytest.raises(Invalid, match="hvorfor"):
        decides(engine, 1, False, " ")
    with pytest.raises(NotFound, match=r"nr\. 2"):
        decides(engine, 2, True)
    with pytest.raises(Invalid, match="bemærkningen mangler"):
        remarks(engine, " \n")
    with pytest.raises(Invalid, match="der er plads til 4000"):
        remarks(engine, "x" * 4001)


def test_what_was_wrong_is_struck_out_and_its_number_is_never_another_s(engine: Engine) -> None:
    answer = answers(engine)
    first = remarks(engine, "Forkert part")
    remarks(engine, "Rigtig")
    with pytest.raises(NotPossible, match="slet dem først"):
        strike(engine, rules(), KEY, answer, "Forkert", ANNE, NOW)
    strike(engine, rules(), KEY, first, "Forkert part", ANNE, NOW)
    with pytest.raises(NotFound):
        strike(engine, rules(), KEY, first, "Igen", "Bo", NOW)
    _, register = seen(engine)

    assert [(one.item, one.text) for one in register.remarks] == [(2, "Rigtig")]
    assert [act.what for act in register.acts] == ["answered", "remarked", "remarked", "struck"], "both stay"
    with reading(engine) as session:
        assert broken_act(session) is None


def test_a_name_that_is_there_and_a_day_before_the_hearing_are_refused(engine: Engine) -> None:
    with pytest.raises(Conflict, match="står allerede"):
        add_party(engine, rules(), KEY, "aalborg kommune", HEARD, ANNE, NOW)
    for on in (HEARD - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid, match=r"dagen skal ligge fra 1\. marts 2023"):
            add_party(engine, rules(), KEY, "Nogen", on, ANNE, NOW)
    with pytest.raises(Invalid, match="mailadresse"):
        add_party(engine, rules(), KEY, "Nogen", HEARD, ANNE, NOW, email="nogen")


def test_the_same_words_sent_twice_are_one_line(engine: Engine) -> None:
    assert answers(engine) == answers(engine)
    assert remarks(engine, "Ret") == remarks(engine, "Ret")
    assert len(seen(engine)[1].acts) == 2


def test_the_file_of_an_answer_is_kept_though_no_fact_names_it(engine: Engine) -> None:
    answers(engine, attached=Attached("svar.pdf", b"hele svaret"))
    [answer] = seen(engine)[1].answers
    with writing(engine) as session:
        forget_unused(session, NOW + timedelta(days=900))
    with reading(engine) as session:
        assert (answer.name, read(session, answer.document).content) == ("svar.pdf", b"hele svaret")


def test_without_a_hearing_there_is_no_register_and_each_version_has_its_own(engine: Engine) -> None:
    answers(engine)
    happens(engine, "consultation-closed", CLOSES)
    happens(engine, "consultation-opened", TODAY, due=TODAY + timedelta(days=20), time="12:00", version=2)
    standing, register = seen(engine)

    assert (register.version, register.answers) == (2, ())
    assert len(find_register(engine, standing, 1).answers) == 1
    with pytest.raises(NotPossible, match="ikke åbnet en høring om version 7"):
        find_register(engine, standing, 7)


def test_a_look_back_shows_what_was_written_by_then(engine: Engine) -> None:
    answers(engine)
    standing, register = seen(engine)
    assert len(register.answers) == 1
    assert not find_register(engine, standing, until=NOW).answers


def test_the_answer_to_each_sender_is_a_letter_that_says_what_became_of_its_remarks_alone(
    engine: Engine,
) -> None:
    answers(engine, on=TODAY, clock="08:00")
    answers(engine, "0860", clock="10:00")
    remarks(engine, "Kapitel 3 mangler økonomi", where="Kapitel 3")
    remarks(engine, "Kun Hjørrings", "0860")
    with pytest.raises(NotPossible, match=r"mangler for nr\. 1"):
        reply(engine, rules(), KEY, "0851", "b@aalborg.example", ANNE, NOW, "http://frist.example")
    decides(engine, 1, False, "økonomien aftales andetsteds")
    standing, register = seen(engine)
    party = register.party("0851")
    assert party is not None
    assert reply_lines(standing, register, party) == [
        "Tak for svaret i høringen om sundhedsaftalen 2024-2027 for Region Nordjylland, version 1. Vi fik det tirsdag "
        "den 2. maj 2023 kl. 8.00.",
        "Svaret kom efter høringens udløb, onsdag den 12. april 2023 kl. 12.00.",
        "Bemærkning nr. 1 (Kapitel 3): »Kapitel 3 mangler økonomi« Ikke taget med, fordi økonomien aftales andetsteds.",
    ]
    number = reply(engine, rules(), KEY, "0851", "b@aalborg.example", ANNE, NOW, "http://frist.example")
    assert number == reply(
        engine, rules(), KEY, "0851", "b@aalborg.example", "Bo", NOW, "http://frist.example"
    )
    with reading(engine) as session:
        [notice] = session.scalars(select(Notice).where(col(Notice.letter) == "hearing-reply"))
        assert (notice.id, notice.recipient, notice.alone) == (number, "reader/b@aalborg.example", True)
        assert json.loads(notice.facts)["heard"]["lines"] == reply_lines(standing, register, party)
        assert len(list(session.scalars(select(Act).where(col(Act.what) == "replied")))) == 1


def test_an_answer_told_by_hand_is_kept_as_that(engine: Engine) -> None:
    answers(engine)
    assert reply(engine, rules(), KEY, "0851", "", ANNE, NOW, "") == 0
    told = seen(engine)[1].reply_to("0851")
    assert told is not None and (told.to, told.notice, told.by) == ("", 0, ANNE)
    with pytest.raises(NotPossible, match="har ikke svaret"):
        reply(engine, rules(), KEY, "0860", "", ANNE, NOW, "")


def test_the_note_counts_who_answered_and_names_who_did_not(engine: Engine) -> None:
    answers(engine)
    remarks(engine, "Ret <b>", where="Afsnit 2")
    standing, register = seen(engine)
    words = as_text(note(standing, register))

    assert (
        f"1 part af {len(register.parties)} har svaret, med 1 bemærkning: 0 er taget med, 0 er ikke, 1 er ikke afgjort."
        in words
    )
    assert "- Aalborg Kommune" not in words and "- Hjørring Kommune" in words
    table = rows(docx(note(standing, register)))
    assert ["Aalborg Kommune", "onsdag den 12. april 2023 kl. 11.42", "i tide", "1"] in table
    assert ["1", "Aalborg Kommune", "Afsnit 2", "Ret <b>", "Ikke afgjort"] in table


def test_what_is_published_names_no_private_person_and_ages_when_the_register_changes(engine: Engine) -> None:
    number = add_party(engine, rules(), KEY, "Karen Privat", HEARD, ANNE, NOW, private=True)
    answers(engine, f"p{number}")
    remarks(engine, "Et ønske", f"p{number}")
    with pytest.raises(NotPossible, match=r"mangler for nr\. 1"):
        publish(engine, rules(), KEY, TODAY, "rn.example/hoering", ANNE, NOW)
    decides(engine, 1, True)
    with pytest.raises(Invalid, match="hvor notatet er offentliggjort"):
        publish(engine, rules(), KEY, TODAY, " ", ANNE, NOW)
    publish(engine, rules(), KEY, TODAY, "rn.example/hoering", ANNE, NOW)
    standing, register = seen(engine)

    assert "Karen" in as_text(note(standing, register))
    assert "Karen" not in as_text(note(standing, register, public=True))
    assert register.published is not None and not outdated(standing, register)
    with speaking("en"):
        assert not outdated(standing, register), "the same words for every reader"
    answers(engine, on=TODAY, clock="09:00")
    assert outdated(*seen(engine))


def reminded(engine: Engine, on: date) -> set[str]:
    """Whom a planning pass of that day has reminded of the hearing's end so far, unsent letters that were withdrawn
    left out."""
    plan(engine, rules(), danish(on, 15))
    with reading(engine) as session:
        letters = select(Notice.recipient).where(
            col(Notice.letter) == "consultation-closing", col(Notice.state) != "superseded"
        )
        return set(session.scalars(letters))


def test_who_has_answered_is_not_reminded_of_the_end(engine: Engine) -> None:
    """F: the reminder asks for an answer; whoever has given it has nothing left to do."""
    before, due = CLOSES - timedelta(days=20), CLOSES - timedelta(days=14)

    def tells(party: str, on: date) -> int:
        return take_answer(engine, rules(), KEY, party, on, "11:42", ANNE, danish(on, 12))

    tells("piu", before)
    early = tells("0851", before)
    plan(engine, rules(), danish(before, 13))
    told = reminded(engine, due)
    everybody = {one.recipient for one in seen(engine, due)[1].parties}
    assert {"0851/council", "nordjylland/piu"} <= everybody
    assert told == everybody - {"0851/council", "nordjylland/piu"} | {
        "nordjylland/secretariat-region", "nordjylland/secretariat-municipal",
    }  # fmt: skip
    with reading(engine) as session:
        [facts] = session.scalars(
            select(Notice.facts).where(
                col(Notice.letter) == "consultation-closing", col(Notice.recipient) == "0813/council"
            )
        )
    text = rendered_text(write(letters(), "consultation-closing", json.loads(facts)).raw)
    assert "Vi har ikke registreret et svar fra jer." in text and "også dem, der har svaret" not in text
    tells("0813", due)  # the same day, before its letter has left
    assert reminded(engine, due) == told - {"0813/council"}
    strike(engine, rules(), KEY, early, "det var et udkast", ANNE, danish(due, 14))
    assert "0851/council" in reminded(engine, due + timedelta(days=1))
