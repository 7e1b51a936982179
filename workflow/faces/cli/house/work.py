"""Commands that work: tick (one pass), daemon (passes for ever), check (everything a start needs)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from workflow.errors import AftaleError, Unreachable
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, open_desk
from workflow.faces.cli.exits import MISCONFIGURED, NOT_REACHABLE
from workflow.faces.cli.given import load_rules
from workflow.faces.cli.house import working


def tick(
    at: Annotated[
        str | None, typer.Option("--at", metavar="ISO", help="As if it were that instant; default: now.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be sent to whom; change nothing.")
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """One pass of the daemon: plan what is owed, send what is due. A bare date in --at means the send hour."""
    working.tick(at, dry_run, db, json)


def daemon(
    port: Annotated[int | None, typer.Option("--port", help="Port of the page; default: settings.")] = None,
    db: Db = None,
) -> None:
    """Watch the dates, send the letters, serve the page, until SIGTERM. Stays in the foreground."""
    raise typer.Exit(working.daemon(port, db))


def check(db: Db = None, json: Json = False) -> None:
    """Run every start-up check; each failure comes with its cure. Exit 78 when one fails, 5 when a server is silent."""
    results: list[dict[str, Any]] = []
    silent: list[str] = []
    for name, test in _CHECKS:
        found = _run(name, test, db, silent)
        broken = next((r["check"] for r in results if not r["ok"] and r["said"] == found["said"]), None)
        results.append(found | {"said": f"not looked at, since {broken} failed"} if broken else found)
    if json:
        show.as_json(results)
    else:
        for result in results:
            show.verdict("ok" if result["ok"] else "FAIL", f"{result['check']}: {result['said']}", 6)
    if not all(result["ok"] for result in results):
        raise typer.Exit(NOT_REACHABLE if silent else MISCONFIGURED)


def _run(name: str, test: Callable[[str | None], str], db: str | None, silent: list[str]) -> dict[str, Any]:
    try:
        return {"check": name, "ok": True, "said": test(db)}
    except AftaleError as error:
        if isinstance(error, Unreachable):
            silent.append(name)
        return {"check": name, "ok": False, "said": str(error)}


def _settings(db: str | None) -> str:
    from workflow import settings

    found = settings.load(db=db)
    return f"database {found.shown_db}, page http://{found.host}:{found.port}"


def _rules(db: str | None) -> str:
    _, rulebook = load_rules(db)
    names = ", ".join(regime.instrument for regime in rulebook.law.regimes)
    counted = f"{len(rulebook.law.regimes)} regimes ({names}), {len(rulebook.letters)} letters"
    return f"{counted}, digest {rulebook.digest[:12]}"


def _law(db: str | None) -> str:
    """What no lawyer has signed, and what is not quoted: a note, since no date is wrong for it."""
    from workflow.services.law.unsigned import SIGNED, lacking

    _, rulebook = load_rules(db)
    return lacking(rulebook) or SIGNED


def _letters(db: str | None) -> str:
    """Every letter whole; which dates and events have none, and what nothing triggers: a note, no fault."""
    from workflow.faces.daemon.workplace import load_letters
    from workflow.services.law.lettering import untold

    settings, rulebook = load_rules(db)
    letters = load_letters(settings, "check")
    letters.check([letter.name for letter in rulebook.letters])
    whole = f"{len(rulebook.letters)} letters have subject, text and HTML"
    return f"{whole}; {untold(rulebook, letters.names())}"


def _database(db: str | None) -> str:
    from workflow.storage.migrations import HEAD

    with open_desk(db):
        return f"schema {HEAD}"


def _journal(db: str | None) -> str:
    from workflow.errors import Misconfigured
    from workflow.storage.database import reading
    from workflow.storage.facts import journal

    with open_desk(db) as desk, reading(desk.engine) as session:
        found = journal.all_agreements(session)
        for agreement in found:
            if broken := journal.verify(session, agreement):
                raise Misconfigured(f"journal of {agreement.key}", broken, "Restore a backup")
    return f"{len(found)} agreements, every chain whole"


def _contacts(db: str | None) -> str:
    from workflow.services.people.contacts.contacts import coverage
    from workflow.services.views.status import workable

    with open_desk(db) as desk:
        for one in workable(desk.engine, desk.rulebook, clock.today())[1]:
            raise one
        missing = coverage(desk.engine, desk.rulebook, clock.today())
    if missing:
        named = ", ".join(missing[:8]) + (" ..." if len(missing) > 8 else "")
        note = f"NOTE: {len(missing)} functions have no live contact ({named}); "
        return note + "import them: aftale contacts import FILE.csv"
    return "every body of every open agreement has a live contact"


def _mail(db: str | None) -> str:
    from workflow.faces.daemon.workplace import mail_target

    settings, _ = load_rules(db)
    return mail_target(settings)


_CHECKS: tuple[tuple[str, Callable[[str | None], str]], ...] = (
    ("settings", _settings),
    ("rules", _rules),
    ("law", _law),
    ("letters", _letters),
    ("database", _database),
    ("journal", _journal),
    ("contacts", _contacts),
    ("mail", _mail),
)
COMMANDS = {"tick": tick, "daemon": daemon, "check": check}
