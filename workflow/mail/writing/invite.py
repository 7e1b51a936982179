"""``frist.ics``: the deadline as an all-day entry for the receiver's own calendar (RFC 5545, RFC 5546 PUBLISH).

The entry stands on the *legal* date; the business day to aim at is told in its description. The UID is the
agreement and the deadline, never the revision, so that a moved date replaces the old entry (SEQUENCE grows). It is not
the UID of the subscribed calendar, which counts otherwise: in one calendar neither may hide the other.
No alarm: when to be reminded is the receiver's own choice.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict

from workflow.language import gettext as _
from workflow.language import spoken_now, worded
from workflow.mail.writing.factparts import DeadlineFacts, EventFacts
from workflow.mail.writing.facts import SettledFacts
from workflow.mail.writing.grounds import oplyst, pligten
from workflow.mail.writing.words import dato, hjemmel, klokken

if TYPE_CHECKING:
    from icalendar import Event

OVER = ("met", "met_late", "lapsed", "breached")
OWN = "brev"  # the last part of an imported entry's name
_NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # stands where the stamp of each letter will
_UNSTAMPED = ":99991231T235959Z\r\n"
PRODUCT = "-//Aftalefrist//Frister//"


def uid(instance: str, *parts: str) -> str:
    """The stable name of an entry: ``"nordjylland/2024-2027/submission@instance"``. Empty parts are left out."""
    return "/".join(part for part in parts if part) + f"@{instance}"


class _Dated(TypedDict):
    """Dates told together, the first with an entry: whose they are, and what happened that they follow from."""

    key: str
    name: str
    dates: list[DeadlineFacts]
    event: EventFacts | None


def tells_a_date(facts: SettledFacts) -> bool:
    """Whether the letter tells a date still to come and still to be met.

    A past day helps no calendar, and a day that no law and no agreement sets has no place in one.
    """
    return bool(_dates(facts))


def invite(facts: SettledFacts, instance: str, stamp: datetime) -> str:
    """The calendar file for the dates the letter tells, ``""`` where it tells none; ``stamp`` (aware) becomes DTSTAMP
    and LAST-MODIFIED in UTC."""
    dates = _dates(facts)
    if not dates:
        return ""
    written = _file(json.dumps(dates), instance, spoken_now())
    return written.replace(_UNSTAMPED, f":{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n")


@lru_cache(256)  # the same dates go to many, at other seconds
def _file(told: str, instance: str, language: str) -> str:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"{PRODUCT}{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in json.loads(told):
        calendar.add_component(_entry(one, instance))
    return str(calendar.to_ical(), "utf-8")


def _dates(facts: SettledFacts) -> list[_Dated]:
    """Each date with a calendar entry: the letter's own, or those of a digest's rows. A calendar is of today: of a
    letter about an event it holds the dates as they stand since."""
    own: _Dated = {
        "key": facts["agreement"]["key"],
        "name": f"{facts['agreement']['region_name']} {facts['agreement']['label']}",
        "dates": [facts["deadline"], *facts["also"]] if facts["deadline"] else [],
        "event": facts["event"],
    }
    rows: list[_Dated] = [
        {
            "key": row["agreement_key"],
            "name": f"{row['region_name']} {row['label']}",
            "dates": row.get("dates", []),
            "event": None,
        }
        for row in facts["digest"] or []
    ]
    reply = own | {"dates": [facts["reply"]] if facts["reply"] else []}  # an agreed day beside the law's own
    ahead = facts.get("ahead")
    mine = [own, reply] if ahead is None else [own | {"dates": [one]} for one in ahead]
    return [told for told in (*mine, *rows) if told["dates"] and _coming(told["dates"][0], facts)]


def _coming(deadline: DeadlineFacts, facts: SettledFacts) -> bool:
    if not deadline["legal_on"] or deadline["duty"] == "none":
        return False
    return deadline["status"] not in OVER and deadline["legal_on"] >= facts["today"]


def _entry(told: _Dated, instance: str) -> Event:
    from icalendar import Event

    deadline, *also = told["dates"]
    legal_on = deadline["legal_on"] or ""  # what has none is not coming
    on = date.fromisoformat(legal_on)
    day, duty = dato(legal_on), pligten(deadline)
    said = [_("Dato: %(day)s (%(duty)s).") % {"day": day, "duty": duty}]
    if (happened := told["event"]) and happened["time"] and happened["due"] == deadline["legal_on"]:
        said.append(_("Svar senest %(time)s.") % {"time": klokken(happened["time"])})
    if deadline["aim_on"] and deadline["aim_on"] != deadline["legal_on"]:
        said.append(_("Sidste hverdag før er %(day)s.") % {"day": dato(deadline["aim_on"])})
    cites = hjemmel(deadline["cite"])
    said.append(
        _("Kilde: %(source)s.") % {"source": cites}
        if oplyst(deadline)
        else _("Hjemmel: %(provisions)s.") % {"provisions": cites}
    )
    said += [f"{worded(other['title'])}: {dato(other['legal_on'])}." for other in also if other["legal_on"]]
    if deadline["doubtful"]:
        said.append(_("Reglen kan være ophævet; det er ikke afklaret, om fristen stadig gælder."))
    entry = Event()
    entry.add("uid", uid(instance, told["key"], deadline["id"], deadline["subject"], OWN))
    entry.add("dtstamp", _NEVER)
    entry.add("last-modified", _NEVER)
    entry.add("sequence", max(deadline["revision"] - 1, 0))
    entry.add("dtstart", on)
    entry.add("dtend", on + timedelta(days=1))
    entry.add("summary", f"{worded(deadline['title'])} ({told['name']})")
    entry.add("description", "\n".join(said))
    entry.add("status", "TENTATIVE" if deadline["doubtful"] else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    return entry
