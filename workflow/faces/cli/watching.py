"""``--watch [SECONDS]``: the same answer again and again, on a screen of its own, until Ctrl-C."""

from __future__ import annotations

import io
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from typing import Annotated, Any, TypeVar

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli.exits import INTERRUPTED
from workflow.rules.days import COPENHAGEN

OFTEN = "5"
_OPEN, _CLOSE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"  # the other screen, without a cursor; and back
Asked = TypeVar("Asked")
Watch = Annotated[
    float | None,
    typer.Option("--watch", metavar="[SECONDS]", min=0.2, max=86400, show_default=False,
                 help="Ask again every SECONDS (5) until Ctrl-C."),
]  # fmt: skip


def spelt_out(arguments: Sequence[str]) -> list[str]:
    """The arguments with the seconds that a bare ``--watch`` leaves out."""
    found: list[str] = []
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        found.append(argument)
        if argument == "--watch" and not following.replace(".", "", 1).isdecimal():
            found.append(OFTEN)
    return found


def watching(
    seconds: float | None, json: bool, ask: Callable[[], Asked], tell: Callable[[Asked], Any]
) -> None:
    """``tell`` what was ``ask``-ed: once, or every ``seconds`` until Ctrl-C, which ends with exit code 130."""
    if seconds is None:
        tell(ask())
        return
    if json:
        raise Invalid("--watch is for people; leave --json out, or ask again yourself")
    terminal = sys.stdout.isatty()
    try:
        if terminal:
            sys.stdout.write(_OPEN)
        while True:
            frame = _Frame(terminal)
            answer = ask()
            with redirect_stdout(frame):
                print(
                    f"{clock.now().astimezone(COPENHAGEN):%H.%M.%S}  hvert {seconds:g}. sekund; Ctrl-C slutter\n"
                )
                tell(answer)
            sys.stdout.write(_fitted(frame.getvalue()) if terminal else frame.getvalue() + "\n")
            sys.stdout.flush()
            time.sleep(seconds)
    except KeyboardInterrupt as stop:
        raise typer.Exit(INTERRUPTED) from stop
    finally:
        if terminal:
            sys.stdout.write(_CLOSE)
            sys.stdout.flush()


class _Frame(io.StringIO):
    """One screenful, drawn as for the terminal it will be shown on."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def _fitted(text: str) -> str:
    """The text written over what stands there, cut to the screen; how much was cut is said."""
    height = shutil.get_terminal_size().lines
    lines = text.rstrip("\n").split("\n")
    if len(lines) > height:
        lines = [*lines[: height - 1], f"... {len(lines) - height + 1} linjer mere"]
    return "\x1b[H" + "\n".join(line + "\x1b[0m\x1b[K" for line in lines) + "\x1b[J"
