"""The pieces of a letter's facts: exactly the shape the services build, from dates worked out by hand."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from workflow.storage.law.forms.wordsfile import WordsEntry

# fmt: off
Facts = dict[str, Any]

AGREEMENT: Facts = {
    "key": "nordjylland/2024-2027",
    "region": "nordjylland",
    "region_name": "Region Nordjylland",
    "label": "2024-2027",
    "term": "2022-2025",
    "committee": "sundhedssamarbejdsudvalget",
    "instrument": "BEK 1248/2022",
    "secretariat": "joint",
}
REGIONAL_SECRETARIAT: Facts = {
    "body": "nordjylland", "name": "Region Nordjylland", "function": "secretariat-region", "regional": True,
}
MUNICIPAL_SECRETARIAT: Facts = {
    "body": "faelleskommunalt-nordjylland", "name": "Det fælleskommunale sundhedssekretariat i Nordjylland",
    "function": "secretariat-municipal", "regional": False,
}
REGIONAL_COUNCIL: Facts = REGIONAL_SECRETARIAT | {"function": "council"}
COUNCIL: Facts = {"body": "0851", "name": "Aalborg Kommune", "function": "council", "regional": False}
CLUSTER: Facts = {"body": "nordjylland-nord", "name": "Klynge NORD", "function": "cluster", "regional": False}
PIU: Facts = REGIONAL_SECRETARIAT | {"function": "piu"}
CHAIR: Facts = REGIONAL_SECRETARIAT | {"function": "chair"}
DIRECTOR: Facts = COUNCIL | {"function": "director"}
VICE_CHAIR: Facts = REGIONAL_SECRETARIAT | {"function": "vice-chair"}
PERSON = {"body": "person", "name": "Anna Holm", "function": "person", "regional": False}
READER = {"body": "reader", "name": "jurist@kommune.example", "function": "reader", "regional": False}
FUNCTIONS = {
    "person": PERSON, "reader": READER,
    "secretariat-region": REGIONAL_SECRETARIAT, "secretariat-municipal": MUNICIPAL_SECRETARIAT,
    "council": COUNCIL, "regional-council": REGIONAL_COUNCIL, "cluster": CLUSTER, "piu": PIU, "chair": CHAIR,
    "vice-chair": VICE_CHAIR, "director": DIRECTOR,
}
SUBMISSION_CITE = ["BEK 1248/2022 § 21, stk. 1", "SUL § 205, stk. 3", "VEJ 9008/2024 afsnit 3.6 og 5.1"]
ANSWER = (
    "https://aftalefrist.example/svar/WyJub3JkanlsbGFuZC8yMDI0LTIwMjciLDMsIjA4NTEiLCJkMzE5ZjE1MGE5NTAiLCIyMDIzLTEyLTEy"
    "Il0.AhLgfrQwV_Ll0nLUPWGQfD-0aTVB9pYn-5E0xDrzxyQ"
)
ACKNOWLEDGE = "https://aftalefrist.example/kvitter/NDI.PXM2mBVt-lt8rFbWCbqaRnkzQnPGvPIpLE0xYHHtrCo"
CALENDAR = "https://aftalefrist.example/moedeplan/WyIwODUxIiwyMDIzLCJkMzE5ZjE1MGE5NTAiXQ.b3c4du7rq0mZc1jOZ1b1sJ4hVqf2fH0m6t0T5m1o0k2"
CONFIRM = "https://aftalefrist.example/bekraeft/WzMsImQzMTlmMTUwYTk1MCJd.u7rq0mZc1jOZ1b1sJ4hVqf2fH0m6t0T5m1o0k2b3c4d"
POSTPONED = "Sundhedsstyrelsens meddelelse om udskudt frist"


def step(text: str, on: str | None = None, cite: str = "", span: str = "") -> Facts:
    return {"text": text, "on": on, "cite": cite, "kind": "add" if span else "note", "span": span}


def deadline(
    id: str, title: str, legal_on: str, aim_on: str, today: str, cite: list[str], why: list[Facts], **changes: Any
) -> Facts:
    left = (date.fromisoformat(legal_on) - date.fromisoformat(today)).days
    return {
        "id": id, "subject": "", "title": title, "duty": "shall", "who": "ssu", "legal_on": legal_on,
        "aim_on": aim_on, "original_on": None, "revision": 1, "status": "upcoming" if left >= 0 else "overdue",
        "days_left": left, "cite": cite, "why": why, "doubtful": False,
    } | changes


def version(**changes: Any) -> Facts:
    return {
        "number": 3, "state": "in_council_approval", "sent_on": "2023-04-26", "reply_by": "2023-06-24",
        "submitted_on": None, "received_on": None,
    } | changes


def event(event: str, on: str, **changes: Any) -> Facts:
    return {
        "event": event, "on": on, "due": None, "time": "", "about": "", "about_name": "", "source": "",
    } | changes


with (Path(__file__).resolve().parents[2] / "calendars" / "regimes" / "bek-1248-2022.toml").open("rb") as rules:
    _REGIME = tomllib.load(rules)
PROVISIONS = {
    step: cites if isinstance(cites, str) else cites[0] for step, cites in _REGIME["provisions"].items()
}
WORDS: Facts = asdict(WordsEntry.model_validate(_REGIME["words"]).value(_REGIME["committee"]))


def facts(recipient: Facts, today: str, due: Facts | None, **changes: Any) -> Facts:
    return {
        "agreement": AGREEMENT, "recipient": recipient, "deadline": due, "also": [], "today": today,
        "due_on": today, "late": False, "rung": "-14d", "version": None, "councils": None,
        "nominal_end": None, "moved": None, "event": None, "quota": None, "publication": None, "digest": None,
        "regime": None, "answer": None, "acknowledge": None, "reply": None, "since": None, "over": False, "done": [],
        "closing": None, "confirm": None, "calendar_page": None,
        "nth": None, "last": False, "own": None, "from_name": None, "reply_to": None,
        "provisions": PROVISIONS, "acts": None, "duty": None, "duties": None, "magistrates": None, "copy": None,
        "seats": None,
        "unchecked": False, "asked_for": False,
        "adopted_on": None, "week": None, "forwarded": None, "heard": None, "words": WORDS, "meeting": None,
        "meeting_year": None, "gone": None, "papers": None, "changed": None,
        "ask": {"name": "Sekretariatet i Region Nordjylland", "email": "sundhedsaftale@rn.example"},
        "link": "https://aftalefrist.example",
    } | changes


TERM_WHY = [
    step("Valget blev holdt tirsdag den 16. november 2021", "2021-11-16", "VALG § 6"),
    step("Valgperioden løber fra 1. januar 2022 til 31. december 2025", "2022-01-01", "VALG § 6, stk. 3"),
    step("Valgperiodens andet kalenderår er 2023", "2023-01-01", SUBMISSION_CITE[0]),
    step("Fristen er lørdag den 1. juli 2023", "2023-07-01", SUBMISSION_CITE[0]),
]
WEEKEND_WHY = step(
    "Lørdag den 1. juli 2023 er en weekenddag. Ingen regel flytter fristen; påmindelser sigter mod sidste hverdag før, "
    "fredag den 30. juni 2023", "2023-06-30", "Praksis; ingen lovregel",
)
SOME_MISSING = {
    "total": 12, "approved": 9, "pending": ["Læsø Kommune", "Aalborg Kommune"],
    "against": [{"name": "Thisted Kommune", "state": "conditional"}],
}
ALL_APPROVED = {"total": 12, "approved": 12, "pending": [], "against": []}


def submission(today: str, **changes: Any) -> Facts:
    return deadline(
        "submission", "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen", "2023-07-01", "2023-06-30", today,
        SUBMISSION_CITE, [*TERM_WHY, WEEKEND_WHY], **({"who": "regional-council"} | changes),
    )


def moved_submission(today: str) -> Facts:
    moved = step(
        "Sundhedsstyrelsen har den 8. maj 2023 fraveget fristen: ny frist er mandag den 1. januar 2024",
        "2024-01-01",
        f"BEK 1248/2022 § 21, stk. 5; {POSTPONED}",
    )
    return submission(today) | {
        "legal_on": "2024-01-01", "aim_on": "2023-12-29", "original_on": "2023-07-01", "revision": 2,
        "status": "upcoming", "days_left": (date(2024, 1, 1) - date.fromisoformat(today)).days,
        "why": [*TERM_WHY, moved],
    }


def reply(today: str) -> Facts:
    agreed = step(
        "Rådene er bedt om at svare senest lørdag den 24. juni 2023",
        "2023-06-24",
        "brevet til rådene",
    )
    return deadline(
        "council-reply", "Svar fra rådene", "2023-06-24", "2023-06-23", today,
        ["brevet til rådene"], [agreed], duty="agreed", who="councils", subject="v3",
    )


def met(today: str) -> Facts:
    told = step(
        "Aalborg Kommune har oplyst, at version 3 behandles på mødet onsdag den 21. juni 2023", "2023-06-21",
        "oplyst af rådet",
    )  # fmt: skip
    return deadline(
        "council-met", "Rådets møde 21. juni 2023", "2023-06-21", "2023-06-21", today, ["oplyst af rådet"], [told],
        duty="agreed", subject="v3:0851",
    )  # fmt: skip


AGENDA: Facts = {
    "on": "2023-06-21", "closes_on": "2023-06-02", "organ": "Økonomiudvalget",
    "source": "aalborg.dk/moeder, læst 3. november 2022",
}
GONE: Facts = {
    "days": [{"name": "Aalborg Kommune", "organ": "", "on": "2023-06-14", "why": "aalborg.dk/moeder"}],
    "plan": "Teksten skal sendes senest fredag den 12. maj 2023, om 2 dage; dagen sættes af Aalborg Kommune.",
}


def agenda(today: str) -> Facts:
    told = step(
        "Aalborg Kommune har oplyst, at version 3 behandles på mødet onsdag den 21. juni 2023", "2023-06-21",
        "oplyst af rådet",
    )  # fmt: skip
    closes = step(
        "Dagsordenen til mødet i Økonomiudvalget onsdag den 7. juni 2023 lukker fredag den 2. juni 2023", "2023-06-02",
        AGENDA["source"],
    )  # fmt: skip
    return deadline(
        "council-agenda", "Sagen skal være hos Aalborg Kommune", "2023-06-02", "2023-06-02", today, [AGENDA["source"]],
        [told, closes], duty="agreed", subject="v3:0851",
    )  # fmt: skip


def sst(today: str, received: bool = True) -> Facts:
    """The authority's eight weeks: from its receipt, or for the time being from the day it was sent."""
    legal_on, spoken = ("2024-02-16", "fredag den 16.") if received else ("2024-02-15", "torsdag den 15.")
    since = step(
        "Sundhedsstyrelsen modtog aftalen fredag den 22. december 2023; modtagelsesdagen tælles ikke med",
        "2023-12-22",
        "kvitteringsskrivelse af 22. december 2023",
    ) if received else step(
        "Aftalen blev sendt torsdag den 21. december 2023. Modtagelsen er ikke bekræftet, så der regnes foreløbigt "
        "herfra",
        "2023-12-21",
        "følgebrev af 21. december 2023",
    )
    why = [
        since,
        step(f"8 uger efter er {spoken} februar 2024", legal_on, "BEK 1248/2022 § 21, stk. 2", "8 weeks"),
        step(
            "Tavshed er ikke godkendelse, og uret står ikke stille, mens oplysninger indhentes.",
            None,
            "BEK 1248/2022 § 21, stk. 2",
        ),
    ]
    return deadline(
        "sst-decision", "Sundhedsstyrelsens svar på sundhedsaftalen", legal_on, legal_on, today,
        ["BEK 1248/2022 § 21, stk. 2", "VEJ 9008/2024 afsnit 5.2"], why, who="sst",
    )


def resubmission(today: str) -> Facts:
    why = [
        step(
            "Sundhedsstyrelsen afslog den 9. februar 2024 at godkende aftalen og satte ny frist til "
            "onsdag den 1. maj 2024",
            "2024-05-01",
            "BEK 1248/2022 § 21, stk. 4; afslag af 9. februar 2024",
        )
    ]
    return deadline(
        "resubmission", "Genindsendelse af den ændrede sundhedsaftale", "2024-05-01", "2024-05-01", today,
        ["BEK 1248/2022 § 21, stk. 4", "VEJ 9008/2024 afsnit 5.4"], why, who="regional-council",
    )


def midterm(today: str) -> tuple[Facts, Facts]:
    order = deadline(
        "midterm-order", "Midtvejsstatus udarbejdet (bekendtgørelsen)", "2025-12-15", "2025-12-15", today,
        ["BEK 1248/2022 § 22, stk. 1"],
        [
            step("Aftalen blev indsendt første gang fredag den 15. december 2023", "2023-12-15", "følgebrev"),
            step("2 år efter er mandag den 15. december 2025", "2025-12-15", "BEK 1248/2022 § 22, stk. 1"),
        ],
    )
    guidance = deadline(
        "midterm-guidance", "Midtvejsstatus sendt til Sundhedsstyrelsen (vejledningen)", "2025-12-31",
        "2025-12-30", today, ["VEJ 9008/2024 afsnit 6"],
        [
            step("Aftalen træder i kraft mandag den 1. januar 2024", "2024-01-01", "aftalens forside"),
            step("2 år efter er torsdag den 1. januar 2026", "2026-01-01", "VEJ 9008/2024 afsnit 6"),
            step("Sidste dag er dagen før: onsdag den 31. december 2025", "2025-12-31", "VEJ 9008/2024 afsnit 6"),
        ],
        duty="shall-guidance",
    )
    return order, guidance


def final(today: str) -> tuple[Facts, Facts]:
    """Of an agreement that ends midway 2027: one date between the two days the rules may be gone from, one after."""
    end = step(
        "Den første dag efter det aftalte udløb er torsdag den 1. juli 2027", "2027-07-01", "SSU-møde"
    )
    doubt = step(
        "Reglen kan være ophævet pr. 1. januar 2026 eller 1. januar 2027 (uafklaret); om fristen gælder, er "
        "ikke afklaret",
        "2026-01-01",
        "Lov 719/2025 § 24",
    )
    gone = step(
        "Reglen kan være ophævet pr. 1. januar 2026 eller 1. januar 2027 (uafklaret). Pligten er bortfaldet under "
        "begge mulige datoer",
        "2026-01-01",
        "Lov 719/2025 § 24",
    )
    order = deadline(
        "final-order", "Slutstatus udarbejdet (bekendtgørelsen)", "2027-06-30", "2027-06-30", today,
        ["BEK 1248/2022 § 22, stk. 1"],
        [
            end,
            step("Sidste dag er dagen før: onsdag den 30. juni 2027", "2027-06-30", "BEK 1248/2022 § 22, stk. 1"),
            gone,
        ],
        doubtful=True, status="lapsed",
    )
    guidance = deadline(
        "final-guidance", "Slutstatus sendt til Sundhedsstyrelsen (vejledningen)", "2026-12-31", "2026-12-30",
        today, ["VEJ 9008/2024 afsnit 6"],
        [
            end,
            step("6 måneder før er fredag den 1. januar 2027", "2027-01-01", "VEJ 9008/2024 afsnit 6"),
            step("Sidste dag er dagen før: torsdag den 31. december 2026", "2026-12-31", "VEJ 9008/2024 afsnit 6"),
            doubt,
        ],
        duty="shall-guidance", doubtful=True,
    )
    return guidance, order


def review(today: str) -> Facts:
    why = [
        step("Aftalen træder i kraft mandag den 1. januar 2024", "2024-01-01", "aftalens forside"),
        step(
            "Aftalen gennemgås én gang om året; loven siger ikke, hvordan året regnes, så her gælder kalenderåret: "
            "senest tirsdag den 31. december 2024",
            "2024-12-31",
            "BEK 1248/2022 § 22, stk. 1",
        ),
    ]
    return deadline(
        "annual-review", "Årlig gennemgang af sundhedsaftalen", "2024-12-31", "2024-12-30", today,
        ["BEK 1248/2022 § 22, stk. 1", "VEJ 9008/2024 afsnit 6"], why, subject="2024",
    )
