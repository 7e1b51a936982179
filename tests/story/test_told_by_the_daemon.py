"""Refusal, resubmission, revision and withdrawal, lived through the daemon's own passes and typed in late.

What a letter says of its event is right and the same, before the guidance of 2024 and after it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.story.living import danish, inside, rules
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.answering import Answer, answer
from workflow.services.rounds.demo import demo_contacts
from workflow.services.views.status import find_standing
from workflow.settings import Settings
from workflow.storage.database import connect, reading
from workflow.storage.tables import Notice

KEY, OPENED = "nordjylland/2024-2027", date(2022, 10, 3)
COUNCILS = [party.code for party in rules().parties("nordjylland", OPENED)]
READERS = ("0851,council,", "nordjylland,secretariat-region,")
TELLS = ("submission-recorded", "sst-refused", "sst-approved", "revision-opened")
SUBMITTED = "blev {} indsendt"
Told = dict[tuple[str, str], str]  # letter and day of its event -> text


@dataclass(frozen=True)
class Era:
    """The same round under the order alone, and 53 weeks later when the guidance was there too."""

    later: timedelta
    moved: date | None
    first: str  # what is said of the first submission, which was in time

    def on(self, day: str) -> date:
        return date.fromisoformat(day) + self.later

    def facts(self) -> list[Fact]:
        told = [] if self.moved is None else [_fact("deviation", date(2023, 6, 20), due=self.moved)]
        for version, sent, approved in ((1, "2023-04-03", "2023-05-29"), (2, "2023-08-21", "2023-09-25"),
                                        (3, "2023-11-13", "2023-12-11")):  # fmt: skip
            if version == 3:
                told.append(_fact("sst-approved", self.on("2023-10-30"), version=2))
                told.append(_fact("revision-opened", self.on("2023-11-06"), version=3))
            told.append(_fact("sent-for-approval", self.on(sent), version=version))
            told += [
                _fact("council-approved", self.on(approved), version=version, council=c) for c in COUNCILS
            ]
            if version == 1:
                told.append(_fact("submitted", self.on("2023-06-14"), version=1))
                refusal = {"due": self.on("2023-10-16"), "about": "mål 2 mangler"}
                told.append(_fact("sst-refused", self.on("2023-08-15"), version=1, **refusal))
            elif version == 2:
                told.append(_fact("submitted", self.on("2023-10-02"), version=2))
        told.append(_fact("submitted", self.on("2023-12-18"), version=3))
        return [*told, _fact("withdrawn", self.on("2023-12-22"), version=3)]

    def sentences(self) -> dict[tuple[str, str], list[str]]:
        """What each letter must say of its event, whenever it is written."""
        first, refused, again, approved, opened, revised = (
            self.on(day) for day in
            ("2023-06-14", "2023-08-15", "2023-10-02", "2023-10-30", "2023-11-06", "2023-12-18")
        )  # fmt: skip
        due = spoken(self.on("2023-10-16"))
        return {
            ("submission-recorded", str(first)): [
                f"Version 1 af sundhedsaftalen 2024-2027 for Region Nordjylland blev {spoken(first)} indsendt",
                self.first,
            ],
            ("sst-refused", str(refused)): ["version 1", "ikke kan godkendes", f"senest {due}"],
            ("submission-recorded", str(again)): [
                f"Version 2 af sundhedsaftalen 2024-2027 for Region Nordjylland blev {spoken(again)} indsendt",
                f"Den er indsendt i tide; fristen for den ændrede aftale er {due}",
            ],
            ("sst-approved", str(approved)): ["version 2"],
            ("revision-opened", str(opened)): [f"har {spoken(opened)} besluttet, at", "skal revideres"],
            ("submission-recorded", str(revised)): [
                f"Version 3 af sundhedsaftalen 2024-2027 for Region Nordjylland blev {spoken(revised)} indsendt",
                "Det er en revision inden for aftalens periode. Loven sætter ingen frist for at indsende den.",
            ],
        }


ORDER = Era(timedelta(0), None, "Den er indsendt i tide; fristen er lørdag den 1. juli 2023")
GUIDANCE = Era(
    timedelta(weeks=53), date(2024, 7, 1), "Den er indsendt i tide; fristen er mandag den 1. juli 2024"
)
ERAS = pytest.mark.parametrize("era", [ORDER, GUIDANCE], ids=["order", "guidance"])


def _fact(event: str, on: date, **more: Any) -> Fact:
    return Fact(0, event, on, source="Brev", by="Kirsten", **more)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """An agreement just opened; two mailboxes, so that the letters of one body stand for those of its kind."""
    path = tmp_path_factory.mktemp("told") / "aftale.db"
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    head, *lines = demo_contacts(rules()).splitlines()
    import_contacts(engine, rules(), "\n".join([head, *(line for line in lines if line.startswith(READERS))]))
    open_agreement(
        engine, rules(), Fact(0, "opened", OPENED, source="test", by="test"), region="nordjylland",
        term="2022-2025", label="2024-2027", at=danish(OPENED, 9), effective=date(2023, 10, 16),
    )  # fmt: skip
    engine.dispose()
    return path


@contextmanager
def house(ground: Path, folder: Path) -> Iterator[Workplace]:
    folder.mkdir()
    shutil.copy(ground, folder / "aftale.db")
    with open_workplace(Settings(data_dir=folder)) as place:
        yield place


def enter(place: Workplace, fact: Fact, today: date) -> None:
    inside(place.engine, rules(), KEY, fact, today=today, at=danish(today, 9), confirmed=True)


def passes(place: Workplace, today: date) -> None:
    """The daemon's pass that morning; with the clock of a rehearsal, which stands still."""
    report = asyncio.run(tick(place, danish(today, 10)))
    assert not report.stopped


def told(place: Workplace) -> Told:
    """The text of each letter about an event that went to Aalborg's council or else the secretariat, in one line."""
    found: Told = {}
    with reading(place.engine) as session:
        query = select(Notice).where(col(Notice.letter).in_(TELLS), col(Notice.state) == "accepted")
        for notice in session.scalars(query.order_by(col(Notice.recipient).desc())):
            part = message_from_bytes(notice.body or b"", policy=policy.default).get_body(("plain",))
            assert part is not None
            found[notice.letter, str(notice.due_on)] = " ".join(part.get_content().split())
    return found


def cited_too_early(place: Workplace) -> list[str]:
    """The letters of a morning before 12 January 2024 that cite the guidance of that day."""
    with reading(place.engine) as session:
        early = select(Notice).where(col(Notice.planned_at) < danish(date(2024, 1, 12), 0))
        return [one.key for one in session.scalars(early) if one.body and b"VEJ 9008" in one.body]


@ERAS
def test_what_a_letter_says_of_its_event_is_right_on_the_day_and_the_same_when_typed_in_late(
    era: Era, ground: Path, tmp_path: Path
) -> None:
    facts = era.facts()
    with house(ground, tmp_path / "on-the-day") as place:
        for today in sorted({fact.on for fact in facts}):
            for fact in facts:
                if fact.on == today:
                    enter(place, fact, today)
            passes(place, today)
        at_once = told(place)
        assert cited_too_early(place) == []
        last = facts[-1].on
        standing = find_standing(place.engine, rules(), KEY, last)
        assert not standing.course.versions[-1].with_authority, "a text taken back lies with nobody"
        passes(place, last + timedelta(days=4))
        with reading(place.engine) as session:
            asked = session.scalars(
                select(Notice).where(col(Notice.letter) == "publish", col(Notice.key).contains("v3"))
            )
            assert [one.key for one in asked if one.planned_at > danish(last, 9)] == []
    with house(ground, tmp_path / "late") as place:
        typed = last + timedelta(days=30)
        for fact in facts:
            enter(place, fact, typed)
        passes(place, typed)
        assert told(place) == {}, "history is no news"
        answer(place.engine, rules(), Answer("send", "Kirsten"), agreement=KEY, at=danish(typed, 10))
        passes(place, typed + timedelta(days=1))
        late = told(place)
    for about, sentences in era.sentences().items():
        for said in sentences:
            assert said in at_once[about], (about, at_once[about])
            assert said in late[about], (about, late[about])
        assert "for sent" not in at_once[about] + late[about]
    first = min(about for about in late if about[0] == "submission-recorded")
    assert "SIDEN DA" in late[first] and "SIDEN DA" not in at_once[first]
    assert "version 3" not in at_once[first].lower()
