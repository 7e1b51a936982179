"""The law, the letters and the bodies as one value, and the folder ``calendars/`` it is read from.

How the files are read and checked stands in :mod:`workflow.storage.law.ruleparsing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

from workflow.ahead.backwards import Gaps
from workflow.ahead.branches import Branch
from workflow.ahead.published import Round
from workflow.errors import Invalid, Misconfigured, NotFound
from workflow.language import phrase
from workflow.lifecycle.machine import Tables, tables
from workflow.lifecycle.text import SILENT, TACIT
from workflow.rules.agreement import Agreement, Council, Group, Membership, Region
from workflow.rules.courserule import CourseRule
from workflow.rules.days import BusinessDays
from workflow.rules.ladder import LetterRule
from workflow.rules.obligation import Consolidation, Obligations, Quotation
from workflow.rules.regime import Law, Regime
from workflow.rules.terms import find_term
from workflow.rules.words import NEUTRAL, Words
from workflow.storage.filereading import read_file
from workflow.storage.law import compiled
from workflow.storage.law.units import Unit, councils_of, find_unit, narrowed, units_of
from workflow.values import dataclass, field, replace

_EACH = {"municipality": "hver kommune", "health-council": phrase("hvert sundhedsråd")}
BODY_FILES = (
    "bodies/regions.csv",
    "bodies/councils.csv",
    "bodies/clusters.csv",
    "bodies/cluster_municipalities.csv",
    "bodies/sundhedsraad.csv",
    "bodies/sundhedsraad_municipalities.csv",
    "bodies/tilegrid.csv",
)


@dataclass(frozen=True, slots=True)
class Deviation:
    """SST's departure from a submission date (BEK 1248/2022 § 21, stk. 5), to be recorded as a fact.

    ``known_on`` is the first day an as-of question may see ``new_on``; ``certainty`` says how sure that day is.
    """

    id: str
    term: str
    regions: tuple[str, ...]
    old_on: date
    new_on: date
    known_on: date
    certainty: str
    cite: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The law, the letters and the bodies as one value. ``digest`` changes with any byte of the files read."""

    law: Law
    letters: tuple[LetterRule, ...]
    regions: tuple[Region, ...]
    deviations: tuple[Deviation, ...]
    memberships: tuple[Membership, ...]
    clusters: tuple[Group, ...]
    health_councils: tuple[Group, ...]
    tiles: dict[str, tuple[int, int]]
    digest: str
    days: BusinessDays
    """The business days letters keep to, with the optional closed days ``letters.toml`` names."""
    obligations: Obligations
    quotations: tuple[Quotation, ...]
    gaps: Gaps
    """How long each step of a round needs, for the plan that goes backwards."""
    branches: tuple[Branch, ...]
    """The named deviations that a user can try."""
    rounds: tuple[Round, ...]
    """Rounds that were held and published."""
    consolidations: tuple[Consolidation, ...]
    courses: tuple[CourseRule, ...]
    """Every course there is a file for, whether a regime names it or not, by id."""
    files: Mapping[str, bytes] = field(repr=False, compare=False)
    """What it was read from, by the name within the folder: what :mod:`workflow.storage.law.rulesets` keeps."""

    def words(self, regime_id: str) -> Words:
        """What the regime with this id calls things; neutral words where there is none."""
        return next((one.words for one in self.law.regimes if one.id == regime_id), NEUTRAL)

    def region(self, region_id: str) -> Region:
        """The region with this id; :class:`NotFound` lists the known ones."""
        for region in self.regions:
            if region.id == region_id:
                return region
        raise NotFound(f"no region {region_id!r}; known: {', '.join(region.id for region in self.regions)}")

    def desk_of(self, region_id: str, on: date) -> Region:
        """The region whose secretariat writes and is written to for ``region_id`` on a Danish day: its own, or from the
        day after it has ended its successor's."""
        region = self.region(region_id)
        gone = region.successor and region.valid_to and on > region.valid_to
        return self.region(region.successor) if gone and region.successor else region

    def ending_with(self, region: Region) -> list[Region]:
        """The regions that end on the same day as ``region`` and have the same successor, itself among them."""
        same = (region.successor, region.valid_to)
        return [one for one in self.regions if (one.successor, one.valid_to) == same]

    def tables_of(self, regime_id: str) -> Tables:
        """The machines of a regime's course; without states where the calendars have lost the regime."""
        found = (regime.course for regime in self.law.regimes if regime.id == regime_id)
        return tables(next(found, CourseRule("", "", "", ())))

    def text_said(self, regime_id: str, state: str) -> str:
        """A text's state in Danish, as a list keeps it: what silence approved, with the provision."""
        if state == TACIT:
            found = (regime.cite("tacit-approval") for regime in self.law.regimes if regime.id == regime_id)
            return phrase("%(state)s (%(cite)s)", state=SILENT, cite=next(found, ""))
        return self.tables_of(regime_id).version.states.get(state, state)

    def states_that_are(self, *kinds: str) -> tuple[str, ...]:
        """Every state of a text, in any course, that is of one of ``kinds``."""
        machines = (course.machine("version") for course in self.courses)
        states = (state for machine in machines if machine for state in machine.states)
        return tuple(dict.fromkeys(state.id for state in states if {*kinds} & {*state.kinds}))

    def clusters_of(self, region_id: str, on: date | None = None) -> tuple[Group, ...]:
        """The region's health clusters, those of a day where ``on`` is given. Never used to count councils: a
        municipality can sit in two."""
        found = (cluster for cluster in self.clusters if cluster.region == region_id)
        return tuple(cluster for cluster in found if on is None or cluster.holds(on))

    def parties(self, region_id: str, on: date, municipality: str | None = None) -> tuple[Council, ...]:
        """The councils of a region, the regional one first, then the municipal ones by code.

        ``on`` is clamped into the region's life, so a merging region keeps its last councils and a coming one has
        its first. With ``municipality`` (a code): the regional council and that one (BEK 778/2009 § 4, stk. 1);
        :class:`NotFound` where it is not in the region.
        """
        region = self.region(region_id)
        found = councils_of(region, self.memberships, on)
        if municipality is not None:
            found = tuple(one for one in found if one.regional or one.code == municipality)
            if len(found) == 1:
                raise NotFound(
                    phrase(
                        "%(region)s har ingen kommune %(municipality)s %(on)s; koder er som 0851",
                        region=region.name,
                        municipality=repr(municipality),
                        on=on,
                    )
                )
        return found

    def unit(self, regime: Regime, named: str, on: date) -> Unit:
        """The body below a region that people call ``named``, whose round it is under ``regime``; :class:`NotFound`
        with those there are on ``on``."""
        return find_unit(units_of(regime, self.memberships, self.health_councils, on), named, regime)

    def agreement(
        self, region_id: str, label: str, term: str, on: date, unit: str | None = None, regime_id: str = ""
    ) -> Agreement:
        """The agreement of a region and an election term, under the regime of that term (never of today); where
        several govern it, under the one with ``regime_id``. ``unit`` is the body below the region that it belongs to,
        as its regime has it (:class:`workflow.rules.regime.UnitRule`).

        :class:`NotFound` for an unknown region, term or unit; :class:`Invalid` where no rule covers the term, the
        region did not exist in it, or a unit is given or left out where the regime has it otherwise. Under BEK
        778/2009, one agreement per municipality, no municipality means the region's whole round kept as one.
        """
        found, region = find_term(self.law.terms, term), self.region(region_id)
        regime = self.law.regime_of(found, regime_id)
        if found.ends_on < region.valid_from or found.starts_on > (region.valid_to or date.max):
            raise Invalid(
                phrase("%(region)s findes ikke i valgperioden %(term)s", region=region.name, term=term)
            )
        if regime.unit.body == "region":
            if unit is not None and regime.parties != "one-municipality":
                raise Invalid(
                    phrase(
                        "efter %(instrument)s er der én aftale for hele regionen; udelad kommunen",
                        instrument=regime.instrument,
                    )
                )
            asked = self.parties(region_id, on, unit)
            parties = narrowed(asked, regime)
            if unit and regime.words_of_pair:
                regime = replace(regime, words=regime.words_of_pair)
            regime = _of_the_round(regime, term, region_id)
            return Agreement(region_id, region.name, label, found, regime, parties, unit or "")
        if unit is None:
            raise Invalid(
                phrase(
                    "%(instrument)s har en runde for %(kinds)s; angiv hvilken",
                    instrument=regime.instrument,
                    kinds=_EACH.get(regime.unit.body, "hver gruppe"),
                )
            )
        whose = self.unit(regime, unit, on)
        parties = narrowed(self.parties(region_id, on), regime, whose)
        regime = _of_the_round(regime, term, region_id)
        return Agreement(region_id, region.name, label, found, regime, parties, whose.id, whose.name)


def _of_the_round(regime: Regime, term: str, region: str) -> Regime:
    """The regime with the rules that hold for rounds of that term and region."""
    held = tuple(rule for rule in regime.deadlines if rule.holds_for(term, region))
    return regime if held == regime.deadlines else replace(regime, deadlines=held)


def load(folder: Path) -> Rulebook:
    """Read ``folder`` (see :mod:`workflow.storage.places`); :class:`Misconfigured` if anything is wrong with it."""
    names = [
        closed_file(path.name for path in folder.glob("*.toml")),
        "elections.toml",
        "deviations.toml",
        "letters.toml",
        "obligations.toml",
    ]
    names += ["quotations.toml", "readings.toml", "roundplan.toml", "whatif.toml", *BODY_FILES]
    names += [
        f"{kind}/{path.name}" for kind in ("courses", "regimes") for path in folder.glob(f"{kind}/*.toml")
    ]
    names += ["rounds.toml"] * (folder / "rounds.toml").exists()
    return ready({name: _read(folder / name) for name in sorted(names)}, folder)


def closed_file(names: Iterable[str]) -> str:
    """The file with the country's closed days: ``closed.toml``, or ``denmark.toml`` as Denmark's is called."""
    return "closed.toml" if "closed.toml" in names else "denmark.toml"


def ready(files: Mapping[str, bytes], folder: Path, *, checked: bool = False) -> Rulebook:
    """What :func:`workflow.storage.law.ruleparsing.parse` makes of the files, kept ready from an earlier start where
    nothing has changed since (:mod:`workflow.storage.law.compiled`)."""
    kind, digest = "checked" if checked else "whole", digest_of(files)
    kept = compiled.find(kind, digest)
    if isinstance(kept, Rulebook):
        return replace(kept, files=files)
    from workflow.storage.law.ruleparsing import parse  # loads pydantic

    found = parse(files, folder, checked=checked)
    compiled.keep(kind, digest, replace(found, files={}))
    return found


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}", "Restore the file") from error


def digest_of(files: Mapping[str, bytes]) -> str:
    """Over names and contents in name order; lengths keep two files from passing for one."""
    digest = sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
