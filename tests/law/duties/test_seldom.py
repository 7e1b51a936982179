"""What seldom happens and yet does: a text sent again on the day it was taken back, a refusal that names no date, one
refusal after another, guidance that comes after the fact."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text, submission_letter
from tests.mail.conftest import write
from tests.post import letters
from workflow.errors import NotPossible
from workflow.rules.endings import state_of
from workflow.rules.facts import Fact
from workflow.rules.story import in_order, tell
from workflow.services.due.prompts import prompts
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.marks import marks
from workflow.services.planning.occasions import happened
from workflow.services.planning.owing import owed_now
from workflow.services.planning.readiness import readiness


def letter(desk: LawDesk, number: int, recipient: str = "0851/council") -> tuple[str, str]:
    """Subject and text of the letter about fact ``number``, written on its day."""
    standing = desk.at()
    fact = next(one for one in standing.story.steps if one.no == number)
    rule = next(rule for rule in rules().letters if fact.event in rule.event)
    then = standing.told(fact)
    more = happened(then, standing, rules(), fact, rule) | {"rung": f"fact{number}", "due_on": fact.on}
    rendered = write(
        letters(),
        rule.name,
        letter_facts(then, rules(), recipient, fact.on, **more) | {"ask": None, "link": ""},
    )
    return rendered.subject, rendered_text(rendered.raw)


def taken_back(desk: LawDesk) -> int:
    """Version 1 sent on 14 June 2023, taken back on the 19th and sent again that day; the number of the last."""
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("withdrawn", "2023-06-19")
    return desk.tell("submitted", "2023-06-19").fact.no


def test_a_text_is_sent_again_on_the_day_it_was_taken_back(desk: LawDesk) -> None:
    again = taken_back(desk)
    [submission, clock] = [desk.deadline(rule) for rule in ("submission", "sst-decision")]
    assert (submission.met_on, clock.legal_on) == (day("2023-06-19"), day("2023-08-14"))
    assert desk.at().course.current.state == "submitted"  # type: ignore[union-attr]
    text = submission_letter(desk, again, "2023-06-19")
    assert (
        "Version 1 af sundhedsaftalen 2024-2027 for Region Nordjylland blev mandag den 19. juni 2023" in text
    )
    assert "Den er indsendt i tide; fristen er lørdag den 1. juli 2023" in text


def test_a_letter_about_a_text_that_was_taken_back_says_so_and_is_late_from_the_first_day_it_could_go(
    desk: LawDesk,
) -> None:
    """Taken back on a Saturday, it could be asked for on the Monday."""
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("withdrawn", "2023-06-17")
    for on, late in (("2023-06-19", False), ("2023-06-21", True)):
        told = [
            one for one in owed_now(rules(), desk.at(as_of=on), day(on), day(on), {})
            if one.letter.name == "submission-countdown"
        ]  # fmt: skip
        assert {(one.facts["due_on"], one.late) for one in told} == {("2023-06-19", late)}
        assert "Version 1 er trukket tilbage. Alle 12 råd har godkendt version 1." in " ".join(
            rendered_text(
                write(letters(), told[0].letter.name, told[0].facts | {"ask": None, "link": ""}).raw
            ).split()
        )


def test_the_order_of_a_day_does_not_follow_the_typing() -> None:
    sent, gone, again = (
        Fact(no, event, on, version=1)
        for no, event, on in (
            (1, "submitted", date(2023, 6, 14)),
            (2, "withdrawn", date(2023, 6, 19)),
            (3, "submitted", date(2023, 6, 19)),
        )
    )
    assert in_order([again, gone, sent]) == in_order([sent, gone, again]) == [sent, gone, again]
    assert tell([again, gone, sent], date.max).named("submitted") == [again]
    same = [Fact(no, event, date(2023, 6, 19), version=1) for no, event in
            ((1, "submitted"), (2, "withdrawn"), (3, "submitted"))]  # fmt: skip
    assert in_order(same) == same
    assert tell(same[:2], date.max).named("submitted") == []


def test_a_text_taken_back_is_not_said_never_to_have_been_sent_to_the_councils(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("withdrawn", "2023-06-19")
    [sent] = [one for one in readiness(desk.at(), rules()) if one.need == "sent"]
    assert sent.text == (
        "version 1 er trukket tilbage; indsend den igen, eller send en ny version til godkendelse i rådene"
    )


def test_a_refusal_that_names_no_date_happened_all_the_same_and_is_marked(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    said = desk.refuses(NotPossible, "sst-refused", "2023-08-15", about="mål 2 mangler")
    assert "BEK 1248/2022 § 21, stk. 4" in said and "--due" in said and "--confirm" in said
    number = desk.tell("sst-refused", "2023-08-15", about="mål 2 mangler").fact.no
    assert [(mark.need, mark.cite) for mark in marks(desk.at(), rules()) if mark.fact.no == number] == [
        ("new-date", "BEK 1248/2022 § 21, stk. 4")
    ]
    assert desk.at().deadline("resubmission") is None or desk.deadline("resubmission").legal_on is None
    for recipient in ("0851/council", "nordjylland/secretariat-region"):
        subject, text = letter(desk, number, recipient)
        assert subject == "Sundhedsaftalen er ikke godkendt (Nordjylland 2024-2027)"
        assert "Afslaget nævner ingen frist for en ændret aftale, selv om et afslag skal nævne en." in text
        assert "nye dato" not in text and "i tide" not in text
    assert "Bed Sundhedsstyrelsen om fristen, og registrér den, når den kommer" in text
    desk.sends("2023-08-21", yes_on="2023-09-25", version=2)
    again = desk.tell("submitted", "2023-10-02").fact.no
    text = submission_letter(desk, again, "2023-10-02")
    assert "Afslaget af version 1 nævnte ingen frist for en ændret aftale." in text
    assert "revision" not in text and "for sent" not in text and "i tide" not in text


def test_a_text_that_answers_a_refusal_does_so_after_councils_have_turned_another_down(desk: LawDesk) -> None:
    """Version 1 was refused without a date, version 2 turned down by a council, version 3 taken back once: each still
    answers the refusal; what comes after an approval is a revision."""
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", about="mål 2 mangler")
    desk.tell("sent-for-approval", "2023-08-21", version=2)
    desk.tell("council-rejected", "2023-09-04", version=2, council="0851")
    desk.sends("2023-09-11", yes_on="2023-10-16", version=3)
    third = desk.tell("submitted", "2023-10-18", version=3).fact.no
    text = submission_letter(desk, third, "2023-10-18")
    assert "Afslaget af version 1 nævnte ingen frist for en ændret aftale." in text
    assert "revision" not in text and "for sent" not in text and "i tide" not in text
    desk.tell("withdrawn", "2023-10-20", version=3)
    desk.sends("2023-10-23", yes_on="2023-11-20", version=4)
    fourth = desk.tell("submitted", "2023-11-22", version=4).fact.no
    assert "Afslaget af version 1 nævnte" in submission_letter(desk, fourth, "2023-11-22")
    desk.tell("sst-approved", "2023-12-20", version=4)
    desk.sends("2024-08-19", yes_on="2024-09-30", version=5)
    fifth = desk.tell("submitted", "2024-10-02", version=5).fact.no
    text = submission_letter(desk, fifth, "2024-10-02")
    assert "Det er en revision inden for aftalens periode." in text and "Afslaget" not in text
    assert [(one.answers, one.revision) for one in desk.at().course.versions] == [
        (None, False), (1, False), (1, False), (1, False), (None, True),
    ]  # fmt: skip


def test_a_date_the_authority_gives_after_its_refusal_is_the_date_of_the_changed_text(desk: LawDesk) -> None:
    desk.sends("2024-04-02", yes_on="2024-05-29")
    desk.tell("submitted", "2024-06-14")
    desk.tell("sst-refused", "2024-08-15", about="mål 2 mangler")
    desk.tell("revised-date-set", "2024-08-20", due="2024-10-16")
    desk.sends("2024-08-21", yes_on="2024-09-25", version=2)
    text = submission_letter(desk, desk.tell("submitted", "2024-10-02").fact.no, "2024-10-02")
    assert "Den er indsendt i tide; fristen for den ændrede aftale er onsdag den 16. oktober 2024" in text


def test_guidance_asks_for_nothing_by_a_day_before_it_was_there(desk: LawDesk) -> None:
    """The guidance of 12 January 2024 asks for communication and a plan after a submission; this one was in 2023."""
    desk.concludes("2023-12-04")
    found = {
        one.subject.partition(":")[0]: one.legal_on
        for one in prompts(desk.at(as_of="2024-01-12"), rules())
        if one.id == "task" and "@nr" in one.subject
    }
    assert found == {"communication": day("2024-03-12"), "follow-up-plan": day("2024-04-11")}


@pytest.mark.parametrize("event", ["withdrawn", "sst-refused"])
def test_nobody_is_asked_to_spread_or_carry_out_a_text_that_is_gone(desk: LawDesk, event: str) -> None:
    desk.sends("2024-03-01", yes_on="2024-04-01")
    desk.tell("submitted", "2024-04-02")
    desk.tell(event, "2024-04-20", **({"due": "2024-09-01"} if event == "sst-refused" else {}))
    asked = [one.subject for one in prompts(desk.at(as_of="2024-05-20"), rules()) if one.id == "task"]
    assert [one for one in asked if one.startswith(("communication", "follow-up-plan"))] == []


def test_the_letter_about_a_changed_text_does_not_say_that_its_councils_have_approved(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", due="2023-10-16", about="mål 2")
    [owed, *_] = [
        one for one in desk.letters("2023-09-15") if one.letter.name == "resubmission-countdown"
        and one.recipient.endswith("secretariat-region")
    ]  # fmt: skip
    text = rendered_text(
        write(letters(), "resubmission-countdown", owed.facts | {"ask": None, "link": ""}).raw
    )
    assert "har godkendt version 1" not in text
    assert (
        "Version 1 er ikke godkendt af Sundhedsstyrelsen. En ny version er ikke sendt til rådene endnu."
        in text
    )


def test_a_letter_about_a_text_says_when_the_date_behind_it_is_gone_under_either_end(empty: LawDesk) -> None:
    key = empty.open("nordjylland", "2026-2029", "2027-2031", opened_on=day("2026-10-01"))
    empty.tell("sent-for-approval", "2026-11-02", key, due="2027-01-20")
    [owed, *_] = [one for one in empty.letters("2026-11-03") if one.letter.name == "sent-for-approval"]
    text = rendered_text(write(letters(), "sent-for-approval", owed.facts | {"ask": None, "link": ""}).raw)
    assert "vi minder om den" not in text
    assert (
        "torsdag den 1. juli 2027 ligger efter begge mulige datoer. Pligten er derfor bortfaldet, uanset hvilken der "
        "gælder, og vi minder ikke om den." in text
    )


def test_nothing_is_late_by_a_date_that_is_gone_under_either_end(empty: LawDesk) -> None:
    """1 July 2027 lies after both possible ends: a text sent on 2 August is neither late nor in time by it."""
    empty.today = day("2027-09-01")
    key = empty.open("nordjylland", "2026-2029", "2027-2031", opened_on=day("2026-10-01"))
    empty.sends("2026-12-01", key, yes_on="2027-01-20")
    empty.tell("submitted", "2027-08-02", key)
    found = empty.deadline("submission", key, "2027-08-03")
    assert found.status == "met"
    assert any("intet er sket for sent" in step.text for step in found.why)
    [owed, *_] = [one for one in empty.letters("2027-08-02") if one.letter.name == "submission-recorded"]
    text = rendered_text(write(letters(), "submission-recorded", owed.facts | {"ask": None, "link": ""}).raw)
    assert "indsendt for sent." not in text and "Den er indsendt i tide" not in text
    assert (
        "Den frist, som reglerne ellers satte, torsdag den 1. juli 2027, er bortfaldet; aftalen er derfor hverken "
        "indsendt for sent eller i tide." in text
    )


def test_what_was_late_by_a_date_in_doubt_says_that_it_is_in_doubt(desk: LawDesk) -> None:
    desk.today = day("2027-02-01")
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-02", due="2027-01-01")
    desk.tell("midterm-sent", "2025-06-01")
    desk.tell("final-sent", "2026-09-01")
    found = desk.deadline("final-guidance", as_of="2026-09-02")
    assert (str(found.legal_on), found.status, found.doubtful) == ("2026-06-30", "met_late", True)
    assert state_of(found, "opfyldt for sent") == "opfyldt for sent, hvis reglen gjaldt den dag"
    assert any("om den gjaldt den dag, er ikke afklaret" in step.text for step in found.why)
    assert (desk.deadline("submission").status, desk.deadline("submission").doubtful) == ("met_late", False)


def test_no_council_is_asked_for_an_answer_once_the_rules_are_gone_under_either_end(empty: LawDesk) -> None:
    empty.today = day("2027-09-01")
    key = empty.open("nordjylland", "2026-2029", "2027-2031", opened_on=day("2026-10-01"))
    empty.tell("sent-for-approval", "2026-11-02", key, due="2027-01-20")
    before, after = (
        [one for on in days for one in empty.letters(on) if one.letter.name.startswith("council-")]
        for days in (["2026-11-03", "2026-12-21"], ["2027-01-06", "2027-01-13", "2027-01-21", "2027-02-18"])
    )
    assert {one.letter.name for one in before} == {"council-pending"}
    assert after == []
    text = rendered_text(write(letters(), "council-pending", before[0].facts | {"ask": None, "link": ""}).raw)
    assert "er bortfaldet, uanset hvilken af de to mulige dage det er" in text
    assert "Det er ikke afklaret, om den stadig gælder" not in text
    assert "(bindende frist). Pligten er bortfaldet." in text


def test_the_other_date_of_a_report_says_when_its_duty_is_gone(desk: LawDesk) -> None:
    """The final status: 31 December 2026 by the guidance in doubt, 30 June 2027 by the order gone under either end."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-02", due="2027-07-01")
    desk.tell("midterm-sent", "2025-06-01")
    [owed, *_] = [one for one in desk.letters("2026-12-16") if one.letter.name == "final-due"]
    text = rendered_text(write(letters(), "final-due", owed.facts | {"ask": None, "link": ""}).raw)
    assert "Den anden dato, onsdag den 30. juni 2027, er bortfaldet." in text
