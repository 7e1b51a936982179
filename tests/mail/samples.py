"""Realistic facts for every letter, case by case; ``occasions.py`` holds what is not a deadline's own ladder."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.mail.occasions import occasions
from tests.mail.papers import with_papers
from tests.mail.rammeaftale import rammeaftale
from tests.mail.sample_facts import (
    ACKNOWLEDGE,
    AGENDA,
    ALL_APPROVED,
    ANSWER,
    CALENDAR,
    COUNCIL,
    DIRECTOR,
    FUNCTIONS,
    GONE,
    MUNICIPAL_SECRETARIAT,
    PERSON,
    POSTPONED,
    READER,
    REGIONAL_COUNCIL,
    REGIONAL_SECRETARIAT,
    SOME_MISSING,
    Facts,
    agenda,
    facts,
    final,
    met,
    midterm,
    moved_submission,
    reply,
    resubmission,
    review,
    sst,
    step,
    submission,
    version,
)
from workflow.mail.writing.facts import PlannedFacts

SHORTENED = step(
    "I juli 2027, da perioden blev afkortet: første dag efter udløbet er torsdag den 1. juli 2027", "2027-07-01",
    "KLs høringssvar, s. 8",
)  # fmt: skip
UNSAID = step(
    "Aalborg Kommune har ikke oplyst, hvornår version 3 behandles; det sidste møde, hvor den kan nås i tide, er onsdag "
    "den 21. juni 2023", "2023-06-21", AGENDA["source"],
)  # fmt: skip

__all__ = ["FUNCTIONS", "SAMPLES", "sample"]


# fmt: off
def _samples() -> Mapping[str, tuple[str, Facts]]:
    """Case -> (letter, facts). Each letter at least once; every recipient function, before and after the date."""
    halfway, end = midterm("2025-11-17"), final("2026-12-16")
    sent = version(state="received", submitted_on="2023-12-21", received_on="2023-12-22")
    moved = {"from": "2023-07-01", "to": "2024-01-01", "on": "2023-05-08", "source": POSTPONED, "by": "sst"}
    approval = {"version": version(), "councils": SOME_MISSING}
    nobody_yet = {"total": 12, "approved": 0, "pending": [], "against": []}
    one_left = SOME_MISSING | {"approved": 11, "pending": ["Aalborg Kommune"], "against": []}
    return {
        "submission-countdown to the regional council": (
            "submission-countdown", facts(REGIONAL_COUNCIL, "2023-06-19", submission("2023-06-19"), **approval)),
        "submission-countdown to the region's secretariat, late": (
            "submission-countdown",
            facts(REGIONAL_SECRETARIAT, "2023-06-30", submission("2023-06-30"), **approval)
            | {"late": True, "due_on": "2023-06-27", "rung": "-3d"}),
        "submission-countdown to the municipal secretariat, no version yet": (
            "submission-countdown", facts(MUNICIPAL_SECRETARIAT, "2023-01-02", submission("2023-01-02"))),
        "submission-overdue to the regional council": (
            "submission-overdue", facts(REGIONAL_COUNCIL, "2023-07-03", submission("2023-07-03"), **approval)),
        "council-pending to a municipal council": (
            "council-pending", facts(COUNCIL, "2023-06-12", reply("2023-06-12"), **approval)),
        "council-pending to a municipal council, with its own links": (
            "council-pending",
            facts(COUNCIL, "2023-06-12", reply("2023-06-12"), answer=ANSWER, acknowledge=ACKNOWLEDGE, **approval)),
        "council-pending to a municipal council, whose law is in doubt": (
            "council-pending",
            facts(COUNCIL, "2023-06-12", reply("2023-06-12"), also=[submission("2023-06-12") | {"doubtful": True}],
                  **approval)),
        "council-pending to the regional council, the day after": (
            "council-pending",
            facts(REGIONAL_COUNCIL, "2023-06-25", reply("2023-06-25"), version=version(), councils=one_left)),
        "council-pending to a municipal council, the last": (
            "council-pending",
            facts(COUNCIL, "2023-07-09", reply("2023-07-09"), answer=ANSWER, rung="+15d", nth=5, last=True,
                  **approval)),
        "council-late to the director": (
            "council-late", facts(DIRECTOR, "2023-07-24", reply("2023-07-24"), rung="+29d", nth=1, last=True,
                  **approval)),
        "council-silent to the region's secretariat": (
            "council-silent",
            facts(REGIONAL_SECRETARIAT, "2023-07-24", reply("2023-07-24"), rung="+29d", nth=1, last=True, **approval)),
        "council-meeting to a municipal council, the day after": (
            "council-meeting",
            facts(COUNCIL, "2023-06-22", met("2023-06-22"), answer=ANSWER, **approval)),
        "council-pending to a municipal council, whose calendar is known": (
            "council-pending",
            facts(COUNCIL, "2023-05-25", reply("2023-05-25"), answer=ANSWER, **approval,
                  meeting=AGENDA | {"organ": "", "closes_on": "2023-06-09"})),
        "council-agenda to a municipal council, whose committee comes first": (
            "council-agenda",
            facts(COUNCIL, "2023-05-26", agenda("2023-05-26"), answer=ANSWER, **approval, meeting=AGENDA)),
        "council-agenda to a municipal council that has told no day": (
            "council-agenda",
            facts(COUNCIL, "2023-05-26", agenda("2023-05-26") | {"why": [UNSAID]}, answer=ANSWER, **approval,
                  meeting=AGENDA | {"unsaid": True})),
        "council-calendar to a municipal council": (
            "council-calendar",
            facts(COUNCIL, "2022-11-17", None, rung="+14d", calendar_page=CALENDAR,
                  meeting_year={"year": 2023, "missing": ["Aalborg Kommune"]})),
        "calendars-missing to the region's secretariat": (
            "calendars-missing",
            facts(REGIONAL_SECRETARIAT, "2022-11-03", None, rung="+0d",
                  meeting_year={"year": 2023, "missing": ["Aalborg Kommune", "Læsø Kommune"]})),
        "council-day-gone to the region's secretariat": (
            "council-day-gone", facts(REGIONAL_SECRETARIAT, "2023-05-10", None, rung="+0d", gone=GONE)),
        "council-day-gone to the region's secretariat, of several": (
            "council-day-gone",
            facts(REGIONAL_SECRETARIAT, "2023-05-10", None, rung="+0d",
                  gone={"days": [*GONE["days"], GONE["days"][0] | {"organ": "Økonomiudvalget", "on": "2023-06-07"}],
                        "plan": ""})),
        "sent-for-approval to a municipal council": (
            "sent-for-approval",
            facts(COUNCIL, "2023-04-26", submission("2023-04-26"), version=version(document="ab" * 32),
                  councils=nobody_yet, rung="",
                  answer=ANSWER, reply=reply("2023-04-26"))),
        "sent-for-approval to the municipal secretariat, no reply date": (
            "sent-for-approval",
            facts(MUNICIPAL_SECRETARIAT, "2023-04-26", submission("2023-04-26"), version=version(reply_by=None),
                  rung="")),
        "ready-to-submit to the regional council": (
            "ready-to-submit",
            facts(REGIONAL_COUNCIL, "2023-06-28", submission("2023-06-28"),
                  version=version(state="fully_approved"), councils=ALL_APPROVED)),
        "ready-to-submit to the municipal secretariat": (
            "ready-to-submit",
            facts(MUNICIPAL_SECRETARIAT, "2023-06-28", submission("2023-06-28"),
                  version=version(state="fully_approved"), councils=ALL_APPROVED)),
        "sst-clock-running to the region's secretariat": (
            "sst-clock-running", facts(REGIONAL_SECRETARIAT, "2024-01-19", sst("2024-01-19"), version=sent)),
        "sst-clock-passed to the regional council": (
            "sst-clock-passed", facts(REGIONAL_COUNCIL, "2024-02-19", sst("2024-02-19"), version=sent)),
        "resubmission-countdown to a municipal council": (
            "resubmission-countdown",
            facts(COUNCIL, "2024-04-17", resubmission("2024-04-17"), version=version(state="draft", number=4))),
        "resubmission-countdown to the regional council, the day after": (
            "resubmission-countdown", facts(REGIONAL_COUNCIL, "2024-05-02", resubmission("2024-05-02"))),
        "midterm-due to the region's secretariat": (
            "midterm-due", facts(REGIONAL_SECRETARIAT, "2025-11-17", halfway[0], also=[halfway[1]])),
        "final-due to the municipal secretariat": (
            "final-due",
            facts(MUNICIPAL_SECRETARIAT, "2026-12-16", end[0], also=[end[1]],
                  nominal_end={"on": "2027-07-01", "source": "sundhedssamarbejdsudvalget, møde 28. februar 2024"})),
        "final-due to the region's secretariat, by two ends": (
            "final-due",
            facts(REGIONAL_SECRETARIAT, "2026-12-16",
                  end[0] | {"latest_on": "2027-07-01",
                            "why": [SHORTENED, step("6 måneder og en dag før er torsdag den 31. december 2026",
                                                    "2026-12-31", "VEJ 9008/2024 afsnit 6")]},
                  also=[end[1] | {"why": [SHORTENED]}],
                  nominal_end={"on": "2027-07-01", "source": "KLs høringssvar, s. 8",
                               "other": {"on": "2028-01-01", "source": "aftalens navn 2024-2027"}})),
        "annual-review to the region's secretariat": (
            "annual-review", facts(REGIONAL_SECRETARIAT, "2024-11-30", review("2024-11-30"))),
        "annual-review to the municipal secretariat, the day after": (
            "annual-review", facts(MUNICIPAL_SECRETARIAT, "2025-01-01", review("2025-01-01"))),
        "deadline-moved to a municipal council": (
            "deadline-moved",
            facts(COUNCIL, "2023-05-09", moved_submission("2023-05-09"), moved=moved, rung="", **approval)),
        "deadline-moved to the region's secretariat": (
            "deadline-moved",
            facts(REGIONAL_SECRETARIAT, "2023-05-09", moved_submission("2023-05-09"), moved=moved, rung="")),
        "deadline-moved to a municipal council, of an agreement that is submitted": (
            "deadline-moved",
            facts(COUNCIL, "2023-05-09", moved_submission("2023-05-09") | {"status": "met"},
                  moved=moved | {"met_on": "2023-05-02"}, rung="",
                  version=version(state="submitted", submitted_on="2023-05-02"))),
    }


def _personal() -> Mapping[str, tuple[str, Facts]]:
    full = {
        "dates": [{"on": "2026-11-30", "what": "Årlig gennemgang af sundhedsaftalen", "of": "2024-2027"}],
        "asks": ["2 svar fra råd venter på at blive bekræftet"],
        "owed": [
            {"who": "Aalborg Kommune", "what": "Svar om version 1", "by": "2026-11-20", "late": True},
            {"who": "Læsø Kommune", "what": "Svar om version 1", "by": None, "late": False},
        ],
        "news": [
            {"on": "2026-11-24", "what": "Godkendt i rådet, version 1", "who": "Rebild Kommune", "of": "2027-2031"},
        ],
        "owed_count": 11, "news_count": 1,
    }
    quiet = {"dates": [], "asks": [], "owed": [], "news": full["news"], "owed_count": 0, "news_count": 1}
    law = [{"text": "Sundhedsaftalen indsendes til Sundhedsstyrelsen.", "cite": "BEK 1248/2022 § 21, stk. 1",
            "url": "https://www.retsinformation.dk/eli/lta/2022/1248"}]
    return {
        "week to a secretary": ("week", facts(PERSON, "2026-11-30", None, week=full, rung="")),
        "week to a secretary, with last week's news alone": (
            "week", facts(PERSON, "2026-11-30", None, week=quiet, rung="")),
        "reasons to a lawyer, with words": (
            "reasons",
            facts(READER, "2023-06-19", submission("2023-06-19"), rung="",
                  forwarded={"by": "Anna Holm", "note": "Passer det? <b>", "law": law})),
        "reasons to a lawyer, without words": (
            "reasons",
            facts(READER, "2023-06-19", submission("2023-06-19"), rung="",
                  forwarded={"by": "Anna Holm", "note": "", "law": []})),
        "hearing-reply to a sender, with remarks": (
            "hearing-reply",
            facts(READER, "2023-05-02", None, rung="",
                  heard={"by": "Anna Holm", "version": 1, "lines": [
                      "Tak for svaret i høringen om sundhedsaftalen 2024-2027 for Region Nordjylland, version 1. Vi "
                      "fik det onsdag den 12. april 2023 kl. 11.42.",
                      "Bemærkning nr. 1 (Kapitel 3): »Mangler <økonomi>« Ikke taget med, fordi økonomien "
                      "aftales andetsteds.",
                      "Bemærkning nr. 4: »Ret« Taget med: rettet i afsnit 2."]})),
    }


SAMPLES = {**_samples(), **occasions(), **_personal(), **rammeaftale(), **with_papers()}
# fmt: on


def sample(case: str) -> tuple[str, PlannedFacts]:
    """A letter's name and its facts as they come back from its row, free to be spoiled."""
    name, known = SAMPLES[case]
    facts: PlannedFacts = json.loads(json.dumps(known))
    return name, facts
