"""All regions from 28 November 2026 to 1 March 2028, rehearsed under each end of the rules: while nobody knows it, and
with either day confirmed."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from tests.story.rehearsing import ROUND, stage
from workflow.services.rounds.ledger import Day
from workflow.services.rounds.rehearsal import rehearse
from workflow.services.rounds.roundfile import AgreementEntry, FactEntry, read_round

pytestmark = [
    pytest.mark.slow,
    pytest.mark.torture,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("end-of-the-rules"),
]
FIRST, LAST, CONFIRMED_ON = date(2026, 11, 28), date(2028, 3, 1), date(2026, 11, 30)
OPEN, EARLY, LATE = None, date(2026, 1, 1), date(2027, 1, 1)
DEAD = ("2027-06-30", "2027-07-01", "2027-12-31", "2028-07-01")
ENDING = ("hovedstaden", "sjaelland")
REGIONS = ("nordjylland", "midtjylland", "syddanmark", "oestdanmark")
FEWER = ("midtjylland", "hovedstaden", "oestdanmark")  # what `make test` lives of the confirmed ends
NEXT = [
    AgreementEntry(region=region, term="2026-2029", label="2027-2031", source="åbnet på forhånd")
    for region in REGIONS
]
# Long past, and no cell of the table rests on it: recording it is most of what living a round costs.
PASSED_OVER = {
    "meeting-held", "piu-meeting-held", "piu-invited", "cluster-input", "cluster-dialogue", "published", "shared",
    "annual-review-held",
}  # fmt: skip
Cells = dict[str, set[str]]


@dataclass(frozen=True)
class Lived:
    """The rehearsed days of the regions, with the day their rules end (``None``: nobody has confirmed one)."""

    end: date | None
    days: list[Day]

    def told(self) -> Iterator[tuple[date, str, str]]:
        """(day, key, mailbox) of every notice told."""
        return ((day.on, key, mail.to) for day in self.days for mail in day.mails for key in mail.keys)

    def cells(self, label: str, before: date = date.max, since: date = date.min) -> Cells:
        """Region -> the letters told of its agreement with this label, each with the date it is about."""
        found: Cells = defaultdict(set)
        for on, key, _ in self.told():
            agreement, _, subject, dated, letter, *_ = key.split("|")
            region, _, called = agreement.partition("/")
            if called == label and since <= on < before:
                own = " piu" if subject.startswith("piu@") else ""
                found[region].add(f"{letter}{own} {dated.partition('@')[2]}".strip())
        return found


def _lived(end: date | None, regions: set[str]) -> Lived:
    known = [FactEntry(event="regime-confirmed", on=CONFIRMED_ON, due=end, source="L719 § 24")] if end else []
    entries = []
    for entry in [*read_round(ROUND), *NEXT]:
        if entry.region in regions:
            facts = [fact for fact in entry.fact if fact.event not in PASSED_OVER]
            entries.append(entry.model_copy(update={"fact": facts + known}))
    return Lived(end, asyncio.run(rehearse(stage(), FIRST, LAST, rounds=entries)))


@pytest.fixture(scope="module", params=[OPEN, EARLY, LATE], ids=["unconfirmed", "2026-01-01", "2027-01-01"])
def lived(request: pytest.FixtureRequest, torture: bool) -> Lived:
    """The agreements in force and the round after them, lived once an end for all the tests that ask about them."""
    whole = torture or request.param is OPEN
    return _lived(request.param, {*REGIONS, *ENDING} if whole else {*FEWER})


def test_no_letter_follows_a_date_that_is_gone_under_every_candidate(lived: Lived) -> None:
    gone = [key for _, key, _ in lived.told() if any(f"@{dead}|" in key for dead in DEAD)]
    assert gone == []
    assert [key for _, key, _ in lived.told() if "|submission-" in key] == []


def test_the_round_after_is_asked_about_at_most_once_and_never_asked_to_submit(lived: Lived) -> None:
    """Nothing of it was ever sent out, so an end that is known is told to nobody."""
    found = Counter(key.split("|")[-3] for _, key, _ in lived.told() if "/2027-2031|" in key)
    assert found.pop("regime-unsettled", 0) == (0 if lived.end else len(REGIONS))
    assert not found, (
        "the committees are written to through the agreement in force, and Østdanmark has none yet"
    )


def test_what_may_be_owed_is_asked_for_until_the_end_and_nothing_of_the_old_rules_after(lived: Lived) -> None:
    """Table 8, row by row of its regions; *piu* is the patients' own meeting, which BEK 1615/2025 asks for."""
    asked = {
        "meetings-at-risk 2026-12-31", "meetings-at-risk piu 2026-12-31", "piu-meeting 2026-12-31",
        "annual-review 2026-12-31", "duty 2026-12-31", "final-due 2026-12-31",
    }  # fmt: skip
    own = {"meetings-at-risk piu 2026-12-31"}
    until = lived.cells("2024-2027", before=LATE)
    for region, letters in until.items():
        letters -= {"regime-unsettled 2026-11-28", "rosters-expire 2026-12-31"}
        assert ("region-ends 2026-12-31" in letters) is (region in ENDING), region
        letters -= {"region-ends 2026-12-31"}
        if lived.end == EARLY:
            assert letters == own | {"regime-ended 2026-01-01"}, region
        else:
            assert letters == asked, region
    after = lived.cells("2024-2027", since=LATE)
    for region in until:
        assert after[region] == ({"regime-ended 2027-01-01"} if lived.end == LATE else set()), region


def test_no_mail_goes_to_a_region_that_is_gone_and_none_to_committees_to_come(lived: Lived) -> None:
    late = [to for on, _, to in lived.told() if on >= LATE and any(f"region-{one}." in to for one in ENDING)]
    assert late == []
    assert not [key for _, key, _ in lived.told() if "oestdanmark/2027-2031|meetings" in key]


def test_a_breach_before_the_end_is_told_and_kept(lived: Lived) -> None:
    """Midtjylland's midterm status of 2025 was never recorded."""
    said = [
        mail.raw.decode() for day in lived.days for mail in day.mails
        for key in mail.keys if key.startswith("midtjylland/2024-2027|regime-ended")
    ]  # fmt: skip
    assert bool(said) is bool(lived.end)
    assert all("reglerne er siden" in text for text in said)
    assert [alarm for day in lived.days for alarm in day.alarms] == []
