"""Each letter to councils of every region, and to the longest names: nothing breaks, nothing differs."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from tests.conftest import ROOT
from tests.mail.conftest import part, without_markup, write
from tests.mail.sample_facts import FUNCTIONS, Facts
from tests.mail.samples import SAMPLES, sample
from tests.mail.writing.test_recipients import one_story
from workflow.mail.writing.letters import Letters
from workflow.rules.agreement import Council
from workflow.storage.law.rulebook import load

RULES = load(ROOT / "calendars")
TODAY, MERGED = date(2023, 6, 19), date(2027, 6, 21)
PLACES = [region.id for region in RULES.regions]
ONE_CASE_EACH = {letter: case for case, (letter, _) in reversed(SAMPLES.items())}
LONGEST = "Hospitalsenhedernes og kommunernes fælles sekretariat for sundhedssamarbejdsudvalget i Ringkøbing-Skjern, "
LONGEST += "Lyngby-Taarbæk, Faaborg-Midtfyn og Brønderslev-Dronninglund Kommuner på Øerne"


def parties_of(region: str) -> list[Council]:
    day = MERGED if RULES.region(region).valid_from > TODAY else TODAY
    return list(RULES.parties(region, day))


def councils_of(region: str) -> list[Council]:
    return [party for party in parties_of(region) if not party.regional]


def facts_of(letter: str, region: str, recipient: Facts) -> Facts:
    """The letter's reviewed facts, moved to this region with all its councils outstanding."""
    _, known = sample(ONE_CASE_EACH[letter])
    place = RULES.region(region)
    key = f"{region}/2024-2027"
    councils = [council.name for council in councils_of(region)]
    known["agreement"] |= {"key": key, "region": region, "region_name": place.name}
    known["recipient"] = recipient
    known["ask"] = {"name": f"Sekretariatet i {place.name}", "email": f"sundhedsaftale@{region}.example"}
    known["link"] = f"https://aftalefrist.example/{key}"
    if known["councils"] is not None:
        known["councils"] |= {"total": len(councils) + 1, "approved": 0, "pending": councils, "against": []}
    return known


def check(letters: Letters, letter: str, known: Facts) -> str:
    """What must be true of each; its text."""
    raw = write(letters, letter, known, known["recipient"]["name"]).raw
    text, html = one_story(raw), without_markup(part(raw, "text/html"))
    for told in (text, html):
        assert known["agreement"]["region_name"] in " ".join(told.split())
        if known["recipient"]["function"] == "council" and not known["recipient"]["regional"]:
            assert known["recipient"]["name"] in " ".join(told.split())
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    # By the rules of RFC 2047 itself: the standard library's newer parser keeps blanks between encoded words.
    name, _ = parseaddr(str(message_from_bytes(raw)["To"]))
    assert str(make_header(decode_header(name))) == known["recipient"]["name"]
    return text


@pytest.mark.parametrize("letter", sorted(ONE_CASE_EACH))
@pytest.mark.parametrize("region", PLACES)
@pytest.mark.torture
def test_each_letter_to_the_councils_of_every_region_says_the_same_dates_in_text_and_html(
    letters: Letters, region: str, letter: str, torture: bool
) -> None:
    """To a third of them, another for the next letter, so that each council gets a third of the letters; with
    ``make torture`` to all."""
    first, step = (0, 1) if torture else (sorted(ONE_CASE_EACH).index(letter) % 3, 3)
    for council in parties_of(region)[first::step]:
        recipient = {
            "body": council.code, "name": council.name, "function": "council", "regional": council.regional,
        }  # fmt: skip
        who = "Regionsrådet i" if council.regional else "Kommunalbestyrelsen i"
        text = check(letters, letter, facts_of(letter, region, recipient))
        assert f"Til: {who} {council.name}" in " ".join(text.split())


def test_these_are_all_the_councils() -> None:
    today = [council.code for region in PLACES for council in councils_of(region) if region != "oestdanmark"]
    assert len(today) == len(set(today)) == 98
    assert len(councils_of("oestdanmark")) == 46


@pytest.mark.parametrize("letter", sorted(ONE_CASE_EACH))
def test_every_letter_to_every_function_bears_the_longest_name(letters: Letters, letter: str) -> None:
    for recipient in FUNCTIONS.values():
        check(letters, letter, facts_of(letter, "hovedstaden", recipient | {"name": LONGEST}))
