"""A letter about an event says the same of it however late it is written, and of a text that has gone nobody is asked
anything.

Over random histories and delays it is tried in ``test_written_later.py``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.law.desk import LawDesk
from tests.mail.conftest import part, write
from tests.post import letters
from tests.story.living import danish, rules
from workflow.errors import NotPossible
from workflow.lifecycle.names import called
from workflow.mail.writing.facts import told_on
from workflow.services.due.prompts import prompts
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.marks import marks, told
from workflow.services.planning.occasions import happened
from workflow.services.planning.owing import owed_now
from workflow.services.views.status import status_json
from workflow.services.watch.reckoning import reckon
from workflow.storage.facts import projection
from workflow.storage.tables import AgreementRow

TOLD = {event for rule in rules().letters for event in rule.event} - {"deviation"}
TELLS = {event: rule for rule in rules().letters for event in rule.event if event in TOLD}
EVENTS = {event: rule.name for event, rule in TELLS.items()}


def concluded(desk: LawDesk, on: str) -> int:
    """Version 1, sent on 3 April 2023 and approved by all, submitted ``on``; the submission's number."""
    desk.sends("2023-04-03", yes_on="2023-05-02")
    return desk.tell("submitted", on).fact.no


def submission_letter(desk: LawDesk, number: int, as_of: str) -> str:
    """The letter to a council about submission nr. ``number``, as its text says it on ``as_of``."""
    standing = desk.at(as_of=as_of)
    fact = next(f for f in standing.story.steps if f.no == number)
    then = standing.told(fact)
    more = happened(then, standing, rules(), fact, TELLS[fact.event]) | {
        "rung": f"fact{number}",
        "due_on": fact.on,
    }
    facts = letter_facts(then, rules(), "0851/council", date.fromisoformat(as_of), **more)
    rendered = write(letters(), "submission-recorded", facts | {"ask": None, "link": ""})
    return rendered_text(rendered.raw)


def rendered_text(raw: bytes) -> str:
    """The mail as its text part reads, in one line."""
    return " ".join(part(raw, "text/plain").split())


def refused(desk: LawDesk) -> int:
    """Version 1 sent and refused with 16 October 2023 as the new date, version 2 sent 2 October; its number."""
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", due="2023-10-16", about="krav 1")
    desk.sends("2023-08-21", yes_on="2023-09-25", version=2)
    return desk.tell("submitted", "2023-10-02").fact.no


def test_a_timely_resubmission_is_judged_by_the_date_the_refusal_named(desk: LawDesk) -> None:
    text = submission_letter(desk, refused(desk), "2023-10-02")
    assert "Version 2 af sundhedsaftalen" in text
    assert "Den er indsendt i tide; fristen for den ændrede aftale er mandag den 16. oktober 2023" in text
    assert "for sent" not in text and "1. juli 2023" not in text
    assert status_json(desk.at(as_of="2023-10-02"), rules())["version"]["late"] is False


def test_a_late_resubmission_is_late_by_the_date_the_refusal_named(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", due="2023-09-30", about="krav 1")
    desk.sends("2023-08-21", yes_on="2023-09-25", version=2)
    number = desk.tell("submitted", "2023-10-02").fact.no
    text = submission_letter(desk, number, "2023-12-24")
    assert (
        "Fristen for den ændrede aftale var lørdag den 30. september 2023, så aftalen er indsendt for sent"
        in text
    )


def test_a_revision_inside_the_period_has_no_date_and_is_not_late(desk: LawDesk) -> None:
    concluded(desk, "2023-06-14")
    desk.tell("sst-approved", "2023-08-01")
    desk.tell("revision-opened", "2024-05-01")
    desk.sends("2024-06-03", yes_on="2024-09-16", version=2)
    number = desk.tell("submitted", "2024-10-01").fact.no
    text = submission_letter(desk, number, "2024-10-01")
    assert (
        "Det er en revision inden for aftalens periode. Loven sætter ingen frist for at indsende den." in text
    )
    assert "for sent" not in text and "1. juli 2023" not in text
    assert status_json(desk.at(as_of="2024-10-02"), rules())["version"]["late"] is False


def test_an_older_letter_names_its_own_version_and_tells_under_a_heading_what_came_since(
    desk: LawDesk,
) -> None:
    number = refused(desk) and next(
        f.no for f in desk.at().story.steps if f.event == "submitted" and f.version == 1
    )
    text = submission_letter(desk, number, "2023-10-03")
    assert (
        "Version 1 af sundhedsaftalen 2024-2027 for Region Nordjylland blev onsdag den 14. juni 2023" in text
    )
    assert (
        "SIDEN DA - Tirsdag den 15. august 2023: Sundhedsstyrelsen meddelte, at version 1 ikke kan godkendes."
        in text
    )
    assert "Mandag den 2. oktober 2023: Version 2 blev indsendt til Sundhedsstyrelsen." in text
    assert "I skal ikke gøre noget på grund af denne mail" in text and "hjemmeside" not in text


def test_a_withdrawn_submission_fulfils_nothing(desk: LawDesk) -> None:
    """The submission is still owed."""
    concluded(desk, "2023-06-14")
    desk.tell("withdrawn", "2023-06-19")
    before, after = desk.at(as_of="2023-06-18"), desk.at(as_of="2023-06-19")
    assert [at.deadline("submission").status for at in (before, after)] == ["met", "upcoming"]  # type: ignore[union-attr]
    # 1 July 2023 is a Saturday, and by analogy the Monday is in time
    assert [desk.deadline("submission", as_of=on).status for on in ("2023-07-03", "2023-07-04")] == [
        "upcoming", "overdue",
    ]  # fmt: skip
    assert after.course.concluded_on is None
    clock = after.deadline("sst-decision")
    assert clock is not None and clock.legal_on is None, "no clock runs on a text that was taken back"
    owed = owed_now(rules(), desk.at(as_of="2023-06-21"), date(2023, 6, 21), date(2023, 6, 21), {})
    assert {one.letter.name for one in owed} & {"submission-countdown"}


def test_a_reminder_is_late_only_by_the_day_the_submission_was_withdrawn(desk: LawDesk) -> None:
    """On 16 June, its own day, the text lay with the Authority, and nothing was owed."""
    concluded(desk, "2023-06-14")
    desk.tell("withdrawn", "2023-06-19")
    for today, late in ((date(2023, 6, 19), False), (date(2023, 6, 21), True)):
        owed = [
            one for one in owed_now(rules(), desk.at(as_of=today), today, today, {})
            if one.letter.name == "submission-countdown"
        ]  # fmt: skip
        assert {(one.facts["due_on"], one.late) for one in owed} == {("2023-06-19", late)}
        assert {told_on(one.facts, today)["late"] for one in owed} == {late}
        assert {one.due_on for one in owed} == {date(2023, 6, 16)}, "its own day, whatever happened meanwhile"


def test_a_reminder_that_was_due_before_the_submission_is_late_all_the_same(desk: LawDesk) -> None:
    concluded(desk, "2023-06-17")
    desk.tell("withdrawn", "2023-06-19")
    today = date(2023, 6, 19)
    owed = owed_now(rules(), desk.at(as_of=today), today, today, {})
    assert {(one.facts["due_on"], one.late) for one in owed if one.letter.name == "submission-countdown"} == {
        ("2023-06-16", True)
    }


@pytest.mark.parametrize("submitted_on", ["2023-06-14", "2023-06-17"])
def test_the_second_reckoner_finds_the_reminders_after_a_withdrawal_in_order(
    desk: LawDesk, submitted_on: str
) -> None:
    """Planned on the day of the withdrawal, or on its own day before the submission: its day is the same."""
    desk.sends("2023-04-03", yes_on="2023-05-02")
    desk.letters("2023-06-02")
    if submitted_on > "2023-06-16":
        desk.letters("2023-06-16")
    desk.tell("submitted", submitted_on)
    desk.letters(submitted_on)
    desk.tell("withdrawn", "2023-06-19")
    desk.letters("2023-06-19")
    found = reckon(desk.engine, rules(), danish(date(2023, 6, 19), 23))
    unlike = [one.said for one in found if one.kind == "missing" or one.said.startswith("Stemmer ikke")]
    assert [one for one in unlike if "submission-countdown" in one] == []


@pytest.mark.parametrize("event", ["withdrawn", "sst-refused"])
def test_nobody_is_asked_to_publish_a_text_that_was_withdrawn_or_refused(desk: LawDesk, event: str) -> None:
    concluded(desk, "2024-02-01")
    desk.tell(
        event,
        "2024-02-05",
        **({"due": date(2024, 6, 3), "about": "krav 1"} if event == "sst-refused" else {}),
    )
    asked = [
        [p.subject for p in prompts(desk.at(as_of=on), rules()) if p.id == "publication"]
        for on in ("2024-02-04", "2024-02-05")
    ]
    assert asked == [["v1"], []]


def test_a_later_text_in_time_meets_the_date_after_a_withdrawal(desk: LawDesk) -> None:
    concluded(desk, "2023-05-15")
    desk.tell("withdrawn", "2023-05-20")
    desk.sends("2023-05-22", yes_on="2023-06-19", version=2)
    number = desk.tell("submitted", "2023-06-26").fact.no
    found = desk.at(as_of="2023-06-26").deadline("submission")
    assert found and (found.status, found.met_on, found.met_no) == ("met", date(2023, 6, 26), number)
    assert "Den er indsendt i tide; fristen er lørdag den 1. juli 2023" in submission_letter(
        desk, number, "2023-06-26"
    )


def test_a_status_is_prepared_when_adopted_and_sent_when_sent(desk: LawDesk) -> None:
    """O-57 by the committee's adoption, O-58 by the sending: two duties, two steps."""
    concluded(desk, "2023-06-20")
    desk.tell("effective", "2023-07-01", due=date(2024, 2, 1))
    desk.tell("status-adopted", "2025-06-01", about="midterm")
    at = desk.at(as_of="2025-07-01")
    order, guidance = at.deadline("midterm-order"), at.deadline("midterm-guidance")
    assert order and (order.status, order.met_on) == ("met", date(2025, 6, 1))
    assert guidance and guidance.met_on is None
    desk.tell("midterm-sent", "2025-09-01")
    at = desk.at(as_of="2025-09-01")
    order, guidance = at.deadline("midterm-order"), at.deadline("midterm-guidance")
    assert order and (order.status, order.met_on) == ("met", date(2025, 6, 1))
    assert guidance and (guidance.status, guidance.met_on) == ("met", date(2025, 9, 1))


def test_a_status_that_is_adopted_is_only_to_be_sent(desk: LawDesk) -> None:
    concluded(desk, "2023-06-20")
    desk.tell("effective", "2023-07-01", due=date(2024, 2, 1))
    texts = []
    for as_of in ("2025-05-31", "2025-06-01"):
        at = desk.at(as_of=as_of)
        facts = letter_facts(
            at,
            rules(),
            "nordjylland/secretariat-region",
            at.as_of,
            tell=at.deadline("midterm-guidance"),
            rung="-180d",
        )
        texts.append(rendered_text(write(letters(), "midterm-due", facts | {"ask": None, "link": ""}).raw))
        if as_of == "2025-05-31":
            desk.tell("status-adopted", "2025-06-01", about="midterm")
    assert ["på dagsordenen" in text for text in texts] == [True, False]
    assert (
        "vedtog midtvejsstatus for sundhedsaftalen 2024-2027 for Region Nordjylland søndag den 1. juni 2025"
        in texts[1]
    )


def test_what_was_sent_without_being_adopted_was_prepared(desk: LawDesk) -> None:
    concluded(desk, "2023-06-20")
    desk.tell("midterm-sent", "2025-06-10")
    order = desk.at(as_of="2025-06-10").deadline("midterm-order")
    assert order and order.met_on == date(2025, 6, 10)


def test_a_hearing_that_has_closed_asks_for_no_answer(desk: LawDesk) -> None:
    desk.tell("goals-set", "2022-11-01", about="1")
    number = desk.tell("consultation-opened", "2022-11-02", due="2022-11-20", time="12:00").fact.no
    for as_of, asks in (("2022-11-20", True), ("2022-11-28", False)):
        standing = desk.at(as_of=as_of)
        fact = next(f for f in standing.story.steps if f.no == number)
        facts = letter_facts(
            standing.told(fact), rules(), "0851/council", date.fromisoformat(as_of),
            **happened(standing.told(fact), standing, rules(), fact, TELLS[fact.event])
            | {"rung": f"fact{number}", "due_on": fact.on},
        )  # fmt: skip
        rendered = write(letters(), "consultation-opened", facts | {"ask": None, "link": ""})
        text = rendered_text(rendered.raw)
        assert ("Send svaret" in text) is asks
        assert ("Høringssvar senest" in rendered.subject) is asks
        assert ("Søndag den 20. november 2022: Høringen om version 1 sluttede." in text) is not asks


def test_a_succeeded_agreement_owes_no_more_reviews_and_its_final_status_is_dated(desk: LawDesk) -> None:
    concluded(desk, "2023-06-20")
    desk.tell("effective", "2023-07-01")
    facts = desk.at().facts
    row = AgreementRow(
        region="nordjylland", label="2024-2027", term="2022-2025", regime="bek-1248-2022",
        projected_on=date(2023, 1, 1),
    )  # fmt: skip
    went_on = projection.stand(rules(), row, facts, date(2026, 11, 28))
    ended = projection.stand(rules(), row, facts, date(2026, 11, 28), date(2025, 7, 1))
    years = [[d.subject for d in at.deadlines if d.id == "annual-review"] for at in (went_on, ended)]
    assert years == [["2024", "2025", "2026", "2027"], ["2024"]]  # of the own year to 30 June 2027 too
    assert [at.deadline("final-order").legal_on for at in (went_on, ended)] == [None, date(2025, 6, 30)]  # type: ignore[union-attr]
    why = [step.text for step in ended.deadline("final-order").why]  # type: ignore[union-attr]
    assert why[0] == "Den næste aftale trådte i stedet tirsdag den 1. juli 2025"


MARKED = [
    ("drafting-opened", {}, "piu-meeting", "BEK 1248/2022 § 29, stk. 1"),
    (
        "consultation-opened",
        {"due": date(2023, 3, 1), "time": "12:00"},
        "goals",
        "BEK 1248/2022 § 19, stk. 2",
    ),
]


@pytest.mark.parametrize(("event", "more", "need", "cite"), MARKED, ids=[one[0] for one in MARKED])
def test_what_happened_though_a_rule_forbids_it_is_recorded_once_confirmed_and_stays_marked(
    desk: LawDesk, event: str, more: dict[str, Any], need: str, cite: str
) -> None:
    said = desk.refuses(NotPossible, event, "2023-02-01", **more)
    assert cite in said and "--confirm" in said
    number = desk.tell(event, "2023-02-01", confirmed=True, **more).fact.no
    found = [(mark.fact.no, mark.need, mark.cite) for mark in marks(desk.at(), rules())]
    assert found == [(number, need, cite)]
    assert [one["cite"] for one in status_json(desk.at(), rules())["marks"]] == [cite]


def test_a_mark_says_which_step_broke_the_rule(desk: LawDesk) -> None:
    desk.tell("drafting-opened", "2023-02-01")
    [mark] = marks(desk.at(), rules())
    assert told(mark, called(desk.at().agreement.regime.words)).startswith(
        "1. februar 2023, Udkastet påbegyndt: patientinddragelsesudvalget skal have været indkaldt"
    )


def test_a_submission_without_the_heard_is_marked_for_the_agreements_life(desk: LawDesk) -> None:
    number = (desk.sends(), desk.tell("submitted", "2023-12-15").fact.no)[1]
    found = [(mark.fact.no, mark.need) for mark in marks(desk.at(as_of="2026-06-01"), rules())]
    assert {need for _, need in found} >= {"piu-meeting", "cluster-input", "consultation", "goals"}
    assert {no for no, _ in found} == {number}


def test_a_final_status_without_a_midterm_fulfils_its_duty_and_is_marked(desk: LawDesk) -> None:
    concluded(desk, "2023-06-20")
    desk.tell("nominal-end", "2023-07-01", due=date(2027, 7, 1))
    desk.tell("final-sent", "2026-11-01", confirmed=True)
    at = desk.at(as_of="2026-11-02")
    found = at.deadline("final-order")
    assert found and found.met_on == date(2026, 11, 1)
    assert "midterm" in {mark.need for mark in marks(at, rules())}


def test_a_fact_that_was_only_typed_in_late_takes_its_mark_away(desk: LawDesk) -> None:
    desk.tell("drafting-opened", "2023-02-01")
    assert [mark.need for mark in marks(desk.at(), rules())] == ["piu-meeting"]
    desk.tell("piu-meeting-held", "2023-01-20")
    assert marks(desk.at(), rules()) == []
