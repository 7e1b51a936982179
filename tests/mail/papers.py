"""Letters that the text travels with: in the mail, behind links where it is too large, and as a reminder's links."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mail.sample_facts import (
    ANSWER,
    COUNCIL,
    PIU,
    SOME_MISSING,
    Facts,
    event,
    facts,
    reply,
    submission,
    version,
)

TEXT, ANNEX = "ab" * 32, "cd" * 32
FILE = "https://aftalefrist.example/fil/WzQyLDBd.o5W1kuKQF-vhqUl3P1kpXGsLuI7ziJxf3mSd1mO3b0o"
ANNEX_FILE = FILE.replace("LDBd", "LDFd")
_FILES = [
    {
        "what": "Teksten",
        "digest": TEXT,
        "name": "Sundhedsaftale 2024-2027.docx",
        "size": 381_900,
        "link": FILE,
    },
    {
        "what": {"message": "Bilag: %(source)s", "values": {"source": "Budget"}},
        "digest": ANNEX,
        "name": "budget.pdf",
        "size": 9_000_000,
        "link": ANNEX_FILE,
    },
]
ALONG: Facts = {"attach": True, "along": True, "most": 0, "until": "2023-10-23", "files": _FILES}
CHANGED: Facts = {
    "since": 2, "on": "2023-03-27", "said": "", "count": 3,
    "parts": [["ud", "Regionen og kommunerne har otte fælles mål."], ["ind", "Regionen og kommunerne har ni fælles "
              "mål."], ["ind", "Målene følges hvert år i <september>."]],
}  # fmt: skip


# fmt: off
def with_papers() -> Mapping[str, tuple[str, Facts]]:
    """Case -> (letter, facts)."""
    asked = {"version": version(document=TEXT), "councils": SOME_MISSING, "answer": ANSWER}
    sent = {"rung": "", "reply": reply("2023-04-26"), **asked}
    draft = event("consultation-opened", "2023-06-28", due="2023-09-08", time="12:00", source="høringsbrev")
    return {
        "sent-for-approval to a municipal council, with the files and what changed": (
            "sent-for-approval",
            facts(COUNCIL, "2023-04-26", submission("2023-04-26"), papers=ALONG, changed=CHANGED, **sent)),
        "sent-for-approval to a municipal council, too large for a mail and unreadable": (
            "sent-for-approval",
            facts(COUNCIL, "2023-04-26", submission("2023-04-26"), papers=ALONG | {"along": False, "most": 7},
                  changed=CHANGED | {"said": "Ændringer kan kun findes i Word-filer (.docx) og ren tekst; den ene af "
                                             "teksterne er noget andet", "count": 0, "parts": []}, **sent)),
        "council-pending to a municipal council, with the text's link": (
            "council-pending",
            facts(COUNCIL, "2023-06-12", reply("2023-06-12"), **asked,
                  papers=ALONG | {"attach": False, "along": False, "files": _FILES[:1]},
                  changed=CHANGED | {"count": 0, "parts": []})),
        "consultation-opened to the patient committee, with the draft": (
            "consultation-opened",
            facts(PIU, "2023-06-28", None, event=draft | {"cite": ["BEK 1248/2022 § 29, stk. 2"]},
                  version=version(number=1, state="in_consultation", sent_on=None, reply_by=None), rung="", since=[],
                  papers=ALONG | {"files": [_FILES[0] | {"what": "Udkastet"}]})),
    }
