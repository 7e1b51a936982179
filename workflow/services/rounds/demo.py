"""The demo: the real agreements from ``calendars/demo``, and a mailbox under ``.example`` for every body.

No address in it can exist (RFC 2606), and no council or region in it is invented; dates that no source gives say so,
and so do the texts, and the answers to the hearing.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from workflow.rules.words import capital
from workflow.services.hearing.entering import add_party, add_remark, decide, take_answer
from workflow.services.hearing.register import find_register
from workflow.services.meetings.keeping import import_meetings, read_file
from workflow.services.people.contacts.contactheading import COLUMNS
from workflow.services.people.contacts.contactrow import councils
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.rounds.importing import import_round
from workflow.services.views.status import find_standing
from workflow.storage.facts.documents import Attached
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.places import find_folder
from workflow.values import dataclass

_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "-"})


@dataclass(frozen=True, slots=True)
class Demo:
    """How much there is to look at."""

    agreements: int
    contacts: int


def demo(engine: Engine, rulebook: Rulebook, *, today: date, at: datetime) -> Demo:
    """Fill an empty database. ``today`` is the Danish day of opening, ``at`` the aware instant of recording."""
    opened, folder = 0, find_folder("calendars") / "demo"
    for path in sorted(folder.glob("*.toml")):
        done = import_round(engine, rulebook, path, today=today, at=at, by="demo", attach=_file)
        opened += len(done.opened)
    for path in sorted((folder / "hearings").glob("*.toml")):
        _answers(engine, rulebook, tomllib.loads(path.read_text(encoding="utf-8")), today, at)
    days = read_file(rulebook, "meetings.csv", (folder / "meetings.csv").read_bytes())
    import_meetings(engine, rulebook, days, source="Demo: eksempeldato, ikke oplyst", by="demo", at=at)
    contacts = import_contacts(engine, rulebook, demo_contacts(rulebook))
    return Demo(opened, contacts.added)


def _file(path: Path) -> Attached:
    return Attached(path.name, path.read_bytes())


def _answers(engine: Engine, rulebook: Rulebook, told: dict[str, Any], today: date, at: datetime) -> None:
    """Who answered in one hearing of the demo, and what became of each remark; once."""
    key, item = told["agreement"], 0
    if find_register(engine, find_standing(engine, rulebook, key, today)).acts:
        return
    for answer in told["answer"]:
        party = answer["party"]
        if "asked_on" in answer:
            party = f"p{add_party(engine, rulebook, key, party, answer['asked_on'], 'demo', at)}"
        if "on" in answer:
            take_answer(
                engine,
                rulebook,
                key,
                party,
                answer["on"],
                answer["clock"],
                "demo",
                at,
                source=answer["source"],
            )
        for remark in answer.get("remark", ()):
            item += 1
            add_remark(engine, rulebook, key, party, remark["text"], "demo", at, where=remark["where"])
            if "taken" in remark:
                decide(engine, rulebook, key, item, remark["taken"], remark["because"], "demo", at)


def demo_contacts(rulebook: Rulebook) -> str:
    """Contacts as CSV: each region's secretariat (two mailboxes), chairs and PIU, each cluster and council."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS[:4])
    writer.writerows(_mailboxes(rulebook))
    return sheet.getvalue()


def _mailboxes(rulebook: Rulebook) -> Iterator[tuple[str, str, str, str]]:
    document = rulebook.law.regimes[0].words.document  # of the first and fullest kind there is
    for region in rulebook.regions:
        domain = _domain(region.short)
        yield (region.id, "secretariat-region", f"{capital(document.genitive)} sekretariat, {region.name}",
               f"{document.da}@region-{domain}")  # fmt: skip
        yield (region.id, "secretariat-municipal", f"Fælleskommunalt sundhedssekretariat, {region.short}",
               f"sekretariat@kommunerne-i-{domain}")  # fmt: skip
        yield region.id, "piu", f"Patientinddragelsesudvalget, {region.name}", f"piu@region-{domain}"
        yield region.id, "chair", f"Udvalgsformanden, {region.name}", f"formand@region-{domain}"
        yield (
            region.id,
            "vice-chair",
            f"Udvalgets næstformand, {region.name}",
            f"naestformand@kommunerne-i-{domain}",
        )
    for cluster in rulebook.clusters:
        yield cluster.id, "cluster", f"Klyngesekretariatet, {cluster.name}", f"{cluster.id}@klynger.example"
    short = {member.code: member.name for member in rulebook.memberships}
    regions = {region.name: region.short for region in rulebook.regions}
    for council in councils(rulebook).values():
        if council.regional:
            domain = f"region-{_domain(regions[council.name])}"
            yield (
                council.code,
                "council",
                f"Regionsrådets sekretariat, {council.name}",
                f"regionsraad@{domain}",
            )
        else:
            domain = _domain(short[council.code])
            yield council.code, "council", f"Sundhed, {council.name}", f"sundhed@{domain}"


def _domain(name: str) -> str:
    return f"{name.lower().translate(_ASCII)}.example"
