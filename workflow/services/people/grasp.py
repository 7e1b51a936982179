"""Whose access somebody may give, change and end: everybody's, or only that of one's own region's people."""

from __future__ import annotations

from datetime import date

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Person
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Grasp:
    """``regions`` bounds whose access it is; ``None`` is everybody's. ``by`` is who acts, in words."""

    regions: tuple[str, ...] | None = None
    by: str = ""

    def holds(self, rulebook: Rulebook, role: str, region: str, body: str, on: date) -> bool:
        """Whether a person of that role there is within it, on that Danish day. Who sees more than one region is above
        every region's administrator."""
        if self.regions is None:
            return True
        home = home_of(rulebook, body, on)[0] if role == "council" else region
        return role != "authority" and bool(home) and home in self.regions

    def must_hold(self, rulebook: Rulebook, person: Person, on: date) -> None:
        """:class:`NotFound` for a person outside it, as for one who is not there."""
        if not self.holds(rulebook, person.role, person.region, person.body, on):
            raise NotFound(phrase("Personen findes ikke, eller du har ikke adgang til den."))


EVERYBODY = Grasp()


def merged_into(rulebook: Rulebook, region: str) -> tuple[str, ...]:
    """The regions that ``region`` took over from; their history is its own."""
    return tuple(one.id for one in rulebook.regions if region and one.successor == region)


def home_of(rulebook: Rulebook, body: str, on: date) -> tuple[str, tuple[str, ...]]:
    """The region a council belongs to on that Danish day, and those whose history is its own too."""
    own = next((one.id for one in rulebook.regions if one.code and one.code == body), "")
    if own:
        return own, merged_into(rulebook, own)
    lived = sorted((m for m in rulebook.memberships if m.code == body), key=lambda m: m.valid_from)
    now = next((m.region for m in lived if m.holds(on)), lived[-1].region if lived else "")
    return now, tuple(m.region for m in lived if m.region != now)
