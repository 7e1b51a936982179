"""*From the mail*: a reader acknowledges a reminder."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from tests.faces.web.conftest import Clock, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import LINK, passes, rows, sent_out
from workflow.faces.daemon.workplace import Workplace
from workflow.services.planning.reminders import plan
from workflow.storage.tables import Notice

mails = answering.mails


def receipt(letters: list[tuple[str, str]]) -> str:
    """Aalborg's link to acknowledge."""
    links = [link for to, body in letters if "aalborg" in to for link in LINK.findall(body)]
    return next(link for link in links if link.startswith("/kvitter/"))


def test_acknowledging_a_reminder_stops_its_repeats_until_the_date(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient
) -> None:
    sent_out(place, clock, date(2026, 12, 18))  # while the rules may still hold: after them nobody is asked

    def council_reminders() -> list[object]:
        return [row[0] for row in rows(
            place, "SELECT rung FROM notice WHERE letter='council-pending' AND recipient='0851/council' ORDER BY id"
        )]  # fmt: skip

    clock.at = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
    link = receipt(passes(place, clock))
    assert council_reminders() == ["-14d"]
    for _ in range(2):
        assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303
    assert "Der er kvitteret" in stranger.get(link).text
    (state, why) = rows(
        place, "SELECT state, why FROM notice WHERE rung='-14d' AND recipient='0851/council'"
    )[0]
    assert state == "confirmed" and "modtageren gennem linket i mailen" in str(why)
    for day in (11, 14):
        clock.at = datetime(2026, 12, day, 8, 0, tzinfo=UTC)
        passes(place, clock)
    others = rows(place, "SELECT count(*) FROM notice WHERE letter='council-pending' AND rung='-7d'")
    assert council_reminders() == ["-14d"] and others[0][0] == 11
    # the date has passed: that is told whatever was said before
    clock.at = datetime(2026, 12, 21, 8, 0, tzinfo=UTC)
    passes(place, clock)
    assert council_reminders() == ["-14d", "+1d"]


def test_the_link_ends_with_the_date_it_reminds_of(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient
) -> None:
    sent_out(place, clock, date(2026, 12, 18))
    clock.at = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
    link = receipt(passes(place, clock))
    clock.at = datetime(2026, 12, 18, 22, 59, tzinfo=UTC)  # 23:59 in Denmark
    assert stranger.get(link).status_code == 200
    clock.at = datetime(2026, 12, 18, 23, 0, tzinfo=UTC)
    for answer in (stranger.get(link), stranger.post(link, data={"csrf": csrf(stranger, app)})):
        assert answer.status_code == 409 and "Linket gjaldt til 18. december 2026" in plain(answer)
    assert rows(place, "SELECT count(*) FROM notice WHERE state='confirmed'")[0][0] == 0


def test_the_link_of_a_mail_that_told_of_several_dates_holds_until_the_last_of_them(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient
) -> None:
    sent_out(place, clock, date(2026, 12, 18))
    clock.at = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
    link = receipt(passes(place, clock))
    with Session(place.engine) as session:
        asked = select(Notice).where(col(Notice.letter) == "council-pending", col(Notice.rung) == "-14d")
        [first] = session.exec(asked.where(col(Notice.recipient) == "0851/council")).all()
        second = session.exec(asked.where(col(Notice.recipient) != "0851/council")).first()
        assert second is not None
        facts = json.loads(second.facts)
        facts["deadline"]["legal_on"] = "2027-03-01"
        second.facts, second.carried_by = json.dumps(facts), first.id
        session.add(second)
        session.commit()
    clock.at = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    assert stranger.get(link).status_code == 200
    clock.at = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
    assert stranger.get(link).status_code == 409


def test_a_link_that_was_used_says_so_after_its_date_too(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient
) -> None:
    sent_out(place, clock, date(2026, 12, 18))
    clock.at = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
    link = receipt(passes(place, clock))
    assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303
    clock.at = datetime(2026, 12, 28, 8, 0, tzinfo=UTC)
    answer = stranger.get(link)
    assert answer.status_code == 200 and "Der er kvitteret" in answer.text


def test_a_repeat_that_waits_to_be_sent_is_withdrawn_and_nobody_else_s(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, mails: list[tuple[str, str]]
) -> None:
    clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    link = receipt(passes(place, clock))
    clock.at = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    plan(place.engine, place.rulebook, clock.at)  # and no mail server takes it
    query = "SELECT recipient FROM notice WHERE letter='council-pending' AND rung='-14d' AND state='planned'"
    waiting = {row[0] for row in rows(place, query)}
    assert len(waiting) == 12 and "0851/council" in waiting
    assert stranger.post(link, data={"csrf": csrf(stranger, app)}).status_code == 303
    assert {row[0] for row in rows(place, query)} == waiting - {"0851/council"}
