"""What a fact must rest on, by whatever door it comes: a date that the law protects moves only with a source, a
decision is recorded once it has been made, and what concerns more than one agreement has a door of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.errors import Conflict, Invalid, NotPossible
from workflow.language import phrase
from workflow.lifecycle.course import COUNCIL_EVENTS
from workflow.lifecycle.spoken import the_day
from workflow.rules.facts import Fact, live
from workflow.rules.silence import SIGNED

MOVES_A_DATE = ("deviation", "sst-refused", "regime-confirmed", "nominal-end", "revised-date-set")
NEEDS_SOURCE = ("correction", *MOVES_A_DATE)
DECISIONS = frozenset({*COUNCIL_EVENTS, "endorsed", "sst-approved", "adopted", "concluded"}) - {
    "council-scheduled"
}

END = "regime-confirmed"
OWN_DOORS = {
    "opened": phrase("en aftale åbnes med aftale open"),
    "rules-accepted": phrase(
        "nye regler tages i brug med aftale rules accept eller på siden Regler, Nye regler"
    ),
    "rules-declined": phrase("nye regler afvises med aftale rules decline eller på siden Regler, Nye regler"),
    "history-answered": phrase(
        "breve om fortiden besvares med aftale history eller på aftalens side Breve om fortiden"
    ),
    "letter-handled": phrase("et brev håndteres med aftale outbox eller på brevets side"),
    SIGNED: phrase(
        "en læsning underskrives med aftale readings sign eller på siden Regler, Hvor loven er tavs"
    ),
    END: phrase(
        "reglernes ophør gælder alle aftaler under dem og kræver bestemmelsen ordret. Det bekræftes med aftale regime "
        "confirm eller på regelsættets side, Reglernes ophør"
    ),
}
"""What is written by an act of its own alone, and where that act is found."""


def by_its_own_door(facts: Sequence[Fact], fact: Fact) -> None:
    """:class:`NotPossible` for what only an act of its own writes or takes back, with the name of that act."""
    if fact.event in OWN_DOORS:
        raise NotPossible(
            phrase(
                "%(event)s registreres ikke på én aftale for sig: %(one)s",
                event=fact.event,
                one=OWN_DOORS[fact.event],
            )
        )
    corrected = {f.no: f.event for f in facts}.get(fact.corrects or 0)
    if fact.event == "correction" and corrected == END:
        raise NotPossible(
            phrase(
                "nr. %(corrects)s bekræfter reglernes ophør og rettes ikke på én aftale for sig: det "
                "tages tilbage med aftale regime retract eller på regelsættets side, Reglernes ophør",
                corrects=fact.corrects,
            )
        )


def grounded(facts: Sequence[Fact], fact: Fact) -> None:
    """:class:`Invalid` for a date moved without a source; :class:`Conflict` for one moved by the same fact before. The
    first entry into force moves nothing."""
    before = [f for f in live(facts, date.max) if f.event == fact.event]
    moves = fact.event in NEEDS_SOURCE or (fact.event == "effective" and before)
    if moves and not fact.source.strip():
        if fact.event == "correction":
            raise Invalid(phrase("correction: skriv, hvorfor linjen er forkert (--source)"))
        raise Invalid(
            phrase(
                "%(event)s: skriv kilden (--source): et brev eller en side, hvor det står; uden kilde flyttes ingen "
                "dato",
                event=fact.event,
            )
        )
    for f in before if fact.event in MOVES_A_DATE else ():
        if (f.on, f.due, f.version, f.about) == (fact.on, fact.due, fact.version, fact.about):
            raise Conflict(
                phrase(
                    "%(event)s %(day)s står allerede i journalen som nr. %(line)s; intet er ændret",
                    event=fact.event,
                    day=str(fact.value),
                    line=f.no,
                )
            )


def made(fact: Fact, today: date) -> None:
    """:class:`Invalid` for a decision dated after the Danish day ``today``."""
    if fact.event in DECISIONS and fact.on > today:
        said = {"event": fact.event, "day": the_day(fact.on)}
        raise Invalid(
            phrase(
                "%(event)s: %(day)s er ikke kommet endnu (--on), og en beslutning registreres først, når den er "
                "truffet; "
                "et møde, der skal holdes, er council-scheduled",
                **said,
            )
            if fact.event in COUNCIL_EVENTS
            else phrase(
                "%(event)s: %(day)s er ikke kommet endnu (--on), og en beslutning registreres først, når den er "
                "truffet",
                **said,
            )
        )
