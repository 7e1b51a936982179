"""Letters know the councils' own days: an agenda that closes, a calendar that is missing, a day that falls away."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from tests.services.lookahead import test_planning as planning
from tests.services.lookahead.test_planning import KEY, MARCH, calendar, happens, sent, told
from tests.services.lookahead.test_told_day import TOLD, letters_to, owed
from tests.story.living import danish, rules
from workflow.services.due.dates import beside
from workflow.services.meetings.keeping import import_meetings, read_file, remove_meeting
from workflow.services.planning.owing import Owed
from workflow.services.views.status import find_standing

engine = planning.engine
ASKED = date(2022, 11, 3)  # 240 days before 1 July 2023

APRIL = danish(date(2023, 4, 1), 9)


def told_on(engine: Engine, text: str, today: date) -> None:
    proposed = read_file(rules(), "moeder.csv", text.encode())
    import_meetings(engine, rules(), proposed, source="aalborg.dk", by="prøve", at=danish(today, 9))


def one(engine: Engine, letter: str, on: date) -> Owed:
    [found] = [one for one in owed(engine, on) if one.letter.name == letter]
    return found


def test_a_council_that_told_its_day_is_told_once_when_the_case_must_be_there(engine: Engine) -> None:
    told(
        engine,
        "body;organ;date;agenda_closes\n0851;;2023-05-24;2023-05-12\n0851;Økonomiudvalget;2023-05-10;2023-05-05",
    )
    sent(engine, MARCH, date(2023, 6, 1))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 24), **TOLD)

    found = {
        day: letters_to(engine, "0851", day) for day in (MARCH + timedelta(days=n) for n in range(20, 90))
    }
    asked = {name for letters in found.values() for name, _ in letters}
    assert asked == {"council-agenda", "council-meeting"}
    first = min(day for day, letters in found.items() if letters)
    assert first == date(2023, 4, 27), "a week before the last weekday before store bededag, 5 May"
    assert letters_to(engine, "0851", date(2023, 5, 6)) == [], "nothing in between"
    facts = one(engine, "council-agenda", first).facts
    assert facts["meeting"]["on"] == "2023-05-24"
    assert (facts["meeting"]["closes_on"], facts["meeting"]["organ"]) == ("2023-05-05", "Økonomiudvalget")
    assert facts["meeting"]["source"].startswith("moeder.csv, læst 1. marts 2023")


def test_a_closing_that_nobody_has_told_is_not_said_to_a_council(engine: Engine) -> None:
    told(engine, "body;organ;date;agenda_closes\n0851;;2023-05-24;")
    sent(engine, MARCH, date(2023, 6, 1))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 24), **TOLD)
    assert {
        name for day in range(20, 84) for name, _ in letters_to(engine, "0851", MARCH + timedelta(day))
    } == set()


def test_a_council_whose_last_agenda_closes_before_the_first_reminder_is_told_of_it_in_time(
    engine: Engine,
) -> None:
    told(
        engine,
        "body;organ;date;agenda_closes\n0851;;2023-03-29;2023-03-17\n0851;;2023-04-26;2023-04-14\n"
        "0810;;2023-05-24;2023-05-12\n0813;;2023-04-26;2023-04-14\n0825;;2023-04-26;",
    )
    sent(engine, MARCH, date(2023, 6, 1))  # the first reminder goes on 2 May
    happens(engine, "council-approved", date(2023, 4, 3), council="0813", version=1)

    days = [MARCH + timedelta(days=n) for n in range(1, 60)]
    found = {
        (one.recipient, day)
        for day in days
        for one in owed(engine, day)
        if one.letter.name == "council-agenda"
    }
    assert {who for who, _ in found} == {"0851/council"}, (
        "0810 reads it in its reminder, 0825 told no closing"
    )
    assert min(day for _, day in found) == date(2023, 4, 5), "a week before, the last weekday before Easter"
    notice = one(engine, "council-agenda", date(2023, 4, 5))
    assert notice.facts["meeting"] == {
        "on": "2023-04-26", "closes_on": "2023-04-14", "organ": "", "source": notice.facts["meeting"]["source"],
        "unsaid": True,
    }  # fmt: skip

    happens(engine, "council-scheduled", date(2023, 4, 4), due=date(2023, 5, 31), **TOLD)
    assert letters_to(engine, "0851", date(2023, 4, 5)) == [], "it has told its day"


def test_the_last_day_for_the_case_stands_among_the_dates_of_its_council(engine: Engine) -> None:
    told(engine, "body;organ;date;agenda_closes\n0851;;2023-05-24;2023-05-12")
    sent(engine, MARCH, date(2023, 6, 1))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 24), **TOLD)
    standing = find_standing(engine, rules(), KEY, date(2023, 5, 2))
    [agenda] = [date_ for date_ in beside(standing, standing.rules) if date_.id == "council-agenda"]
    assert (agenda.legal_on, agenda.who, agenda.title) == (
        date(2023, 5, 12), "0851", "Sagen skal være hos Aalborg Kommune"
    )  # fmt: skip


def test_who_has_told_no_day_reads_its_own_last_meeting_in_the_reminder(engine: Engine) -> None:
    told(engine, "body;organ;date;agenda_closes\n0851;;2023-05-24;2023-05-12\n0851;;2023-06-14;2023-06-02")
    sent(engine, MARCH, date(2023, 6, 1))
    facts = {
        notice.recipient: notice.facts["meeting"]
        for notice in owed(engine, date(2023, 5, 3)) if notice.letter.name == "council-pending"
    }  # fmt: skip
    assert (facts["0851/council"]["on"], facts["0851/council"]["closes_on"]) == ("2023-05-24", "2023-05-12")
    assert facts["0810/council"] is None, "its calendar is not known"
    secretariat = one(engine, "council-silent", date(2023, 6, 30))
    assert secretariat.facts["meeting"] is None, "it has no meeting of its own"


def test_a_year_without_a_calendar_is_asked_for_before_it_is_needed(engine: Engine) -> None:
    assert [
        n
        for n in owed(engine, ASKED - timedelta(days=1))
        if n.deadline and n.deadline.id == "council-calendar"
    ] == []
    missing = one(engine, "calendars-missing", ASKED)
    assert missing.recipient == "nordjylland/secretariat-region"
    assert missing.facts["meeting_year"]["year"] == 2023
    assert len(missing.facts["meeting_year"]["missing"]) == 12
    assert "council-calendar" not in {n.letter.name for n in owed(engine, date(2022, 12, 1))}, (
        "nobody has begun"
    )

    told_on(engine, "body;organ;date;agenda_closes\n0851;;2023-05-24;2023-05-12", ASKED)
    asked = {n.recipient for n in owed(engine, date(2022, 11, 17)) if n.letter.name == "council-calendar"}
    assert len(asked) == 11
    assert "0851/council" not in asked

    told_on(engine, calendar(), date(2022, 12, 1))
    assert not {"council-calendar", "calendars-missing"} & {
        n.letter.name for n in owed(engine, date(2022, 12, 20))
    }


def test_a_day_that_falls_away_tells_one_mailbox_with_the_new_plan(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine, MARCH, date(2023, 6, 28))
    before = {notice.key for notice in owed(engine, date(2023, 4, 1))}
    for code in ("0851", "0810"):
        remove_meeting(
            engine,
            rules(),
            code,
            _june(engine, code),
            why="mail fra byrådet",
            by="prøve",
            at=APRIL,
        )

    new = [notice for notice in owed(engine, date(2023, 4, 3)) if notice.key not in before]
    gone = [notice for notice in new if notice.letter.name == "council-day-gone"]
    assert [notice.recipient for notice in gone] == ["nordjylland/secretariat-region"]
    facts = gone[0].facts["gone"]
    assert [day["name"] for day in facts["days"]] == ["Brønderslev Kommune", "Aalborg Kommune"]
    assert all(day["why"] == "mail fra byrådet" for day in facts["days"])
    assert "Sagen skal være hos rådene senest" in facts["plan"]


def test_a_day_of_a_council_that_has_approved_falls_away_without_a_word(engine: Engine) -> None:
    told(engine, calendar())
    sent(engine, MARCH, date(2023, 6, 28))
    happens(engine, "council-approved", date(2023, 3, 20), **TOLD)
    remove_meeting(
        engine,
        rules(),
        "0851",
        _june(engine, "0851"),
        why="aflyst",
        by="prøve",
        at=APRIL,
    )
    assert "council-day-gone" not in {notice.letter.name for notice in owed(engine, date(2023, 4, 3))}


def _june(engine: Engine, code: str) -> date:
    standing = find_standing(engine, rules(), KEY, MARCH)
    return max(one.on for one in standing.meetings if one.body == code)


def test_a_told_day_that_moves_takes_back_the_letter_about_the_old_one(engine: Engine) -> None:
    from sqlmodel import Session, select

    from tests.story.living import danish
    from workflow.services.planning.reminders import plan
    from workflow.storage.tables import Notice

    told(engine, "body;organ;date;agenda_closes\n0851;;2023-05-24;2023-05-12\n0851;;2023-06-14;2023-06-02")
    sent(engine, MARCH, date(2023, 6, 28))
    happens(engine, "council-scheduled", MARCH + timedelta(days=5), due=date(2023, 5, 24), **TOLD)
    plan(engine, rules(), danish(date(2023, 5, 5), 9))
    happens(engine, "council-scheduled", date(2023, 5, 5), due=date(2023, 6, 14), **TOLD)
    with Session(engine) as session:
        found = session.exec(select(Notice).where(Notice.letter == "council-agenda")).all()
    assert [(notice.state, notice.why) for notice in found] == [("superseded", "dagen er flyttet")]
