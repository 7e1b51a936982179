"""``aftale``: the last line of the command line, where every error becomes one sentence and an exit code."""

from __future__ import annotations

import os
import sys

from workflow import __version__


def main() -> None:
    """Run ``aftale`` with the arguments of this process and end it; the codes stand in ``faces/cli/exits.py``."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["-V"], ["--version"]):
        print(f"aftale {__version__}")  # answered before anything heavy is imported
        return
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except (
        BrokenPipeError
    ):  # the reader went away (`aftale list | head`); the interpreter must not say so again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or 1
    sys.exit(code)


def _run(arguments: list[str]) -> int | str | None:
    from workflow.errors import AftaleError
    from workflow.faces.cli.exits import FAILED, INTERRUPTED, exit_code

    try:
        from workflow.faces.cli.app import app

        app(arguments, prog_name="aftale")
    except SystemExit as end:  # typer ends this way: --help, wrong use (2), Ctrl-C (130), typer.Exit
        return end.code
    except AftaleError as error:
        _say(str(error))
        return exit_code(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as error:  # noqa: BLE001  the last line: a person gets a sentence, an operator the trace
        first = (str(error).strip().splitlines() or [""])[0]
        _say(f"an unexpected error stopped this: {type(error).__name__}: {first}")
        if os.environ.get("AFTALE_DEBUG") or {"-v", "--verbose"} & set(arguments):
            import traceback

            traceback.print_exc()
        else:
            _say("run it again with AFTALE_DEBUG=1 to see where")
        return FAILED
    return 0


def _say(sentence: str) -> None:
    print(f"aftale: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    main()
