"""What the shell is told: 0 done, 1 failed, 2 wrong use, 3 not found, 4 refused, 5 not reachable, 78 misconfigured,
130 Ctrl-C."""

from __future__ import annotations

from workflow.errors import (
    AftaleError,
    Conflict,
    Invalid,
    Misconfigured,
    NotFound,
    NotPossible,
    Refused,
    Unreachable,
)

DONE = 0
FAILED = 1  # also: `reckon`, `verify` and `doctor` found something
WRONG_USE = 2
NOT_FOUND = 3
REFUSED = 4
NOT_REACHABLE = 5  # a server does not answer; systemd starts the daemon again
MISCONFIGURED = 78  # EX_CONFIG of sysexits.h; systemd's RestartPreventExitStatus= can name it
INTERRUPTED = 130

_CODES: dict[type[AftaleError], int] = {
    Invalid: WRONG_USE,
    NotFound: NOT_FOUND,
    NotPossible: REFUSED,
    Conflict: REFUSED,
    Refused: REFUSED,
    Misconfigured: MISCONFIGURED,
    Unreachable: NOT_REACHABLE,
}


def exit_code(error: AftaleError) -> int:
    """The code of the nearest class in the error's family; 1 for one that has none (a DeliveryError)."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), FAILED)
