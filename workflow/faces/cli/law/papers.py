"""Commands that write the documents made from the program itself: diagram and lawdoc."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces.cli import show

Out = Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Write it there; default: stdout.")]


def diagram(out: Out = None) -> None:
    """Draw every course as Mermaid from the tables that run, with what each state means."""
    from workflow.faces.cli.given import load_rules
    from workflow.lifecycle.diagram import document

    _, rulebook = load_rules(None)
    _write(document(rulebook.courses), out)


def lawdoc(out: Out = None) -> None:
    """Write the table of obligations: what tracks each, which letter, which test, or why it is not tracked."""
    from workflow.faces.cli.given import load_rules
    from workflow.services.views.lawdoc import document, tests_naming

    _, rulebook = load_rules(None)
    _write(document(rulebook, tests_naming(Path(__file__).resolve().parents[4] / "tests" / "law")), out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(f"--out {out}: {error.strerror}; name a file that can be written") from error
    show.say(f"skrevet: {out}")


COMMANDS = {"diagram": diagram, "lawdoc": lawdoc}
