"""What is about persons is kept for its time; one person's data is handed out and removed; what proves stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlmodel import SQLModel, col

from tests.post import AT, add_contact, ready
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.rules.days import danish_day
from workflow.services.keeping.retention import Periods, forget_due, kept_said
from workflow.services.keeping.subject import about, erase
from workflow.services.keeping.verifying import verify
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import acts_of, record_act
from workflow.storage.facts.trail import Seen as Trail
from workflow.storage.facts.trail import add_seen
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.letters.trials import TrialMail
from workflow.storage.people.people import Link, Person, SessionRow
from workflow.storage.people.people import Seen as Visit
from workflow.storage.tables import AgreementRow, Alarm, Bounce, Contact, Notice

ANNE = "anne@frist.example"
PERIODS = Periods(returns=36500)  # the tests' agreement is of a term long over


def days(count: int) -> timedelta:
    return timedelta(days=count)


def everything(engine: Engine, email: str = ANNE, last: date | None = None) -> None:
    """A person with a session, a link and a visit; a mailbox, a trial mail, a letter that came back, an alarm, a line
    of the trail and an act; access and mailbox end ``last``."""
    [letter] = ready(engine, 1)
    with writing(engine) as session:
        person = Person(email=email, name="Anne", role="coordinator", added_at=AT, valid_to=last)
        session.add(person)
        session.flush()
        assert person.id
        session.add(
            SessionRow(digest="s" * 64, person_id=person.id, started_at=AT, ends_at=AT + timedelta(hours=12))
        )
        session.add(
            Link(digest="l" * 64, person_id=person.id, browser="", target="/", made_at=AT, ends_at=AT)
        )
        session.add(Visit(person_id=person.id, seen_at=AT))
        add_contact(session, "0851", email, valid_to=last)
        session.add(TrialMail(email=email, message_id="<t@nord.example>", by="x", sent_at=AT))
        session.execute(update(Notice).where(col(Notice.id) == letter).values(address=email))
        values = {
            "notice_id": letter,
            "digest": "b" * 64,
            "kind": "failed",
            "address": email,
            "raw": b"To: anne",
        }
        session.execute(insert(Bounce).values(**values, status="5.1.1", text="unknown", arrived_at=AT))
        raise_alarm(session, "x", "alarm", f"Brevet til {email} kom retur", AT)
        clear_alarms(session, "x", AT)
        add_seen(session, Trail(no=0, at=AT, what="signed-in", who=email, previous="", digest=""))
        record_act(session, "person", email, "added", {"role": "coordinator"}, "drift", AT)


def count(engine: Engine, table: type[SQLModel]) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(table)).all())


def only_bounce(engine: Engine) -> Bounce:
    with reading(engine) as session:
        return session.scalars(select(Bounce)).one()


def test_each_kind_goes_the_day_after_its_time_and_not_before(engine: Engine) -> None:
    today = danish_day(AT)
    everything(engine, last=today)
    assert forget_due(engine, PERIODS, AT) == {}
    assert forget_due(engine, PERIODS, AT + days(90)) == {"sessions": 2}
    assert forget_due(engine, PERIODS, AT + days(91)) == {"trials": 1}
    assert forget_due(engine, PERIODS, AT + days(365)) == {}
    gone = forget_due(engine, PERIODS, AT + days(366))
    assert gone == {"trail": 1, "people": 1, "mailboxes": 1}
    assert (count(engine, Person), count(engine, SessionRow), count(engine, Visit)) == (0, 0, 0)
    assert count(engine, Alarm) == 1
    assert forget_due(engine, PERIODS, AT + days(1096))["alarms"] == 1


def test_it_is_done_once_a_danish_day(engine: Engine) -> None:
    everything(engine, last=danish_day(AT))
    assert forget_due(engine, PERIODS, AT + days(400))
    with writing(engine) as session:
        session.add(TrialMail(email=ANNE, message_id="<u@nord.example>", by="x", sent_at=AT))
    assert forget_due(engine, PERIODS, AT + days(400)) == {}
    assert forget_due(engine, PERIODS, AT + days(401)) == {"trials": 1}


def test_who_has_access_a_mailbox_in_use_and_an_open_alarm_stay(engine: Engine) -> None:
    everything(engine, last=None)
    with writing(engine) as session:
        raise_alarm(session, "y", "alarm", "endnu åben", AT)
        mailboxes = len(session.scalars(select(Contact)).all())
    forget_due(engine, PERIODS, AT + days(3000))
    assert (count(engine, Person), count(engine, Contact), count(engine, Alarm)) == (1, mailboxes, 1)


def test_a_mail_that_came_back_is_emptied_when_its_term_is_long_over_and_still_proves_that_it_came(
    engine: Engine,
) -> None:
    everything(engine, last=danish_day(AT))
    with reading(engine) as session:
        ends = max(int(term[-4:]) for term in session.scalars(select(col(AgreementRow.term))))
    over = AT.replace(year=ends + 2, month=1, day=2)
    assert forget_due(engine, Periods(), over - days(3)).get("returns", 0) == 0
    assert only_bounce(engine).raw == b"To: anne"
    assert forget_due(engine, Periods(), over)["returns"] == 1
    kept = only_bounce(engine)
    assert (kept.raw, kept.address, kept.status, kept.kind, kept.digest) == (
        b"",
        "",
        "5.1.1",
        "failed",
        "b" * 64,
    )


def test_other_periods_are_kept_to(engine: Engine) -> None:
    everything(engine, last=danish_day(AT))
    assert forget_due(engine, Periods(people=30, trials=30, trail=30, returns=36500), AT + days(32)) == {
        "trail": 1, "sessions": 2, "people": 1, "trials": 1,
    }  # fmt: skip
    assert "30 dage" in dict(kept_said(Periods(trials=30)))["Prøvemails"]


def test_everything_that_names_a_person_is_handed_out_without_keys(engine: Engine) -> None:
    everything(engine)
    found = about(engine, " Anne@frist.example")
    assert {kind for kind, rows in found.items() if rows} == {
        "people", "sessions", "links", "visits", "mailboxes", "letters", "returns", "trials", "alarms", "acts", "trail",
    }  # fmt: skip
    assert "s" * 64 not in str(found) and "digest" not in str(found) and "To: anne" not in str(found)
    with pytest.raises(NotFound):
        about(engine, "ukendt@frist.example")


def test_a_person_is_erased_after_access_and_mailbox_ended_and_what_proves_stays(engine: Engine) -> None:
    everything(engine)
    with pytest.raises(Invalid, match="skriv hvorfor"):
        erase(engine, ANNE, " ", "drift", AT)
    with pytest.raises(NotPossible, match="har adgang; afslut den først"):
        erase(engine, ANNE, "bedt om det", "drift", AT)
    yesterday = danish_day(AT) - days(1)
    with writing(engine) as session:
        session.execute(update(Person).values(valid_to=yesterday))
    with pytest.raises(NotPossible, match=r"bruges som postkasse.*aftale contacts end"):
        erase(engine, ANNE, "bedt om det", "drift", AT)
    with writing(engine) as session:
        session.execute(update(Contact).where(col(Contact.email) == ANNE).values(valid_to=yesterday))
    erased = erase(engine, ANNE, "bedt om det", "drift", AT)
    assert erased.removed == {"people": 1, "mailboxes": 1, "trials": 1, "returns": 1}
    assert erased.left == {"acts": 1, "letters": 1, "trail": 1}
    found = about(engine, ANNE)
    assert {kind for kind, rows in found.items() if rows} == {"letters", "alarms", "acts", "trail"}
    with reading(engine) as session:
        newest = acts_of(session, "person")[0]
    assert newest.what == "erased" and ANNE not in newest.said + newest.about
    assert verify(engine, None)[1] == [], "no chain is broken by it"


def test_the_day_of_the_last_pass_is_kept(engine: Engine) -> None:
    forget_due(engine, PERIODS, AT)
    with reading(engine) as session:
        assert meta.get(session, "forgotten_on") == danish_day(AT).isoformat()
