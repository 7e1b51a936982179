"""A region that ends: its committees sit to its last day, and its letters go to the region that takes over (OVG)."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import add_contact, letters
from tests.story.living import danish, notices
from workflow.errors import NotFound
from workflow.mail.links import Ask, reader_of
from workflow.mail.writing.facts import party_told
from workflow.services.councils.asking import question, withdraw_links
from workflow.services.desk.calling import calls
from workflow.services.due.prompts import prompts
from workflow.services.due.quotas import quotas
from workflow.services.hands.noting import note
from workflow.services.meetings.keeping import import_meetings, read_file
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.occasions import needing
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.recipients import expand, party_of
from workflow.services.views.bodies import of_its_region
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import writing

KEY = "hovedstaden/2024-2027"
FRAMEWORK = "hovedstaden/2025-2026"
HEIR = "oestdanmark/council"


def owed(desk: LawDesk, on: str) -> list[Owed]:
    return [
        o
        for o in owed_now(rules(), desk.at(KEY, on), day(on), day(on), {})
        if o.letter.name == "rosters-expire" and o.facts["event"]["about"] != "piu"
    ]


@pytest.fixture
def ending(empty: LawDesk) -> LawDesk:
    empty.open("hovedstaden")
    empty.tell("effective", "2024-01-01", KEY)
    empty.concludes("2023-12-15", KEY)
    return empty


def test_seats_that_go_on_a_year_are_not_said_to_lapse_with_the_term(ending: LawDesk) -> None:
    """Trap 25, OVG § 105: Hovedstaden's seats last to 31 December 2026."""
    assert owed(ending, "2025-12-01") == []


def test_before_the_region_ends_it_and_its_successor_are_told(ending: LawDesk) -> None:
    told = owed(ending, "2026-12-01")
    assert {one.recipient for one in told} == {
        f"{region}/secretariat-{side}"
        for region in ("hovedstaden", "oestdanmark")
        for side in ("region", "municipal")
    }
    assert {(one.facts["event"]["on"], one.facts["event"]["about_name"]) for one in told} == {
        ("2026-12-31", "Region Østdanmark")
    }
    assert {tuple(one.facts["event"]["cite"]) for one in told} == {("OVG § 105",)}
    for one in told:
        heir, regional = one.recipient.startswith("oestdanmark"), one.recipient.endswith("-region")
        taking = "Region Østdanmark, som overtager sundhedsaftalen efter Region Hovedstaden "
        to = taking if regional else f"Kommunernes sekretariat i {taking}"
        text = rendered_text(write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""}).raw)
        own = "Det fælles sekretariat for sundhedssamarbejdsudvalget i Region Hovedstaden, "
        assert f"Til: {to if heir else own}" in text
        assert ("sundhedssamarbejdsudvalget i Region Østdanmark" in text) is False
        assert ("som overtager sundhedsaftalen efter Region Hovedstaden." in text) is heir


def test_from_its_first_day_the_successor_gets_the_letters(ending: LawDesk) -> None:
    assert (
        expand(ending.at(KEY, "2026-12-31"), rules(), ("secretariat",))[0] == "hovedstaden/secretariat-region"
    )
    assert expand(ending.at(KEY, "2027-01-01"), rules(), ("secretariat",)) == [
        "oestdanmark/secretariat-region", "oestdanmark/secretariat-municipal",
    ]  # fmt: skip


def test_a_region_to_come_says_from_when_it_is_and_which_dates_lie_before(empty: LawDesk) -> None:
    """Østdanmark's rammeaftale is due on 1 December 2026, a month before the region is there."""
    key = empty.open(
        "oestdanmark",
        "2026-2029",
        "2027-2028",
        opened_on=day("2026-06-01"),
        regime="rammeaftale-bek-1561-2025",
    )
    assert of_its_region(empty.at(key, "2026-11-30")) == [
        "Region Østdanmark findes først fra fredag den 1. januar 2027 og overtager da fra Region Hovedstaden og "
        "Region Sjælland (OVG §§ 6-7); parterne er dens 47 råd",
        "Rammeaftalen indgået, tirsdag den 1. december 2026, ligger før den dag: afklar, hvem der skal gøre det",
    ]
    assert of_its_region(empty.at(key, "2027-01-01")) == []


def test_what_was_told_to_a_region_is_told_to_its_successor_no_second_time(empty: LawDesk) -> None:
    """A hearing from before the region ended to after: the successor's bodies take over, and nothing is called late."""
    empty.today = day("2027-03-01")
    key = empty.open("hovedstaden", "2022-2025", "2024-2027", opened_on=day("2022-10-03"))
    empty.tell("goals-set", "2026-11-02", key, about="1")
    empty.tell("consultation-opened", "2026-12-01", key, due="2027-01-20", time="12:00")
    told = {one.recipient for one in empty.letters("2026-12-01") if one.letter.name == "consultation-opened"}
    assert {"1084/council", "hovedstaden/piu", "hovedstaden/secretariat-region"} <= told
    assert [one.key for one in empty.letters("2027-01-04") if "consultation-opened" in one.key] == []
    closing = {
        one.recipient for one in empty.letters("2027-01-06") if one.letter.name == "consultation-closing"
    }
    assert {
        "oestdanmark/council",
        "oestdanmark/piu",
        "oestdanmark/secretariat-region",
        "0101/council",
    } <= closing
    assert not [one for one in closing if one.startswith(("1084/", "hovedstaden/"))]
    evening = danish(day("2027-01-06"), 23)
    assert [
        one for one in reckon(empty.engine, rules(), evening) if one.kind in ("missing", "unreckonable")
    ] == []


def test_the_regional_council_of_the_successor_is_written_to_by_its_own_name(ending: LawDesk) -> None:
    facts = letter_facts(ending.at(KEY, "2027-01-06"), rules(), "oestdanmark/council", day("2027-01-06"))
    assert (facts["recipient"]["name"], facts["recipient"]["regional"]) == ("Region Østdanmark", True)


@pytest.fixture
def over_new_year(empty: LawDesk) -> LawDesk:
    """A framework agreement of Hovedstaden that lies with its councils when the region ends; answers by 28 January.
    None of the term 2026-2029 can: it is opened for the successor."""
    empty.today = day("2027-03-01")
    empty.open(
        "hovedstaden", "2022-2025", "2025-2026",
        opened_on=day("2024-06-03"), regime="rammeaftale-bek-1226-2020",
    )  # fmt: skip
    empty.tell("sent-for-approval", "2026-12-01", FRAMEWORK, due="2027-01-28")
    return empty


def written(one: Owed) -> tuple[str, str]:
    rendered = write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""})
    return rendered.subject, rendered_text(rendered.raw)


def unsent(desk: LawDesk, recipient: str) -> list[tuple[str, str, str]]:
    """The letters of the council's reply to ``recipient``: letter, state and why."""
    return [
        (one.letter, one.state, one.why)
        for one in notices(desk.engine)
        if one.recipient == recipient and one.deadline == "council-reply"
    ]


def test_the_party_behind_a_letter_to_the_successor_is_the_old_regional_council(
    over_new_year: LawDesk,
) -> None:
    """On any day: a letter about what happened before the region ended may be written after."""
    for on in ("2026-12-31", "2027-01-14"):
        found = {
            recipient: party and party.code
            for recipient in (
                HEIR,
                "1084/council",
                "0101/director",
                "oestdanmark/secretariat-region",
                "1085/council",
            )
            for party in [party_of(over_new_year.at(FRAMEWORK, on), recipient)]
        }
        assert found == {
            HEIR: "1084", "1084/council": "1084", "0101/director": "0101",
            "oestdanmark/secretariat-region": None, "1085/council": None,
        }  # fmt: skip


def test_a_reminder_to_the_successor_stands_until_its_council_has_answered(over_new_year: LawDesk) -> None:
    pending = [
        one for one in over_new_year.letters("2027-01-14", handed_over=False)
        if one.recipient == HEIR and one.letter.name == "council-pending"
    ]  # fmt: skip
    subject, text = written(pending[0])
    assert "Svar senest" in subject and "Region Østdanmark" in text
    assert pending[0].facts["deadline"]["title"] == "Svar fra regionsrådet"
    over_new_year.tell("council-approved", "2027-01-14", FRAMEWORK, council="0101")
    assert unsent(over_new_year, HEIR) == [("council-pending", "planned", "")]
    over_new_year.tell("council-approved", "2027-01-14", FRAMEWORK, council="1084")
    assert unsent(over_new_year, HEIR) == [("council-pending", "superseded", "rådet har besluttet")]


def test_a_reminder_to_the_successor_goes_when_its_council_tells_its_day(over_new_year: LawDesk) -> None:
    over_new_year.letters("2027-01-14", handed_over=False)
    over_new_year.tell("council-scheduled", "2027-01-14", FRAMEWORK, council="1084", due="2027-01-26")
    assert unsent(over_new_year, HEIR) == [("council-pending", "superseded", "rådet har oplyst sin mødedag")]


def test_no_successor_is_asked_for_the_answer_that_the_old_council_gave(over_new_year: LawDesk) -> None:
    over_new_year.tell("council-approved", "2026-12-15", FRAMEWORK, council="1084")
    standing = over_new_year.at(FRAMEWORK, "2027-01-04")
    [sent] = standing.story.named("sent-for-approval")
    assert needing(standing, sent, [HEIR, "0101/council"]) == ["0101/council"]


def test_the_successor_is_told_when_the_agenda_of_its_meeting_closes(over_new_year: LawDesk) -> None:
    calendar = "body;organ;date;agenda_closes\n1084;;2027-01-26;2027-01-18"
    proposed = read_file(rules(), "moeder.csv", calendar.encode())
    at = danish(day("2026-12-01"), 9)
    import_meetings(over_new_year.engine, rules(), proposed, source="regionh.dk", by="prøve", at=at)
    over_new_year.tell("council-scheduled", "2026-12-15", FRAMEWORK, council="1084", due="2027-01-26")
    [agenda] = [one for one in over_new_year.letters("2027-01-11") if one.letter.name == "council-agenda"]
    assert (agenda.recipient, agenda.facts["meeting"]["on"]) == (HEIR, "2027-01-26")
    subject, text = written(agenda)
    assert "Sagen skal være hos jer senest" in subject
    assert "på mødet tirsdag den 26. januar 2027" in text and "Region Østdanmark" in text


def test_the_successor_is_asked_to_publish_what_the_old_region_was_a_party_to(over_new_year: LawDesk) -> None:
    for party in over_new_year.at(FRAMEWORK).agreement.parties:
        over_new_year.tell("council-approved", "2027-01-12", FRAMEWORK, council=party.code)
    over_new_year.tell("concluded", "2027-01-13", FRAMEWORK)
    [asked] = [
        one for one in over_new_year.letters("2027-01-14")
        if one.letter.name == "publish" and one.recipient == HEIR
    ]  # fmt: skip
    subject, text = written(asked)
    assert "på regionens hjemmeside" in subject and "Regionsrådet i Region Østdanmark" in text
    over_new_year.tell("published", "2027-01-15", FRAMEWORK, council="1084", about="agreement")
    standing = over_new_year.at(FRAMEWORK, "2027-01-16")
    assert HEIR not in expand(standing, rules(), ("unpublished-councils",), asked.deadline)


def test_the_link_in_a_letter_to_the_successor_asks_for_the_old_council_s_answer(
    over_new_year: LawDesk,
) -> None:
    box, today = "raad@oestdanmark.example", day("2027-01-14")
    with writing(over_new_year.engine) as session:
        add_contact(session, "oestdanmark", box)
    ask = Ask(FRAMEWORK, 1, "oestdanmark", reader_of(box))
    asked = question(over_new_year.engine, rules(), ask, today)
    assert (asked.council.code, asked.by, asked.closed) == (
        "1084",
        box,
        "valgperioden sluttede 31. december 2025",
    )
    with pytest.raises(NotFound):
        question(over_new_year.engine, rules(), Ask(FRAMEWORK, 1, "1085", reader_of(box)), today)
    withdraw_links(
        over_new_year.engine, rules(), Ask(FRAMEWORK, 1, "1084"), "sendt videre", "Anna", danish(today, 9)
    )
    assert question(over_new_year.engine, rules(), ask, today).dead
    facts = letter_facts(over_new_year.at(FRAMEWORK, today), rules(), HEIR, today)
    assert party_told(facts) == "1084", "the next letter's link is of an edition after the withdrawn"


def test_the_call_list_of_the_old_council_counts_what_its_successor_was_sent_and_shows_its_mailbox(
    over_new_year: LawDesk,
) -> None:
    desk = over_new_year
    with writing(desk.engine) as session:
        add_contact(session, "oestdanmark", "raad@oestdanmark.example")
    desk.letters("2027-01-14")  # 14 days before the day they are asked to answer by
    [one] = [one for one in calls(desk.engine, desk.at(FRAMEWORK, "2027-01-15")) if one.code == "1084"]
    assert [person.email for person in one.people] == ["raad@oestdanmark.example"]
    to_the_heir = [n for n in notices(desk.engine) if n.recipient == HEIR and n.letter == "council-pending"]
    assert to_the_heir and one.told_on == max(n.due_on for n in to_the_heir)
    kept = note(desk.engine, rules(), str(to_the_heir[0].id), "Ringet", "Anne", danish(day("2027-01-15"), 9))
    assert kept.body == "1084", "a note on a letter to the successor stands at the council it took over from"


def test_that_seats_end_with_the_region_is_in_no_doubt(ending: LawDesk) -> None:
    """OVG § 105 ends them, whenever the rules about health agreements end."""
    [rosters] = [
        one
        for one in prompts(ending.at(KEY, "2026-12-01"), rules())
        if (one.id, one.subject) == ("rosters", "")
    ]
    assert (rosters.cite, rosters.doubtful) == (("OVG § 105",), False)


def test_the_committees_of_a_region_to_come_owe_no_meetings_before_its_first_day(empty: LawDesk) -> None:
    """Region Østdanmark is there from 1 January 2027 (OVG §§ 6-7): in 2026 it had no committee that could meet, and no
    patient committee to invite."""
    key = empty.open("oestdanmark", "2026-2029", "2027-2031", opened_on=day("2026-11-21"))
    yearly = ("meetings", "piu-yearly", "task")
    for on in ("2026-11-30", "2026-12-30"):
        assert not [one.id for one in prompts(empty.at(key, on), rules()) if one.id in yearly], on
        assert quotas(empty.at(key, on), rules(), 2026) == []
    assert "ssu" in [one.about for one in quotas(empty.at(key, "2027-01-04"), rules(), 2027)]
    told = [one for on in ("2026-11-30", "2026-12-30") for one in empty.letters(on)]
    assert {one.letter.name for one in told} == {"regime-unsettled"}


def test_the_committees_of_a_region_that_has_ended_owe_no_meetings_of_the_year_after(ending: LawDesk) -> None:
    assert "ssu" in [one.about for one in quotas(ending.at(KEY, "2026-12-01"), rules(), 2026)]
    assert quotas(ending.at(KEY, "2027-01-04"), rules(), 2027) == []
    assert not [one for one in prompts(ending.at(KEY, "2027-01-04"), rules()) if one.id == "piu-yearly"]


@pytest.mark.parametrize(
    ("closes", "told_on", "cited"), [("2026-11-30", "2026-12-01", True), ("2027-01-15", "2027-01-18", False)]
)
def test_the_letter_about_a_closed_hearing_cites_no_rule_that_is_gone_under_either_end(
    empty: LawDesk, closes: str, told_on: str, cited: bool
) -> None:
    empty.today = day(told_on)
    key = empty.open("nordjylland", "2022-2025", "2024-2027", opened_on=day("2022-10-03"))
    empty.tell("goals-set", "2026-11-02", key, about="1")
    empty.tell("consultation-opened", "2026-11-09", key, due=closes, time="12:00")
    closed = [one for one in empty.letters(told_on) if one.letter.name == "consultation-closed"]
    assert {"nordjylland/secretariat-region"} <= {one.recipient for one in closed}
    for one in closed:
        text = rendered_text(
            write(letters(), "consultation-closed", one.facts | {"ask": None, "link": ""}).raw
        )
        assert ("BEK 1248/2022" in text) is cited
        assert ("Kontrollér, at patientinddragelsesudvalget er hørt." in text) is cited
