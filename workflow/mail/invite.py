"""``frist.ics``: the deadline as an all-day entry for the receiver's own calendar (RFC 5545, RFC 5546 PUBLISH).

The entry stands on the *legal* date; the business day to aim at is told in its description. The UID is the
agreement and the deadline, never the revision, so that a moved date replaces the old entry (SEQUENCE grows).
No alarm: when to be reminded is the receiver's own choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from workflow.mail.words import dato, hjemmel, klokken, pligt

OVER = ("met", "met_late", "lapsed")
PRODUCT = "-//Aftalefrist//Frister//DA"


def uid(instance: str, agreement: str, deadline: str, subject: str = "") -> str:
    """The stable name of one deadline's calendar entry: ``"nordjylland/2024-2027/submission@instance"``."""
    return "/".join(part for part in (agreement, deadline, subject) if part) + f"@{instance}"


def tells_a_date(facts: Mapping[str, Any]) -> bool:
    """Whether the letter's deadline has a date still to come and still to be met.

    A past day helps no calendar, and a day that no law and no agreement sets has no place in one.
    """
    deadline = facts["deadline"]
    if not deadline or not deadline["legal_on"] or deadline["duty"] == "none":
        return False
    return deadline["status"] not in OVER and bool(deadline["legal_on"] >= facts["today"])


def invite(facts: Mapping[str, Any], instance: str, stamp: datetime) -> str:
    """The calendar file for ``facts["deadline"]``; ``stamp`` (aware) becomes DTSTAMP and LAST-MODIFIED in UTC."""
    agreement, deadline = facts["agreement"], facts["deadline"]
    on = date.fromisoformat(deadline["legal_on"])
    said = [f"Dato: {dato(deadline['legal_on'])} ({pligt(deadline['duty'])})."]
    if (event := facts["event"]) and event["time"] and event["due"] == deadline["legal_on"]:
        said.append(f"Svar senest {klokken(event['time'])}.")
    if deadline["aim_on"] and deadline["aim_on"] != deadline["legal_on"]:
        said.append(f"Sidste hverdag før er {dato(deadline['aim_on'])}.")
    said.append(f"Hjemmel: {hjemmel(deadline['cite'])}.")
    said += [f"{other['title']}: {dato(other['legal_on'])}." for other in facts["also"] if other["legal_on"]]
    if deadline["doubtful"]:
        said.append("Reglen kan være ophævet; det er ikke afklaret, om fristen stadig gælder.")
    event = Event()
    event.add("uid", uid(instance, agreement["key"], deadline["id"], deadline["subject"]))
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("last-modified", stamp.astimezone(UTC))
    event.add("sequence", max(deadline["revision"] - 1, 0))
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", f"{deadline['title']} ({agreement['region_name']} {agreement['label']})")
    event.add("description", "\n".join(said))
    event.add("status", "TENTATIVE" if deadline["doubtful"] else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")
