"""``aftale regime new`` asks for a regime and writes its file; ``aftale schema`` gives editors the files' form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show

FORMS = Literal["regime", "course", "letters", "cases"]
ASKED = {  # what is asked for, with an example
    "id": "Id, e.g. rammeaftale-bek-1561-2025",
    "kind": "Kind: regimes of one kind succeed each other, e.g. rammeaftale-social",
    "instrument": "Instrument, as rules cite it, e.g. BEK 1561/2025",
    "name": "Its full name",
    "url": "Where it can be read",
    "in_force_on": "In force from (YYYY-MM-DD)",
    "terms": "Election terms, e.g. 2026-2029, 2030-2033",
    "document": "The document, three Danish forms: rammeaftale, rammeaftalen, rammeaftaler",
    "document_en": "The document in English",
    "authority": "The authority it is sent to",
    "committee": "The committee that follows it up, in the definite form",
    "parties": "Parties: all-councils, municipal-councils or one-council",
    "parties_said": "The parties in a Danish sentence, e.g. regionsrådet og alle kommunalbestyrelser",
    "course": "Course, a file of calendars/courses",
    "unit": "Unit: region, health-council or municipality",
    "title": "The duty, as a Danish title",
    "provision": "Its provision, e.g. § 8",
    "due": "Its date: year of the term, month, day, e.g. 1 12 1; empty where the law sets none",
    "met_by": "The event that fulfils it, e.g. concluded, adopted or submitted",
}


def new(
    calendars: Annotated[Path, typer.Option("--calendars", help="Your own calendars folder.")],
    said: Annotated[
        list[str] | None,
        typer.Option("--say", metavar="KEY=VALUE", help="An answer given beforehand; may be repeated."),
    ] = None,
) -> None:
    """Ask for a regime's document, parties, dates, authority and course, and write a file the strict reader takes."""
    from workflow.services.law.drafting import Draft, write

    given = dict(one.partition("=")[::2] for one in said or ())
    if unknown := sorted(given.keys() - ASKED.keys()):
        raise Invalid(f"--say {unknown[0]}: nobody asks for that; the keys are {', '.join(ASKED)}")
    if missing := [key for key in ASKED if key not in given and not sys.stdin.isatty()]:
        raise Invalid(f"no terminal to ask on; give --say {missing[0]}=... ({ASKED[missing[0]]})")
    answers = {
        key: (
            given[key] if key in given else typer.prompt(question, default="" if key == "due" else None)
        ).strip()
        for key, question in ASKED.items()
    }
    document = [one.strip() for one in answers.pop("document").split(",")]
    if len(document) != 3:
        raise Invalid("document takes three forms, e.g. rammeaftale, rammeaftalen, rammeaftaler")
    due = answers.pop("due").split()
    if due and not (len(due) == 3 and all(one.isdigit() for one in due)):
        raise Invalid("due takes the year of the term, the month and the day, e.g. 1 12 1")
    in_force_on = clock.day(answers.pop("in_force_on"), "in_force_on")
    terms = [one.strip() for one in answers.pop("terms").split(",")]
    draft = Draft(
        **answers, in_force_on=in_force_on, terms=terms, document=(document[0], document[1], document[2]),
        due=(int(due[0]), int(due[1]), int(due[2])) if due else None, checked_on=clock.today(),
    )  # fmt: skip
    path = write(draft, calendars)
    print(path)
    show.say(
        "next: say what was read, add the other rules, write cases, and run aftale check and aftale test"
    )


def schema(
    form: Annotated[FORMS, typer.Argument(help="Which file: regime, course, letters or cases.")],
) -> None:
    """Print the JSON Schema of a file in calendars/, for an editor: save it and name it in the file's first line."""
    from workflow.storage.law.forms.casesfile import CasesFile
    from workflow.storage.law.forms.coursefile import CourseFile
    from workflow.storage.law.forms.entry import Entry
    from workflow.storage.law.lawfiles import RegimeFile
    from workflow.storage.law.letterfiles import LettersFile

    models: dict[str, type[Entry]] = {
        "regime": RegimeFile, "course": CourseFile, "letters": LettersFile, "cases": CasesFile,
    }  # fmt: skip
    show.as_json(models[form].model_json_schema(by_alias=True))


COMMANDS = {"schema": schema}
