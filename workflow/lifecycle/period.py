"""The agreement's period (law.md 3b). Independent of SST's approval (O-51).

planned         Not yet in force. In: the agreement is opened. Out: its effective date, once concluded. If it is not
                concluded by then: it waits, and the status says why.
in_force        Binding. In: the effective date. Out: its agreed end, or the next agreement. If nobody moves: it stays
                binding; no law ends it.
hold_over       Past its agreed end with no successor, still binding (O-52). In: that end passes. Out: the next
                agreement takes effect. If nobody moves: it holds over, and the secretariat is told.
ended           An end. In: the next agreement has taken effect. Out: nothing. If nobody moves: it stays as history.
rules_ended     The rules behind it are no more; whether it still binds, no text read says. In: the law behind it ended.
                Out: nothing. If nobody moves: it stays; nothing is asked for.
"""

from __future__ import annotations

from typing import Protocol

from workflow.lifecycle.machine import Blocker, Row, Table


class Case(Protocol):
    """What the guard looks at."""

    @property
    def concluded(self) -> bool: ...
    @property
    def concluded_cite(self) -> str: ...


def is_concluded(case: Case) -> Blocker | None:
    """Concluded = approved by every council and submitted; SST's approval is not required (O-37, O-51)."""
    if case.concluded:
        return None
    return Blocker(
        "aftalen er ikke indgået: godkendt af alle råd og indsendt", case.concluded_cite, "regional-council"
    )


PERIOD = Table(
    "periode",
    {
        "planned": "planlagt",
        "in_force": "i kraft",
        "hold_over": "gælder fortsat efter aftalt udløb",
        "ended": "afløst",
        "rules_ended": "reglerne bag den er ophævet",
    },
    "planned",
    [
        Row("effective", ("planned",), "in_force", is_concluded),
        Row("nominal-end-passed", ("in_force",), "hold_over"),
        Row("succeeded", ("in_force", "hold_over"), "ended"),
        Row("law-ended", ("planned", "in_force", "hold_over"), "rules_ended"),
    ],
)
