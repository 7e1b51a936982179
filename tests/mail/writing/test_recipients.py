"""Every letter to every function it may go to, to every cluster, and the longest names and lists."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.mail.conftest import FOLDER, part, read, write
from tests.mail.sample_facts import CLUSTER, FUNCTIONS
from tests.mail.samples import SAMPLES, sample
from tests.mail.writing.test_letters import LETTERS, dates_in, without_markup
from workflow.mail.writing.letters import LONGEST as LONGEST_SUBJECT
from workflow.mail.writing.letters import Letters
from workflow.mail.writing.plain import WIDTH
from workflow.storage.law import rulebook

RULES = rulebook.load(FOLDER.parents[1] / "calendars")
REGIONS = [region for region in RULES.regions if region.code]  # the five the agreements were made in
NAMES = {member.code: member.full_name for member in RULES.memberships}
HOME = {member.code: member.region for member in reversed(RULES.memberships)}
SECRETARIAT = {"secretariat-region", "secretariat-municipal"}
PARTIES = {"council", "regional-council"}
# The health authority is in no row: it is written to by people, never by this program.
MAY_GO_TO: dict[str, set[str]] = {
    "annual-review": SECRETARIAT | {"cluster"},
    "answer-due": SECRETARIAT,
    "constitution": SECRETARIAT | {"council"},
    "consultation-closed": SECRETARIAT | PARTIES | {"cluster", "piu"},
    "consultation-closing": SECRETARIAT | PARTIES | {"cluster", "piu"},
    "consultation-opened": SECRETARIAT | PARTIES | {"cluster", "piu"},
    "contacts-confirm": PARTIES | {"cluster", "piu", "chair", "vice-chair"},
    "council-against": SECRETARIAT | {"chair", "vice-chair"},
    "council-late": {"director"},
    "council-meeting": PARTIES,
    "council-pending": PARTIES,
    "council-silent": {"secretariat-region"},
    "countdown": SECRETARIAT | PARTIES,
    "deadline-moved": SECRETARIAT | PARTIES,
    "decision-reported": SECRETARIAT | PARTIES,
    "decision-confirmed": SECRETARIAT | PARTIES,
    "decision-returned": SECRETARIAT | PARTIES,
    "digest": set(FUNCTIONS) - {"person", "reader"},  # what one person asked for goes alone
    "drafting-start": SECRETARIAT | {"cluster"},
    "due": SECRETARIAT | PARTIES,
    "duty": SECRETARIAT | {"cluster", "piu", "regional-council"},
    "final-due": SECRETARIAT,
    "hearing-reply": {"reader"},
    "hold-over": SECRETARIAT,
    "info-reminder": SECRETARIAT,
    "info-requested": SECRETARIAT,
    "meetings-at-risk": SECRETARIAT | {"cluster", "piu", "regional-council"},
    "met": SECRETARIAT,
    "midterm-due": SECRETARIAT,
    "calendars-missing": {"secretariat-region"},
    "council-agenda": PARTIES,
    "council-calendar": PARTIES,
    "council-day-gone": {"secretariat-region"},
    "nominal-end-missing": {"secretariat-region"},
    "overdue": SECRETARIAT | PARTIES,
    "piu-meeting": SECRETARIAT | {"piu"},
    "publication-missing": SECRETARIAT,
    "publish": PARTIES,
    "reasons": {"reader"},
    "ready-to-submit": SECRETARIAT | {"regional-council"},
    "receipt-missing": SECRETARIAT | {"regional-council"},
    "receipt-recorded": SECRETARIAT | PARTIES,
    "refusal-discussed": SECRETARIAT | PARTIES | {"chair"},
    "region-ends": SECRETARIAT | PARTIES,
    "regime-ended": SECRETARIAT | PARTIES,
    "mistake-taken-back": SECRETARIAT | PARTIES | {"cluster", "piu", "chair", "vice-chair"},
    "reading-signed": SECRETARIAT,
    "regime-retracted": SECRETARIAT | PARTIES,
    "regime-unsettled": {"secretariat-region"},
    "resubmission-countdown": SECRETARIAT | PARTIES,
    "revision-opened": SECRETARIAT | {"cluster", "piu"},
    "rosters-expire": SECRETARIAT,
    "sent-for-approval": SECRETARIAT | PARTIES,
    "share-results": SECRETARIAT,
    "sst-approved": SECRETARIAT | PARTIES | {"chair"},
    "sst-clock-passed": SECRETARIAT | {"regional-council"},
    "sst-clock-running": SECRETARIAT | {"regional-council"},
    "sst-silent": SECRETARIAT | PARTIES,
    "sst-refused": SECRETARIAT | PARTIES | {"chair"},
    "submission-countdown": SECRETARIAT | {"regional-council"},
    "submission-overdue": SECRETARIAT | {"regional-council"},
    "submission-recorded": SECRETARIAT | PARTIES,
    "submission-withdrawn": SECRETARIAT | PARTIES,
    "watch-agreements": SECRETARIAT,
    "week": {"person"},
}


def bodies() -> list[dict[str, Any]]:
    """98 municipal councils and five regional ones, each with its region's name."""
    regions = {region.id: region.name for region in REGIONS}
    own = [
        {
            "body": code,
            "name": name,
            "function": "council",
            "regional": False,
            "region_name": regions[HOME[code]],
        }
        for code, name in NAMES.items()
    ]
    return own + [
        {"body": one.code, "name": one.name, "function": "council", "regional": True, "region_name": one.name}
        for one in REGIONS
    ]


BODIES = bodies()
LONGEST = sorted(NAMES.values(), key=len)[-12:]


def addressed(case: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    name, facts = sample(case)
    facts["recipient"] = {key: value for key, value in body.items() if key != "region_name"}
    facts["agreement"]["region_name"] = body["region_name"]
    return name, facts


def same_story(letters: Letters, name: str, facts: dict[str, Any], to_name: str) -> str:
    """The letter's text as :func:`one_story` reads it."""
    return one_story(write(letters, name, facts, to_name).raw)


def one_story(raw: bytes) -> str:
    """The text of a letter, whose dates the HTML part tells too, no line of which is too long for a terminal."""
    text, source = part(raw, "text/plain"), part(raw, "text/html")
    assert text and source
    assert dates_in(text) == dates_in(without_markup(source))
    assert not [line for line in text.splitlines() if len(line) > WIDTH and "://" not in line]
    assert "  " not in text.replace("\n  ", "\n") and " ." not in text and " ," not in text
    return text


def test_every_letter_has_its_recipients() -> None:
    assert tuple(sorted(MAY_GO_TO)) == LETTERS
    assert set().union(*MAY_GO_TO.values()) == set(FUNCTIONS)


def test_the_country_has_98_municipal_and_five_regional_councils() -> None:
    assert len(BODIES) == 103 and sum(body["regional"] for body in BODIES) == 5


@pytest.mark.parametrize("case", SAMPLES)
def test_each_case_is_told_to_every_function_its_letter_may_go_to(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    own = facts["recipient"]
    assert (
        own["function"] if not (own["regional"] and own["function"] == "council") else "regional-council"
    ) in (MAY_GO_TO[name])
    for function in sorted(MAY_GO_TO[name]):
        facts["recipient"] = FUNCTIONS[function]
        text = same_story(letters, name, facts, "Modtager")
        assert (
            re.search(r"(NÆSTE SKRIDT|DET BEDER VI JER OM)\n\n- ", text) and "I får denne mail, fordi" in text
        )


@pytest.mark.parametrize("cluster", RULES.clusters, ids=lambda one: one.id)
def test_every_cluster_can_be_written_to(letters: Letters, cluster: Any) -> None:
    region = next(region.name for region in REGIONS if region.id == cluster.region)
    for name in sorted(name for name, to in MAY_GO_TO.items() if "cluster" in to):
        case = next(case for case, (letter, _) in SAMPLES.items() if letter == name)
        body = CLUSTER | {"body": cluster.id, "name": cluster.name, "region_name": region}
        text = " ".join(same_story(letters, *addressed(case, body), cluster.name).split())
        assert f"{cluster.name} er sundhedsklynge i {region}" in text


@pytest.mark.parametrize("name", ["submission-countdown", "council-against", "publication-missing"])
def test_lists_hold_the_longest_names_and_every_council_of_the_largest_region(
    letters: Letters, name: str
) -> None:
    case = next(case for case, (letter, _) in SAMPLES.items() if letter == name)
    _, facts = sample(case)
    all_of_it = [code for code, region in HOME.items() if region == "hovedstaden"]
    names = [*LONGEST, *(NAMES[code] for code in all_of_it)]
    facts["version"] = {
        "number": 3,
        "sent_on": None,
        "reply_by": None,
        "submitted_on": None,
        "received_on": None,
    }
    facts["councils"] = {"total": 42, "approved": 0, "pending": names, "against": []}
    if facts["publication"]:
        facts["publication"] |= {"missing": names, "total": 42, "confirmed": 0}
    facts["recipient"] = FUNCTIONS["secretariat-region"]
    lines = same_story(letters, name, facts, LONGEST[-1]).splitlines()
    assert [line for line in lines if line.removeprefix("- ") in names] == [f"- {one}" for one in names]


def test_the_longest_subject_reads_back_whole(letters: Letters) -> None:
    for case in SAMPLES:
        for body in (BODIES[0], max(BODIES, key=lambda one: len(one["name"] + one["region_name"]))):
            done = write(letters, *addressed(case, body), body["name"])
            assert read(done.raw)["Subject"] == done.subject
            assert len(done.subject) <= LONGEST_SUBJECT
