"""What the routes of a calendar behind a letter's link answer, beside :mod:`tests.faces.web.public_examples`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from tests.faces.conftest import MORNING
from tests.faces.web.public_examples import Cell, Key, Scene, answer_link, forged
from workflow.faces.web.pages.facts.sealed import seal_for
from workflow.mail.links import Calendar, opened_ask, opened_calendar, reader_of, sealed_calendar
from workflow.services.meetings.keeping import import_meetings
from workflow.services.meetings.reading.proposing import Proposed
from workflow.storage.database import reading
from workflow.storage.people.contacts import mailboxes

COUNCILS = ("0773", "0787", "0810", "0813", "0820", "0825", "0840", "0846", "0849", "0851", "0860", "1081")
LIST = (("text", "onsdag den 16. juni 2027 kl. 17"), ("source", "kommune.example/moeder"))
UNTICKED = (("forslag", "x"), ("dag", "0"))
TICKED = (("forslag", "{proposal}"), ("dag", "0"))
MEETING = (("on", "2027-06-16"), ("organ", ""), ("why", "aflyst"))


def _plan(scene: Scene) -> str:
    """A link that asks a council when it meets: each visitor has another council's."""
    with reading(scene.place.engine) as session:
        email = next(iter(mailboxes(session, COUNCILS[scene.number], MORNING.date())))
    return sealed_calendar(Calendar(COUNCILS[scene.number], 2027, reader_of(email)), scene.place.secret)


def _told(link: Key) -> Key:
    """A link whose council has told a meeting before."""

    def key(scene: Scene) -> str:
        token, place = link(scene), scene.place
        meeting = Proposed(_council(scene, token), "", date(2027, 6, 16))
        import_meetings(place.engine, place.rulebook, [meeting], source="x", by="x", at=MORNING)
        return token

    return key


def _council(scene: Scene, token: str) -> str:
    named = opened_calendar(token, scene.place.secret) or opened_ask(token, scene.place.secret)
    assert named
    return named.council


def proposal(scene: Scene, token: str) -> str:
    """What the form behind a calendar link carries when a list was read."""
    council = _council(scene, token)
    row = asdict(Proposed(council, "", date(2027, 6, 23))) | {"on": "2027-06-23", "agenda_closes": ""}
    told = {"rows": [row], "source": "kommune.example"}
    return seal_for(scene.place.secret, f"link:{token}", f"moeder:{council}", told)


def _gone_plan(scene: Scene) -> str:
    return sealed_calendar(Calendar("0851", 2027, reader_of("en-anden@aalborg.example")), scene.place.secret)


def _old_plan(scene: Scene) -> str:
    with reading(scene.place.engine) as session:
        email = next(iter(mailboxes(session, "0851", MORNING.date())))
    return sealed_calendar(Calendar("0851", 2025, reader_of(email)), scene.place.secret)


CALENDAR_CELLS: dict[tuple[str, str], list[Cell]] = {
    ("GET", "/svar/{token}/moeder"): [
        Cell("good", 200, answer_link),
        Cell("forged", 404, forged(answer_link)),
        Cell("of another purpose", 404, _plan),
    ],
    ("POST", "/svar/{token}/moeder"): [
        Cell("good", 200, answer_link, LIST),  # a proposal alone
        Cell("forged", 404, forged(answer_link), LIST),
        Cell("malformed", 422, answer_link, (("text", "x"), ("source", "x"))),
    ],
    ("POST", "/svar/{token}/moeder/gem"): [
        Cell("forged", 404, forged(answer_link), UNTICKED),
        Cell("another form's", 409, answer_link, UNTICKED),
        Cell("good", 303, answer_link, TICKED, changes=True),
    ],
    ("POST", "/svar/{token}/moeder/fjern"): [
        Cell("forged", 404, forged(answer_link), MEETING),
        Cell("a meeting that is not there", 404, answer_link, MEETING),
        Cell("a day that has gone", 422, answer_link, (("on", "2026-11-01"), ("why", "x"))),
        Cell("good", 303, _told(answer_link), MEETING, changes=True),
    ],
    ("GET", "/moedeplan/{token}"): [
        Cell("good", 200, _plan),
        Cell("forged", 404, forged(_plan)),
        Cell("the mailbox is no longer the council's", 404, _gone_plan),
        Cell("ended", 200, _old_plan),  # shows that it can no longer be changed here
        Cell("of another purpose", 404, answer_link),
        Cell("malformed", 404, lambda _: "%00"),
    ],
    ("POST", "/moedeplan/{token}"): [
        Cell("good", 200, _plan, LIST),  # a proposal alone
        Cell("forged", 404, forged(_plan), LIST),
        Cell("ended", 409, _old_plan, LIST),
        Cell("another council's list", 422, _plan, (("text", "body;date\n0101;2027-06-16"), ("source", "x"))),
    ],
    ("POST", "/moedeplan/{token}/gem"): [
        Cell("forged", 404, forged(_plan), UNTICKED),
        Cell("ended", 409, _old_plan, UNTICKED),
        Cell("another form's", 409, _plan, UNTICKED),
        Cell("good", 303, _plan, TICKED, changes=True),
    ],
    ("POST", "/moedeplan/{token}/fjern"): [
        Cell("forged", 404, forged(_plan), MEETING),
        Cell("ended", 409, _old_plan, MEETING),
        Cell("a meeting that is not there", 404, _plan, MEETING),
        Cell("good", 303, _told(_plan), MEETING, changes=True),
    ],
}
