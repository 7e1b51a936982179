"""The typer application: which commands there are. ``workflow.__main__`` calls it and turns errors into exit codes."""

from __future__ import annotations

import typer

from workflow.faces.cli import (
    acts,
    ahead,
    alarm,
    ask,
    contacts,
    examples,
    feed,
    health,
    law,
    letters,
    link,
    meetings,
    move,
    outbox,
    papers,
    people,
    proof,
    rehearse,
    rules,
    show,
    tell,
    work,
)

app = typer.Typer(
    name="aftale",
    help="Frister, påmindelser og dokumentation for sundhedsaftaler.\n\n"
    "AGREEMENT is REGION/LABEL, e.g. nordjylland/2024-2027. Dates are ISO. Data goes to stdout, talk to stderr. "
    "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found, 4 refused by a rule, 5 not reachable, 78 misconfigured.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.callback()
def _options(
    quiet: bool = typer.Option(False, "-q", "--quiet", help="No talk on stderr, only what went wrong."),
    verbose: bool = typer.Option(False, "-v", "--verbose", help="Show where an unexpected error came from."),
    version: bool = typer.Option(False, "-V", "--version", help="Print the version and exit."),
) -> None:
    """``-v`` and ``-V`` are answered in ``workflow.__main__``; listed here so that ``--help`` tells of them."""
    show.quiet.set(quiet)


for module in (tell, ask, ahead, letters, law, acts, work, outbox, proof, health, move, papers, rehearse):
    for name, command in module.COMMANDS.items():
        app.command(name)(command)
app.add_typer(contacts.contacts, name="contacts")
app.add_typer(acts.regime, name="regime")
app.add_typer(rules.rules, name="rules")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(alarm.alarm, name="alarm")
app.add_typer(people.person, name="person")
app.add_typer(people.token, name="token")
app.add_typer(feed.feed, name="feed")
app.add_typer(link.link, name="link")
app.add_typer(meetings.meetings, name="meetings")
examples.shown(app)
