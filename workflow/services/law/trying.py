"""A jurist's cases tried against the rules: what was expected, what was found, by which rule and by which steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from workflow.errors import Misconfigured
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact
from workflow.rules.regime import Regime
from workflow.rules.timeline import Deadline, fold
from workflow.services.facts.intake import complete
from workflow.storage.law.forms.casesfile import CaseEntry, CasesFile, GivenEntry
from workflow.storage.law.readtoml import read_toml
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

FOLDER = "cases"  # beside regimes/


@dataclass(frozen=True, slots=True)
class Tried:
    """One case: ``wrong`` says in English what differs, one sentence each, none where all is as expected; ``met`` are
    the dates the rules gave, with their steps."""

    file: str
    regime: str
    name: str
    wrong: tuple[str, ...]
    met: tuple[Deadline, ...]


def case_files(folder: Path) -> list[Path]:
    """The case files of a calendars folder."""
    return sorted((folder / FOLDER).glob("*.toml"))


def try_file(path: Path, rulebook: Rulebook) -> list[Tried]:
    """Every case of one file. :class:`Misconfigured` where it cannot be read, or names what is not there."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(str(path), f"cannot be read: {error.strerror}", "Name a file of cases") from error
    file = read_toml(str(path), content, CasesFile)
    regime = next((one for one in rulebook.law.regimes if one.id == file.regime), None)
    if regime is None:
        known = ", ".join(one.id for one in rulebook.law.regimes)
        raise Misconfigured(str(path), f"key regime: {file.regime!r} is no regime", f"Known: {known}")
    return [_try(str(path), case, regime, rulebook) for case in file.case]


def _try(where: str, case: CaseEntry, regime: Regime, rulebook: Rulebook) -> Tried:
    place = f'case "{case.name}"'
    term = next((one for one in rulebook.law.terms if one.election_on == case.election), None)
    if term is None:
        days = ", ".join(one.election_on.isoformat() for one in rulebook.law.terms)
        raise Misconfigured(where, f"{place}, key election: no election on {case.election}", f"Known: {days}")
    if term.label not in regime.terms:
        problem = f"{place}, key election: {regime.id} does not govern the term {term.label}"
        raise Misconfigured(where, problem, f"It governs {', '.join(regime.terms)}")
    region, parties = rulebook.region(case.region), rulebook.parties(case.region, case.election)
    agreement = Agreement(region.id, region.name, case.label or term.label, term, regime, parties)
    facts = _facts(agreement, case)
    named = [fact.value for fact in facts] + [on for on in case.then.values() if isinstance(on, date)]
    as_of = case.as_of or max([*(fact.on for fact in facts), *named], default=term.starts_on)
    found = fold(agreement, facts, rulebook.law, as_of)
    wrong, met = [], []
    for asked, expected in case.then.items():
        rule, _, subject = asked.partition(" ")
        one = next((d for d in found if d.id == rule and d.subject == subject), None)
        if one is None:
            known = ", ".join(f"{d.id} {d.subject}".strip() for d in found) or "none"
            wrong.append(f"{asked}: no rule gave this date; dates there are: {known}")
            continue
        met.append(one)
        wrong += _against(asked, one, expected, case)
    return Tried(where, regime.id, case.name, tuple(wrong), tuple(met))


def _facts(agreement: Agreement, case: CaseEntry) -> Sequence[Fact]:
    """What the case says happened, in the order of its days, as if each had been typed in that day."""
    given = {
        event: said if isinstance(said, GivenEntry) else GivenEntry(on=said)
        for event, said in case.given.items()
    }
    facts: list[Fact] = []
    for no, (event, said) in enumerate(sorted(given.items(), key=lambda pair: pair[1].on), start=1):
        fact = Fact(
            no, event, said.on, said.version, due=said.due, about=said.about, source=case.source or case.name
        )
        facts.append(complete(agreement, facts, fact))
    return facts


def _against(asked: str, one: Deadline, expected: date | str, case: CaseEntry) -> list[str]:
    """What of one date differs from what the case says of it."""
    wrong = []
    if (one.legal_on or "no date") != expected:
        wrong.append(f"{asked}: expected {expected}, found {one.legal_on or 'no date'}")
    cites = [*one.cite, *(step.cite for step in one.why)]
    if case.provision and not any(case.provision in cite for cite in cites):
        wrong.append(f"{asked}: expected {case.provision!r}, found {'; '.join(one.cite)}")
    latest = case.latest.get(asked)
    if latest and latest != one.late_after:
        wrong.append(f"{asked}: expected to be in time until {latest}, found {one.late_after}")
    status = case.status.get(asked)
    if status and status != one.status:
        wrong.append(f"{asked}: expected status {status}, found {one.status}")
    return wrong
