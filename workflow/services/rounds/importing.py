"""Import a whole round from a file: agreements and what happened to them, in one transaction, all or nothing.

Facts are applied in the order they happened, whatever order the file has; a correction stands where the file puts
it, since it voids what was recorded before it. A fact the journal holds already is reported and skipped, so a file
can be completed and imported again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotPossible, Refused
from workflow.language import phrase
from workflow.rules.facts import Fact
from workflow.rules.story import in_order
from workflow.rules.terms import find_term
from workflow.services.facts.agreements import open_in, whose
from workflow.services.facts.grounds import by_its_own_door
from workflow.services.facts.several import Several
from workflow.services.planning.answering import ask
from workflow.services.planning.owing import owed_now
from workflow.services.planning.reminders import known_notices
from workflow.services.rounds.roundfile import AgreementEntry, read_round
from workflow.services.rounds.roundreport import RoundReport
from workflow.services.rounds.roundwords import Unreadable, of_fact
from workflow.storage.database import writing
from workflow.storage.facts import journal, past, projection
from workflow.storage.facts.documents import Attached
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesthen import rules_of
from workflow.storage.tables import AgreementRow
from workflow.values import replace


def import_round(
    engine: Engine,
    rulebook: Rulebook,
    path: Path,
    *,
    today: date,
    at: datetime,
    by: str,
    dry_run: bool = False,
    attach: Callable[[Path], Attached] | None = None,
) -> RoundReport:
    """Open the file's agreements that are not open and record its facts: one transaction, all or nothing.

    ``today`` (Danish) is the day of opening, ``at`` the aware instant of recording, ``by`` who records where the
    file does not say. A refusal keeps its class and says which fact of which agreement. ``dry_run`` changes nothing.
    ``attach`` reads the file that a fact names as its ``document``; without it such a fact is refused.
    """
    entries = read_round(path)
    kept: dict[str, Attached] = {}
    for name in dict.fromkeys(fact.document for entry in entries for fact in entry.fact if fact.document):
        if attach is not None:
            kept[name] = attach(path.parent / name)
    return import_entries(
        engine, rulebook, entries, str(path), today=today, at=at, by=by, dry_run=dry_run, kept=kept
    )


def import_entries(
    engine: Engine, rulebook: Rulebook, entries: Sequence[AgreementEntry], name: str, *, today: date, at: datetime,
    by: str, dry_run: bool = False, fresh: bool = False, kept: Mapping[str, Attached] | None = None,
) -> RoundReport:  # fmt: skip
    """:func:`import_round` of ``entries`` that were read already; ``name`` is what refusals call their file. ``fresh``:
    they are to be opened, so :class:`Conflict` where one is open already and not by these very facts. ``kept`` are the
    files that facts name as their ``document``, by that name."""
    report = RoundReport(dry_run=dry_run)
    with writing(engine) as session:
        for number, entry in sorted(
            enumerate(entries, 1), key=lambda item: item[1].key
        ):  # one order of locks
            _import_one(session, rulebook, name, number, entry, report, today, at, by, kept or {})
        if fresh and (report.recorded or dry_run) and len(report.opened) < len(entries):
            raise Conflict(
                phrase("%(names)s er åbnet allerede", names=", ".join(entry.key for entry in entries))
            )
        if dry_run:
            session.rollback()
    return report


def placed(rulebook: Rulebook, entry: AgreementEntry, on: date) -> AgreementEntry:
    """The entry with the region, unit and label it is kept under, whatever the file calls its unit; as it is where the
    regime is still to be chosen."""
    governing = [one.id for one in rulebook.law.regimes_of(find_term(rulebook.law.terms, entry.term))]
    if entry.regime not in governing and len(governing) != 1:
        return entry
    region, unit, label = whose(
        rulebook, entry.region, entry.municipality, entry.label, entry.term, entry.regime, on
    )
    return entry.model_copy(update={"region": region, "municipality": unit, "label": label})


def _import_one(
    session: Session, rulebook: Rulebook, path: str, number: int, entry: AgreementEntry, report: RoundReport,
    today: date, at: datetime, by: str, kept: Mapping[str, Attached],
) -> None:  # fmt: skip
    where = f"{path}: agreement {number} ({entry.key})"
    stands = phrase("%(path)s: aftale %(number)s (%(key)s)", path=path, number=number, key=entry.key)
    extra: list[_Placed] = []
    try:
        entry = placed(rulebook, entry, today)
        same = select(AgreementRow).where(
            col(AgreementRow.region) == entry.region, col(AgreementRow.label) == entry.label
        )
        if session.scalars(same).first() is None:
            opening = Fact(0, "opened", today, source=entry.source, by=by)
            open_in(
                session, rulebook, opening, region=entry.region, term=entry.term, label=entry.label, at=at,
                effective=entry.effective, nominal_end=entry.nominal_end,
                nominal_end_source=entry.nominal_end_source, municipality=entry.municipality,
                regime=entry.regime, asking=False,
            )  # fmt: skip
            report.opened.append(entry.key)
        else:
            extra = list(_dates(entry, today, by))
        row = journal.find(session, entry.key, lock=True)
        if row.term != entry.term:
            raise Invalid(
                phrase(
                    "den er åbnet for valgperioden %(term)s, ikke %(other)s",
                    term=row.term, other=entry.term,
                )
            )  # fmt: skip
        if entry.regime not in ("", row.regime):
            wrong = phrase(
                "den er åbnet efter %(regime)s, ikke %(other)s", regime=row.regime, other=entry.regime
            )
            raise Invalid(wrong)
        rules = rules_of(session, rulebook, row, past.facts(session, row), today)
        agreement = rules.agreement(row.region, row.label, row.term, today, row.unit, row.regime)
    except Refused as error:
        raise said(where, error, stands) from error
    there = past.facts(session, row)
    everybody = [party.code for party in agreement.parties]
    several = Several(session, rulebook, row, today=today, at=at, asking=False)
    for told, stood, fact in [*extra, *as_they_happened(entry, everybody, by)]:
        if any(_same(fact, other) for other in there):
            report.already.append((entry.key, fact))
            continue
        from_there = partial(said, f"{where}, {told}", stands=f"{stands}, {stood}")
        try:
            by_its_own_door(there, fact)
            document = _document(entry, fact, kept)
        except Refused as error:
            raise from_there(error) from error
        done = several.add(fact, from_there, document)
        there.append(done)
        report.recorded.append((entry.key, done))
    several.follow()
    standing = report.standings[entry.key] = projection.load(session, rulebook, row, today)
    if report.dry_run:
        known = known_notices(session, row)
        owing = owed_now(standing.rules, standing, today, today, known)
        report.letters += [letter for letter in owing if letter.key not in known]
    report.asked += ask(session, row, standing, at)


def _document(entry: AgreementEntry, fact: Fact, kept: Mapping[str, Attached]) -> Attached | None:
    """The file that the entry of a fact names; :class:`Invalid` where it did not come along."""
    named = next(
        (
            one.document
            for one in entry.fact
            if (one.event, one.on, one.version, one.about) == (fact.event, fact.on, fact.version, fact.about)
        ),
        "",
    )
    if named and named not in kept:
        raise Invalid(
            phrase("filen %(name)s er ikke fulgt med; læs runden ind med »aftale import«", name=named)
        )
    return kept.get(named)


_Placed = tuple[str, str, Fact]
"""A fact with its place in the file, in English and in Danish."""


def _dates(entry: AgreementEntry, today: date, by: str) -> Iterator[_Placed]:
    """The dates beside the facts of an agreement that is open already: facts that set them, learnt today."""
    if entry.effective:
        yield (
            "key effective",
            "effective",
            Fact(0, "effective", today, due=entry.effective, source=entry.source, by=by),
        )
    if entry.nominal_end:
        source = entry.nominal_end_source
        yield (
            "key nominal_end",
            "nominal_end",
            Fact(0, "nominal-end", today, due=entry.nominal_end, source=source, by=by),
        )


def as_they_happened(entry: AgreementEntry, everybody: list[str], by: str) -> Iterator[_Placed]:
    """Each fact with its place in the file. Between corrections the order is the one in which things happened."""
    stretches: list[list[Fact]] = [[]]
    told: dict[int, tuple[str, int]] = {}
    for index, found in enumerate(entry.fact, 1):
        councils = everybody if found.councils == "all" else found.councils
        facts = []
        for council in [found.council] if councils is None else councils:
            number = len(told) + 1
            told[number] = f"fact {index} ({found.event}{' ' + council if council else ''} {found.on})", index
            facts.append(
                Fact(number, found.event, found.on, found.version, council, found.due, found.source,
                     found.by or by, found.corrects, about=found.about, time=found.time)
            )  # fmt: skip
        if found.event == "correction":
            stretches += [facts, []]
        else:
            stretches[-1] += facts
    for stretch in stretches:
        for fact in in_order(stretch):
            english, index = told[fact.no]
            yield english, of_fact(index, fact), replace(fact, no=0)


def _same(fact: Fact, other: Fact) -> bool:
    """Whether the journal holds it already. What the file leaves open (version, corrects) matches anything; a
    date that is *set* is the same date whatever day it was learnt (``effective``, ``nominal-end``)."""
    if fact.event != other.event or fact.council != other.council:
        return False
    if fact.event in ("effective", "nominal-end"):
        return fact.value == other.value
    return (
        (fact.on, fact.due, fact.time) == (other.on, other.due, other.time)
        and fact.about in ("", other.about)
        and fact.version in (None, other.version)
        and fact.corrects in (None, other.corrects)
    )


def said(where: str, error: Refused, stands: str = "") -> Refused:
    """The same refusal, saying where in the file it stands; ``stands`` says it to those who read the pages, as the
    note that :func:`in_danish` finds."""
    said = type(error)(f"{where}: {error}")
    if stands:
        said.add_note(f"{stands}: {error}")
    if isinstance(error, NotPossible) and isinstance(said, NotPossible):
        said.cite = error.cite
    return said


def in_danish(error: Refused) -> str:
    """What a refusal of a round's file says to those who read the pages."""
    if isinstance(error, Unreadable):
        return error.danish
    return next(iter(getattr(error, "__notes__", [])), str(error))
