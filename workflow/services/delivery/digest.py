"""Which notices one mail tells, which of them carries it, and what it is written from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.mail.writing.facts import DigestRow, PlannedFacts
from workflow.storage.letters.outbox import Owed
from workflow.values import dataclass

LETTER = "digest"
_OUR_OWN_DAY = "watch"  # no text names the day such a reminder goes out
_REGION_ENDS = "region-ends"
_BY_OTHER_ACTS = (_REGION_ENDS, "rosters", "regime-ended", "regime-unsettled")
DONE = "met"  # the letter that a duty is done


@dataclass(frozen=True, slots=True)
class Reminder:
    """A notice that can wait for the day's mail: its facts as told today, and the mailbox's name."""

    notice: Owed
    facts: PlannedFacts
    name: str

    @property
    def about(self) -> tuple[str, ...]:
        """Two reminders about the same thing are told once."""
        deadline, event = self.facts["deadline"], self.facts.get("event")
        if event and event["event"] == _REGION_ENDS:  # the successor of two hears of both once
            return self.notice.letter, str(event["on"])
        on = (deadline["id"], deadline["subject"]) if deadline else (self.notice.rung, "")
        return (self.facts["agreement"]["key"], self.notice.letter, *on)

    @property
    def urgency(self) -> tuple[str, int]:
        """The earliest legal date first; what has no date last."""
        deadline = self.facts["deadline"]
        return (deadline and deadline["legal_on"]) or date.max.isoformat(), self.notice.id


def told(group: Sequence[Reminder]) -> list[Reminder]:
    """What a mail about ``group`` tells, the most urgent first: of each thing the newest rung."""
    newest: dict[tuple[str, ...], Reminder] = {}
    for one in sorted(group, key=lambda one: (one.notice.due_on, one.notice.id)):
        newest[one.about] = one
    return sorted(newest.values(), key=lambda one: one.urgency)


def letter(rows: Sequence[Reminder]) -> tuple[str, PlannedFacts]:
    """The letter and facts of a mail that tells ``rows``: its own letter for one, else the digest."""
    first = rows[0]
    if len(rows) == 1:
        return first.notice.letter, first.facts
    regions = dict.fromkeys(name for one in rows for name in _regions(one))
    facts = first.facts | {
        "agreement": first.facts["agreement"] | {"regions": list(regions)},
        "deadline": None, "event": None, "quota": None, "publication": None, "moved": None, "nth": None, "last": None,
        "own": None, "papers": None, "changed": None,  # told by the rows instead
        "also": [], "late": False,
    }  # fmt: skip
    acknowledge = next((one.facts["acknowledge"] for one in rows if one.facts.get("acknowledge")), None)
    return LETTER, facts | {
        "digest": [_row(one) for one in rows],
        "unchecked": any(one.facts.get("unchecked") for one in rows),
        "asked_for": any(one.facts.get("asked_for") for one in rows),
        "acts": list(dict.fromkeys(act for one in rows for act in one.facts.get("acts") or ())),
        "answer": None,
        "acknowledge": acknowledge,  # of any: who has read one has read the mail
    }


def _regions(one: Reminder) -> list[str]:
    """The regions that a reminder is about: both that end, where it tells their successor so."""
    event = one.facts.get("event")
    told = event.get("regions") if event and one.facts["recipient"].get("heir") else None
    return told or [one.facts["agreement"]["region_name"]]


def _row(one: Reminder) -> DigestRow:
    facts, deadline = one.facts, one.facts["deadline"]
    agreement = facts["agreement"]
    happened = facts.get("event")
    event = happened if not deadline else None  # told as an occasion: it has a day and a ground too
    on = event["on"] if event and event["event"] != _OUR_OWN_DAY else None
    met = happened if one.notice.letter == DONE else None
    on = met["on"] if met else on  # what is done stands under the day it was done
    left = (date.fromisoformat(on) - date.fromisoformat(facts["today"])).days if on else 0
    return {
        "letter": one.notice.letter,
        "title": deadline["title"]
        if deadline
        else (event and event.get("title")) or facts["letter"]["title"],
        "agreement_key": agreement["key"],
        "region_name": agreement["region_name"],
        "label": agreement["label"],
        "met": bool(met),
        "legal_on": deadline["legal_on"] if deadline and not met else on,
        "aim_on": deadline["aim_on"] if deadline and not met else None,
        "days_left": deadline["days_left"] if deadline and not met else left,
        "late": facts["late"],
        "nth": facts.get("nth"),
        "own": facts.get("own"),
        "what_next": facts["letter"]["next"],
        "cite": deadline["cite"] if deadline else event["cite"] if event else [],
        "dates": [deadline, *facts["also"]] if deadline else [],
        "answer": facts.get("answer"),
        "quota": facts.get("quota"),
        "doubtful": bool(event and event.get("doubtful")),
        "rules": _rules(facts),
    }


def _rules(facts: PlannedFacts) -> str:
    """Whether the rules behind a row are gone, ``over``, or may be, ``doubted``; nothing of what other acts say."""
    regime, event = facts.get("regime"), facts.get("event")
    if (
        not regime
        or regime["ends_on"]
        or (event and (event["event"] in _BY_OTHER_ACTS or event.get("doubtful")))
    ):
        return ""
    return "over" if regime.get("over") else "doubted" if regime.get("doubted") else ""
