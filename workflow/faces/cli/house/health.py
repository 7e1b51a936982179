"""Commands about the house itself: reckon, doctor, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid, Misconfigured
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, noted, open_desk, who
from workflow.faces.cli.exits import FAILED, MISCONFIGURED, NOT_REACHABLE
from workflow.faces.cli.given import load_rules


def reckon(
    at: Annotated[
        str | None, typer.Option("--at", metavar="ISO", help="As if it were that instant; default: now.")
    ] = None,
    receipts: Annotated[
        bool, typer.Option("--receipts", help="Count a letter of law nobody has heard of since as missing.")
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Work out a second time, by other code, what ought to be handed over by now. Exit 1 when something is missing.

    Only when nothing is, and a daemon has ever run, the dead-man's switch (watch_url) is called. Changes nothing."""
    from workflow.faces.daemon.workplace import heads_file
    from workflow.mail.sending.web import call
    from workflow.services.keeping.heads import read_heads
    from workflow.services.watch.heartbeat import last_tick
    from workflow.services.watch.receipts import silences
    from workflow.services.watch.reckoning import Finding
    from workflow.services.watch.reckoning import reckon as reckoned

    with open_desk(db) as desk:
        settings = desk.settings
        instant = clock.instant(at, "--at", settings.send_hour) if at else clock.now()
        logged = read_heads(heads_file(settings))
        findings = reckoned(desk.engine, desk.rulebook, instant, settings.send_hour, logged)
        silent = silences(desk.engine, instant)
        alive = last_tick(desk.engine) is not None
    if receipts:
        findings += [Finding("receipt", one.agreement, one.said, one.key) for one in silent]
    if json:
        show.as_json(
            [{"kind": f.kind, "agreement": f.agreement or None, "said": f.said, "key": f.key or None}
             for f in findings]
        )  # fmt: skip
    else:
        for found in findings:
            show.line(f"{found.kind}  {found.agreement or '-'}  {found.said}")
        show.say(f"{len(findings)} ting mangler" if findings else "intet mangler")
        if silent and not receipts:
            show.say(f"{len(silent)} lovpligtige breve er ikke bekræftet modtaget: aftale reckon --receipts")
    if findings:
        raise typer.Exit(FAILED)
    if settings.watch_url and not alive:
        show.say("watch_url kaldes ikke, før en dæmon har kørt: aftale daemon")
    elif settings.watch_url and not at:
        try:
            call(settings.watch_url)
        except (OSError, ValueError) as error:
            show.complain(f"watch_url svarer ikke: {error}")
            raise typer.Exit(NOT_REACHABLE) from error


def doctor(db: Db = None, json: Json = False) -> None:
    """Examine everything the daemon needs, with the cure for what is wrong. Sends no letter.

    Exit 0 all well, 1 something is ill, 5 the database or the mail server is not reachable, 78 misconfigured."""
    from workflow.faces.daemon.examination import examine

    findings = examine(db, clock.now())
    if json:
        show.as_json([{"check": f.check, "verdict": f.verdict, "said": f.said} for f in findings])
    else:
        for finding in findings:
            show.verdict(finding.verdict, f"{finding.check}: {finding.said}", 14)
    found = {finding.verdict for finding in findings}
    for verdict, code in (("misconfigured", MISCONFIGURED), ("unreachable", NOT_REACHABLE), ("ill", FAILED)):
        if verdict in found:
            raise typer.Exit(code)


def backup(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="The copy; must not exist. With --keep the folder of copies."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", min=1, metavar="N", help="Into the folder PATH; of its copies the newest N are kept."
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Copy the database while it is in use; the copy appears whole or not at all."""
    from workflow.storage.copies.backup import save
    from workflow.storage.copies.rota import save_into
    from workflow.storage.database import open_database

    settings, _ = load_rules(db)
    if keep:
        kept = save_into(settings.db, path, clock.now(), keep)
        path, size = kept.path, kept.size
        for old in kept.removed:
            show.say(f"fjernet: {old}")
    else:
        size = save(settings.db, path)
    engine = open_database(settings.db)
    try:
        noted(engine, "export", f"aftale backup {path}")
    finally:
        engine.dispose()
    show.say(f"sikkerhedskopi: {path} ({size} bytes). Kopiér den til en anden maskine sammen med heads.log")


def restore(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="A copy made by aftale backup.", show_default=False),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="It was put back by other means (a snapshot, pg_restore): only look."),
    ] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who does it; default: this account.")] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Put a copy back, hold all sending, and print what the older database may not know.

    Nothing is sent until `aftale outbox release --all`, and what may have been sent before the loss not even then:
    `aftale history` says told, send or drop of it. The old file is kept; on PostgreSQL the copy goes into an empty
    database."""
    from workflow.faces.daemon.lock import only_one
    from workflow.faces.daemon.workplace import heads_file, letters_file
    from workflow.services.keeping.heads import read_heads, write_restored
    from workflow.services.keeping.restoring import reconcile
    from workflow.services.keeping.traces import read_traces
    from workflow.services.watch.heartbeat import instance_of
    from workflow.storage.copies.backup import bring_back
    from workflow.storage.database import connect, sqlite_path

    if adopt == bool(path):
        raise Invalid("name a copy made by aftale backup, or write --adopt")
    settings, rulebook = load_rules(db)
    target = sqlite_path(settings.db)
    if target and not target.parent.is_dir():
        raise Misconfigured(
            str(target.parent), "the folder does not exist", "Create it, for the daemon's account"
        )
    old = None
    with only_one(target):
        if path:
            old = bring_back(settings.db, path)
        engine = connect(settings.db)
        instance = instance_of(engine)
        compared = reconcile(
            engine, rulebook, read_heads(heads_file(settings)), by or who(), clock.now(),
            send_hour=settings.send_hour, traces=read_traces(letters_file(settings), instance), instance=instance,
        )  # fmt: skip
        write_restored(engine, heads_file(settings), clock.now())
        engine.dispose()
    newest = compared.newest_at.isoformat() if compared.newest_at else None
    if json:
        lost = [{"agreement": bad.agreement, "no": bad.no, "why": bad.why} for bad in compared.lost]
        show.as_json(
            {
                "newest": newest,
                "waiting": compared.waiting,
                "sent": sorted(compared.sent),
                "lost": lost,
                "kept": str(old) if old else None,
            }
        )
        return
    print(f"Databasen ved intet efter {newest or 'oprettelsen'}.")
    for bad in compared.lost:
        print(f"TABT  {bad.agreement}, fra nr. {bad.no}: {bad.why}. Registrér det igen: aftale record")
    for notice in compared.waiting:
        print(
            f"usikker  {notice['id']}  {notice['agreement']}  {notice['letter']} {notice['rung']} "
            f"til {notice['recipient']}; {compared.sent.get(notice['id'], 'måske sendt før tabet')}"
        )
    print("Intet sendes. De breve, der er nævnt, går kun efter dit ord, et for et eller alle på én gang:")
    print("  aftale history told --all --on DAG --source KILDE    de er sendt")
    print("  aftale history send NR ...                           de skal sendes")
    print("  aftale history drop NR ... --why TEKST               de skal ikke sendes")
    print("Slip derefter resten: aftale outbox release --all")
    if old:
        show.say(f"den gamle fil ligger som {old}")


COMMANDS = {"reckon": reckon, "doctor": doctor, "backup": backup, "restore": restore}
