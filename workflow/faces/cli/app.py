"""The typer application: which commands there are. ``workflow.__main__`` calls it and turns errors into exit codes.

Building all commands takes longer than most of them run, so a command that is named is built alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

import typer

from workflow.faces.cli import examples, show
from workflow.faces.cli.once import once

ROOMS = {  # module -> the commands in it, in the order of --help
    "rounds.tell": ("init", "upgrade", "open", "record", "import"),
    "rounds.ask": ("deadlines", "why", "status", "journal"),
    "rounds.ahead": ("plan", "whatif", "chance"),
    "letters.notices": ("notices",),
    "law.law": ("ready", "quotas", "regimes", "bodies"),
    "law.acts": ("deviation",),
    "house.work": ("tick", "daemon", "check"),
    "letters.outbox": ("bounce",),
    "letters.proof": ("proof", "verify"),
    "house.health": ("reckon", "doctor", "backup", "restore"),
    "people.audit": ("audit",),
    "house.move": ("move",),
    "law.papers": ("diagram", "lawdoc"),
    "house.units": ("units",),
    "rounds.rehearse": ("rehearse",),
    "law.cases": ("test",),
    "law.newregime": ("schema",),
    "rounds.notes": ("note", "log"),
    "rounds.call": ("call",),
    "rounds.sharing": ("forward", "share"),
}
GROUPS = {  # group of commands -> its module
    "contacts": "people.contacts",
    "sender": "letters.sender",
    "letters": "letters.letters_set",
    "regime": "law.acts",
    "rules": "law.rules",
    "readings": "law.readings",
    "outbox": "letters.outbox",
    "history": "rounds.history",
    "alarm": "letters.alarm",
    "person": "people.people",
    "token": "people.people",
    "feed": "people.feed",
    "link": "letters.link",
    "meetings": "rounds.meetings",
    "councils": "rounds.councils",
    "hearing": "rounds.hearing",
    "cases": "rounds.cases",
}


def line(arguments: Sequence[str]) -> typer.Typer:
    """What answers these arguments: the command or group they begin with alone, else every command there is."""
    first = arguments[0] if arguments else ""
    for room, commands in ROOMS.items():
        if first in commands:
            return _with({room: (first,)}, {})
    return _with({}, {first: GROUPS[first]}) if first in GROUPS else whole()


def whole() -> typer.Typer:
    """Every command."""
    return _with(ROOMS, GROUPS)


def _with(rooms: dict[str, tuple[str, ...]], groups: dict[str, str]) -> typer.Typer:
    app = typer.Typer(
        name="aftale",
        help="Frister, påmindelser og dokumentation for aftaler og planer.\n\n"
        "AGREEMENT is REGION/LABEL, e.g. nordjylland/2024-2027. Dates are ISO. Data goes to stdout, talk to stderr. "
        "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found, 4 refused by a rule, 5 not reachable, "
        "78 misconfigured.",
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    app.callback()(_options)
    for room, commands in rooms.items():
        for name in commands:
            app.command(name)(_room(room).COMMANDS[name])
    for group, room in groups.items():
        app.add_typer(getattr(_room(room), group), name=group)
    examples.shown(app)
    once(app)
    return app


def _room(name: str) -> ModuleType:
    return import_module(f"workflow.faces.cli.{name}")


def _options(
    quiet: bool = typer.Option(False, "-q", "--quiet", help="No talk on stderr, only what went wrong."),
    verbose: bool = typer.Option(False, "-v", "--verbose", help="Show where an unexpected error came from."),
    version: bool = typer.Option(False, "-V", "--version", help="Print the version and exit."),
) -> None:
    """``-v`` and ``-V`` are answered in ``workflow.__main__``; listed here so that ``--help`` tells of them."""
    show.quiet.set(quiet)
