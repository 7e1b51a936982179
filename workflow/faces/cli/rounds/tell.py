"""Commands that tell the house something: init, upgrade, open, record, import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import By, Db, Json, Key, attached, open_desk, who
from workflow.faces.cli.given import load_rules
from workflow.rules.facts import Fact
from workflow.rules.words import capital

if TYPE_CHECKING:
    pass


def init(
    db: Db = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Real agreements and bodies, contacts under .example.")
    ] = False,
) -> None:
    """Make the database: schema and reference data. Refuses to overwrite."""
    from workflow.services.rounds.setup import set_up

    settings, rulebook = load_rules(db)
    made = set_up(settings.db, rulebook, at=clock.now(), today=clock.today(), demo=demo)
    show.say(f"database: {settings.shown_db} (schema {made.schema}, rules {rulebook.digest[:12]})")
    if demo:
        show.say(
            f"demo: {made.agreements} agreements, {made.contacts} contacts under .example; no real address is in it"
        )
    show.say(
        "next: aftale status"
        if demo
        else "next: aftale contacts import FILE.csv, then aftale open REGION --term T --label L"
    )


def upgrade(db: Db = None) -> None:
    """Bring an existing database to this program's schema, in one transaction, and keep the rules it finds."""
    from workflow.services.keeping.sealing import seal_new
    from workflow.services.law.changing import adopt_first
    from workflow.storage.database import connect, migrate
    from workflow.storage.migrations import HEAD

    settings, rulebook = load_rules(db)
    show.say(f"schema {migrate(settings.db)} -> {HEAD}")
    engine = connect(settings.db)
    try:
        if begun := adopt_first(engine, rulebook, clock.now()):
            show.say(f"rules {rulebook.digest[:12]}: kept, and {begun} agreements live under them")
        if sealed := seal_new(engine, clock.now()):
            show.say(f"sealed: {sealed} letters, attempts, returns, reports and journal lines, from now on")
    finally:
        engine.dispose()


def open_(
    region: Annotated[
        str,
        typer.Argument(
            metavar="UNIT",
            help="nordjylland, midtjylland, syddanmark, hovedstaden, sjaelland, oestdanmark; where the regime has "
            "rounds of other bodies, a municipality (0851, aalborg), health council (vendsyssel) or group.",
        ),
    ],
    term: Annotated[str, typer.Option("--term", help="Election term, e.g. 2022-2025.")],
    label: Annotated[str, typer.Option("--label", help="What people call it, e.g. 2024-2027.")],
    effective: Annotated[
        str | None, typer.Option("--effective", metavar="D", help="It takes effect on this day.")
    ] = None,
    nominal_end: Annotated[
        str | None, typer.Option("--nominal-end", metavar="D", help="The first day AFTER its agreed end.")
    ] = None,
    nominal_end_source: Annotated[
        str, typer.Option("--nominal-end-source", help="Where that end is agreed; no law fixes one.")
    ] = "",
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", metavar="CODE", help="BEK 778/2009 only: the one municipality."),
    ] = None,
    regime: Annotated[
        str, typer.Option("--regime", metavar="ID", help="Which of the term's; default: health agreements.")
    ] = "",
    source: Annotated[str, typer.Option("--source", help="Where this is known from.")] = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Open an agreement: from now on its dates are watched."""
    from workflow.services.facts.agreements import open_agreement
    from workflow.services.planning.answering import count_unanswered
    from workflow.services.views.bodies import of_its_region

    with open_desk(db) as desk:
        opening = Fact(0, "opened", clock.today(), source=source, by=by or who())
        standing = open_agreement(
            desk.engine, desk.rulebook, opening, region=region, term=term, label=label, at=clock.now(),
            effective=clock.day(effective, "--effective") if effective else None,
            nominal_end=clock.day(nominal_end, "--nominal-end") if nominal_end else None,
            nominal_end_source=nominal_end_source, municipality=municipality, regime=regime,
        )  # fmt: skip
        show.say(f"åbnet: {standing.agreement.key} efter {standing.agreement.regime.instrument}")
        for fact in standing.facts:
            _remark(standing.agreement, fact)
        for deadline in standing.deadlines:
            if deadline.legal_on:
                said = show.state(deadline, standing.as_of)
                doubt = f"; {said}" if deadline.doubtful or deadline.status == "lapsed" else ""
                show.say(
                    f"  {deadline.title}: {show.long_day(deadline.legal_on)} ({deadline.cite[0]}){doubt}"
                )
        if said := show.rules_end(standing):
            show.say(f"  regler: {said}")
        for said in of_its_region(standing):
            show.say(f"  bemærk: {said}")
        key = standing.agreement.key
        show.asked(count_unanswered(desk.engine, agreement=key).get(key, 0), key)
        for deviation in desk.rulebook.deviations:
            allowed = standing.agreement.regime.cite("deviation")
            if allowed and term == deviation.term and region in deviation.regions:
                authority = capital(standing.agreement.regime.words.authority.definite)
                show.say(
                    f"  bemærk: {authority} har fraveget fristen til {show.long_day(deviation.new_on)}; "
                    f"registrér den:\n"
                    f"  aftale record {standing.agreement.key} deviation --on {deviation.known_on} "
                    f'--due {deviation.new_on} --source "{deviation.source}"'
                )


def record(
    agreement: Key,
    event: Annotated[
        str,
        typer.Argument(
            help="What happened; an unknown word lists them all.", autocompletion=completing.events
        ),
    ],
    on: Annotated[str, typer.Option("--on", metavar="D", help="The day it happened (Danish date).")],
    version: Annotated[
        int | None, typer.Option("--version", help="Which version; default: the newest.")
    ] = None,
    council: Annotated[
        str | None,
        typer.Option(
            "--council",
            metavar="CODE",
            help="E.g. 0851, or 1081 for the region.",
            autocompletion=completing.councils,
        ),
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="D", help="The date it sets.")] = None,
    source: Annotated[str, typer.Option("--source", help="Letter, minutes, web page.")] = "",
    by: By = None,
    corrects: Annotated[
        int | None, typer.Option("--corrects", metavar="NO", help="correction: the fact it voids.")
    ] = None,
    about: Annotated[
        str,
        typer.Option(
            "--about",
            help="Which body, cluster, report or duty (a wrong word lists them); with sst-refused the unmet "
            "requirements, parted by ';'; with goals-set the national goals, 1 to 8.",
        ),
    ] = "",
    time: Annotated[
        str, typer.Option("--time", metavar="HH:MM", help="Clock time a hearing closes (Danish).")
    ] = "",
    document: Annotated[
        Path | None, typer.Option("--document", metavar="PATH", help="A file to hash and keep with the fact.")
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm", help="It happened although a rule forbids it: record it, marked with the rule."
        ),
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Record a fact. Nothing is ever edited: a wrong fact is voided by a `correction` with its reason."""
    from workflow.services.facts import agreements
    from workflow.services.lookahead.warning import warnings
    from workflow.services.planning.marks import marks
    from workflow.services.planning.readiness import sent_without

    fact = Fact(
        0, event, clock.day(on, "--on"), version, council, clock.day(due, "--due") if due else None,
        source.strip(), by or who(), corrects, about=about, time=time,
    )  # fmt: skip
    kept = attached(document) if document else None
    with open_desk(db) as desk:
        done = agreements.record(
            desk.engine, desk.rulebook, agreement, fact, today=clock.today(), at=clock.now(), attached=kept,
            confirmed=confirm,
        )  # fmt: skip
        broken = [] if done.still else marks(done.after, done.after.rules)
        lacking = [] if done.still else sent_without(done.after, done.after.rules, done.fact)
        lacking += [] if done.still else warnings(done.after, done.fact)
    _remark(done.after.agreement, done.fact)
    for text in lacking:
        show.say(f"bemærk: {text}")
    for mark in broken:
        if mark.fact.no == done.fact.no:
            show.say(f"mærke: {mark.text} ({mark.cite})")
    moved = _moved(done)
    if json:
        day = done.fact.on.isoformat()
        said = {"agreement": agreement, "no": done.fact.no, "event": event, "on": day, "moved": moved}
        said["unanswered"] = done.asked
        said["voids"] = [one.corrects for one in done.corrections]
        show.as_json(said | ({"unworkable": done.still} if done.still else {}))
        return
    number = f" version {done.fact.version}" if done.fact.version else ""
    voids = f", ophæver nr. {done.fact.corrects}" if done.fact.corrects else ""
    show.say(f"registreret som nr. {done.fact.no}: {event}{number} {done.fact.on}{voids}")
    for one in done.corrections:
        show.say(f"  retter nr. {one.corrects}: {one.source}")
    for change in moved:
        show.say(f"  {change['title']}: {change['from'] or 'uden dato'} -> {change['to'] or 'uden dato'}")
    for text in _judged(done):
        show.say(text)
    if done.still:
        show.say(f"bemærk: aftalen kan stadig ikke regnes efter: {done.still}")
    show.asked(done.asked, agreement)


def _remark(agreement: Any, fact: Fact) -> None:
    from workflow.services.facts.remarking import remarks

    for remark in remarks(agreement, fact, clock.today()):
        show.say(f"bemærk: {remark}")


def _judged(done: Any) -> list[str]:
    """Duties that were done before the fact and now count as in time where they were late, or the other way round."""
    before = {(d.id, d.subject): d for d in done.before.deadlines if d.met_on}
    return [
        f"  {d.title}: {show.state(was)} -> {show.state(d)}"
        for d in done.after.deadlines
        if d.met_on and (was := before.get((d.id, d.subject))) and was.status != d.status
    ]


def _moved(done: Any) -> list[dict[str, str | None]]:
    before = {(d.id, d.subject): d.legal_on for d in done.before.deadlines}
    return [
        {
            "id": d.id,
            "title": d.title,
            "from": str(before[d.id, d.subject]) if before.get((d.id, d.subject)) else None,
            "to": str(d.legal_on) if d.legal_on else None,
        }
        for d in done.after.deadlines
        if d.legal_on != before.get((d.id, d.subject))
    ]


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A round's agreements and facts.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be recorded; change nothing.")
    ] = False,
    by: By = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Record a whole round's facts from a file: all or nothing."""
    from workflow.services.rounds.importing import import_round

    with open_desk(db) as desk:
        report = import_round(
            desk.engine,
            desk.rulebook,
            file, today=clock.today(), at=clock.now(), by=by or who(), dry_run=dry_run, attach=attached,
        )  # fmt: skip
    for said in dict.fromkeys(_to_come(report.recorded)):
        show.say(said)
    if json:
        show.as_json(report.as_json())
        return
    show.say(f"{'ville registrere' if dry_run else 'registreret'}: {report.summary()}")
    show.asked(report.asked)


def _to_come(recorded: list[tuple[str, Fact]]) -> Iterator[str]:
    from workflow.services.facts.remarking import ahead

    for key, fact in recorded:
        if said := ahead(fact, clock.today()):
            yield f"bemærk: {key}: {said}"


COMMANDS = {"init": init, "upgrade": upgrade, "open": open_, "record": record, "import": import_}
