"""The files of ``calendars/`` read, checked against each other, and made into one :class:`Rulebook`.

Everything that can be wrong with them is found here, at start, as :class:`Misconfigured` with file, id and key: a
half-read law would give half-right dates for years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from workflow.errors import Misconfigured
from workflow.rules.courserule import CourseRule
from workflow.rules.regime import Law, Regime
from workflow.storage.law.bodies import read_bodies
from workflow.storage.law.branchfile import BranchesFile
from workflow.storage.law.datefiles import ClosedFile, DeviationsFile, ElectionsFile
from workflow.storage.law.forms.coursefile import CourseFile, check_course
from workflow.storage.law.gapsfile import GapsFile
from workflow.storage.law.lawchecks import (
    check_deviations,
    check_letters,
    check_regime,
    check_succession,
    check_terms,
)
from workflow.storage.law.lawfiles import RegimeFile
from workflow.storage.law.letterfiles import LettersFile, spread
from workflow.storage.law.obligations import ObligationsFile, check_obligations
from workflow.storage.law.quotations import QuotationsFile, check_quotations
from workflow.storage.law.readingsfile import ReadingsFile
from workflow.storage.law.readtoml import read_toml
from workflow.storage.law.roundsfile import RoundsFile
from workflow.storage.law.rulebook import Deviation, Rulebook, closed_file, digest_of

_MOST = 8  # rule sets: today's, those before it, and one that is tried
_PARSED: dict[tuple[str, bool], Rulebook] = {}
"""By the digest of their files, and whether they were checked before."""


def parse(files: Mapping[str, bytes], folder: Path, *, checked: bool = False) -> Rulebook:
    """The files of ``folder`` as one value. ``checked``: they were found to fit together when they were taken on, so
    that only their form is looked at; a later program may ask more of new rules than of those it must still read.

    What these very bytes once became in this process is given again."""
    key = digest_of(files), checked
    found = _PARSED.get(key)
    if found is None:
        found = _parsed(files, folder, checked)
        while len(_PARSED) >= _MOST:
            _PARSED.pop(next(iter(_PARSED)), None)
        _PARSED[key] = found
    return found


def _parsed(files: Mapping[str, bytes], folder: Path, checked: bool) -> Rulebook:
    days = closed_file(files)
    closed = read_toml(str(folder / days), files[days], ClosedFile)
    elections = read_toml(str(folder / "elections.toml"), files["elections.toml"], ElectionsFile)
    deviations = read_toml(str(folder / "deviations.toml"), files["deviations.toml"], DeviationsFile)
    letters = read_toml(str(folder / "letters.toml"), files["letters.toml"], LettersFile)
    obligations = read_toml(str(folder / "obligations.toml"), files["obligations.toml"], ObligationsFile)
    quotations = read_toml(str(folder / "quotations.toml"), files["quotations.toml"], QuotationsFile)
    branches = read_toml(str(folder / "whatif.toml"), files["whatif.toml"], BranchesFile)
    gaps = read_toml(str(folder / "roundplan.toml"), files["roundplan.toml"], GapsFile)
    silent = files.get("readings.toml", b"silence = []")  # rules that were kept before there was such a file
    readings = read_toml(str(folder / "readings.toml"), silent, ReadingsFile)
    rounds = read_toml(str(folder / "rounds.toml"), files.get("rounds.toml", b"round = []"), RoundsFile)
    courses = {
        str(folder / name): read_toml(str(folder / name), content, CourseFile).value()
        for name, content in sorted(files.items())
        if name.startswith("courses/")
    }
    regimes = [
        (str(folder / name), _regime(str(folder / name), content, courses.values()))
        for name, content in files.items()
        if name.startswith("regimes/")
    ]
    bodies = read_bodies(files, str(folder))
    regimes.sort(key=lambda pair: pair[1].in_force_on)
    law = Law(
        tuple(entry.value() for entry in closed.closed),
        elections.value(),
        tuple(r for _, r in regimes),
        readings.value(),
    )

    rules = spread([entry.value() for entry in letters.letter], law)
    if not checked:
        check_terms(str(folder / "elections.toml"), elections, bodies, law.terms)
        for where, course in courses.items():
            check_course(where, course)
        for where, regime in regimes:
            check_regime(where, regime, law, bodies)
        check_succession(str(folder / "regimes"), regimes, law)
        check_deviations(str(folder / "deviations.toml"), deviations, bodies, law)
        check_letters(str(folder / "letters.toml"), letters, law)
        check_obligations(str(folder / "obligations.toml"), obligations, law, rules)
        check_quotations(str(folder / "quotations.toml"), quotations, law, obligations.value())
    return Rulebook(
        law,
        rules,
        bodies.regions,
        tuple(Deviation(**entry.model_dump(exclude={"checked_on"})) for entry in deviations.deviation),
        bodies.memberships,
        bodies.clusters,
        bodies.health_councils,
        bodies.tiles,
        digest_of(files),
        law.business_days(letters.also_closed),
        obligations.value(),
        quotations.value(),
        gaps.value(),
        branches.value(),
        rounds.value(),
        quotations.consolidations(),
        tuple(courses.values()),
        files,
    )


def _regime(where: str, content: bytes, courses: Iterable[CourseRule]) -> Regime:
    """A file of ``regimes/`` under the course it names."""
    file = read_toml(where, content, RegimeFile)
    course = next((one for one in courses if one.id == file.course), None)
    if course is None:
        known = ", ".join(one.id for one in courses) or "none"
        raise Misconfigured(where, f"key course: there is no courses/{file.course}.toml", f"Known: {known}")
    return file.value(course)
