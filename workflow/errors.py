"""Every error this house raises on purpose.

AftaleError
├─ Refused              what was asked for is not allowed
│   ├─ Invalid          the input cannot be right
│   ├─ NotFound         no such thing, or not yours to see
│   ├─ NotPossible      not from this state; says what is missing and by which provision
│   └─ Conflict         somebody else moved it first; read again
├─ Misconfigured        the operator must act; file and key are named
│   └─ Unworkable       the facts of one agreement do not fit the rules; the others are none the worse for it
├─ Unreachable          a server does not answer; the same may work later
└─ DeliveryError        never reaches a caller; it is written on the notice

Exit codes and HTTP statuses are a matter of the faces: see ``faces/cli/exits.py``.
"""

import re

_LOST = re.compile(r"regime (\S+) is not in the calendars")


class AftaleError(Exception):
    """The root: ``str(error)`` is one sentence a user can act on."""


class Refused(AftaleError):
    """What was asked for is not allowed; nothing was changed."""


class Invalid(Refused):
    """The input cannot be right; the message says what, where and what would work."""


class NotFound(Refused):
    """No such thing, or not yours to see."""


class NotPossible(Refused):
    """The law or the lifecycle forbids this step now; the message says what is missing.

    ``cite`` names the provision, e.g. ``"SUL § 205, stk. 1"``; empty where the reason is not legal.
    """

    def __init__(self, message: str, cite: str = "") -> None:
        super().__init__(f"{message} ({cite})" if cite else message)
        self.why, self.cite = message, cite
        self.fact_no = 0  # the recorded fact that would no longer hold, where one is to blame


class Conflict(Refused):
    """Somebody else moved it first; read again and repeat."""


class Misconfigured(AftaleError):
    """The operator must act. ``where`` is a file, setting or table; ``cure`` says what would work."""

    def __init__(self, where: str, problem: str, cure: str = "") -> None:
        super().__init__(f"{where}: {problem}" + (f". {cure}" if cure else ""))
        self.where, self.problem, self.cure = where, problem, cure


class Unworkable(Misconfigured):
    """The facts of one agreement (``where`` is its key) do not fit today's rules, as after a rule was changed: nothing
    can be said of it, while the others are none the worse. ``problem`` is why, in Danish where the rules say it."""

    def __init__(self, key: str, problem: str, cure: str = "") -> None:
        super().__init__(
            key, f"aftalen kan ikke regnes efter: {problem}",
            cure or f"Se aftale journal {key}, og registrér med aftale record det, der mangler, eller ret det, der er "
            "forkert",
        )  # fmt: skip
        self.problem = problem

    @property
    def in_danish(self) -> str:
        """The problem for those who read the pages; a lost file of rules is told to operators in English."""
        return _LOST.sub(r"regelsættet \1 findes ikke i kalenderne", self.problem)


class Unreachable(AftaleError):
    """A server that is needed does not answer; nothing was changed, and the same may work later."""


class DeliveryError(AftaleError):
    """A letter could not be handed over; ``kind`` is one of :data:`workflow.mail.answers.KINDS`."""

    def __init__(self, kind: str, code: int, text: str) -> None:
        super().__init__(f"{kind} {code} {text}")
        self.kind, self.code, self.text = kind, code, text
