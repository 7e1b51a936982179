"""A course as data: the machines an agreement or plan goes through, read from ``calendars/courses/*.toml``.

Frozen values that know no event's meaning. :mod:`workflow.lifecycle.machine` lets them run; the closed set of guards is
in :mod:`workflow.lifecycle.guards`.
"""

from __future__ import annotations

from workflow.values import dataclass

MACHINES = ("version", "decision", "period", "report", "review")
"""What a course can consist of: the text, each council's decision on it, the time it binds, a status report, a year's
review. The first three every course has, though a decision only where councils decide."""
KINDS = (
    "in-hearing",  # a text others are heard about until a day
    "with-councils",  # a text the councils are asked about
    "with-authority",  # a text whose authority has not answered yet
    "concluded",  # a text its parties have concluded, adopted or sent
    "undecided",  # a council that has not decided
    "counts",  # an unconditional yes
    "against",  # a no, or a yes on conditions
)
"""What the program must know of a state beside its name."""
MOVERS = ("committee", "council", "region", "municipality", "party", "authority", "clock", "course")
"""Who moves a machine. ``clock`` and ``course`` are nobody: a day that comes, another machine that moves."""
BY_ITSELF = frozenset({"clock", "course"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A guard or mark by its name in the closed set, and the key of the provision behind it in the regime."""

    name: str
    provision: str


@dataclass(frozen=True, slots=True)
class StateRule:
    """One state: its Danish ``name``; in English what it is, who moves it ``enters`` and ``leaves``, and what happens
    ``otherwise`` ("nobody moves: ..."); ``kinds`` of :data:`KINDS`; whether it is an end."""

    id: str
    name: str
    said: str
    enters: str
    leaves: str
    otherwise: str
    kinds: tuple[str, ...] = ()
    final: bool = False

    @property
    def told(self) -> str:
        """All of it in a line of English."""
        what = self.said or ("An end." if self.final else "")
        return f"{what} In: {self.enters}. Out: {self.leaves}. If {self.otherwise}.".strip()


@dataclass(frozen=True, slots=True)
class StepRule:
    """``event`` moves any of ``sources`` to ``target``, by somebody of :data:`MOVERS`. Without sources and target it
    begins the machine anew. ``guard`` refuses it; ``marks`` let it happen and keep the breach."""

    event: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    guard: Condition | None = None
    marks: tuple[Condition, ...] = ()

    @property
    def by_itself(self) -> bool:
        """Whether no person ever says that it happened."""
        return BY_ITSELF.issuperset(self.by)


@dataclass(frozen=True, slots=True)
class MachineRule:
    """One machine; the first of ``states`` is where it begins. ``begins`` are the events that open a new one, ``notes``
    those that are recorded of it and move nothing."""

    id: str
    name: str
    said: str
    states: tuple[StateRule, ...]
    steps: tuple[StepRule, ...]
    begins: tuple[StepRule, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseRule:
    """Everything one kind of agreement or plan goes through. ``title`` is Danish; ``about`` says
    in English what it is for."""

    id: str
    title: str
    about: str
    machines: tuple[MachineRule, ...]

    def __hash__(self) -> int:
        return hash(self.id)

    def machine(self, name: str) -> MachineRule | None:
        """The machine of this id (:data:`MACHINES`), or ``None`` where the course has none."""
        return next((machine for machine in self.machines if machine.id == name), None)
