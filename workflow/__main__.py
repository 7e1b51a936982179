"""``aftale``: the last line of the command line, where every error becomes one sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from workflow import __version__


def main() -> None:
    """Run ``aftale`` with the arguments of this process and end it; the codes stand in ``faces/cli/exits.py``."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["-V"], ["--version"]):
        print(f"aftale {__version__}")  # answered before anything heavy is imported
        return
    verbose = bool(os.environ.get("AFTALE_DEBUG")) or not {"-v", "--verbose"}.isdisjoint(arguments)
    code = ending(lambda: _command_line(arguments), verbose)
    try:
        sys.stdout.flush()
    except (
        BrokenPipeError
    ):  # the reader went away (`aftale ... | head`); the interpreter must not say so again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or 1
    sys.exit(code)


def ending(run: Callable[[], None], verbose: bool) -> int:
    """The exit code of ``run``; what stopped it is said in one sentence on stderr, the trace only when verbose."""
    from workflow.errors import AftaleError
    from workflow.faces.cli.exits import DONE, FAILED, INTERRUPTED, exit_code

    try:
        run()
    except SystemExit as end:  # typer ends this way: --help, wrong use (2), Ctrl-C (130), typer.Exit
        return end.code if isinstance(end.code, int) else FAILED if end.code else DONE
    except AftaleError as error:
        _say(str(error))
        _trace(verbose)
        return exit_code(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:  # noqa: BLE001  the last line: a person gets a sentence, an operator the trace
        from workflow.storage.troubles import as_told

        if told := as_told(error):
            _say(str(told))
            _trace(verbose)
            return exit_code(told)
        first = (str(error).strip().splitlines() or ["no more was said"])[0]
        cure = "" if verbose else " (AFTALE_DEBUG=1 shows where)"
        _say(f"unexpected {type(error).__name__}: {first}{cure}")
        _trace(verbose)
        return FAILED
    return DONE


def _command_line(arguments: list[str]) -> None:
    from workflow.faces.cli.quick import answered

    if answered(arguments):
        return
    from workflow.faces.cli.app import line, whole
    from workflow.faces.cli.completing import across_colons, asked_by_a_shell, asked_by_bash
    from workflow.faces.cli.watching import spelt_out

    def run() -> None:
        asked = spelt_out(arguments)
        app = whole() if asked_by_a_shell() else line(asked)
        app(asked, prog_name="aftale")

    if asked_by_bash():
        across_colons(run)
    else:
        run()


def _say(sentence: str) -> None:
    print(f"aftale: {sentence}", file=sys.stderr)


def _trace(verbose: bool) -> None:
    if verbose:
        import traceback

        traceback.print_exc()


if __name__ == "__main__":
    main()
