"""The case of each council about the text that is with it: one document, made of the same facts as everything else.

Nothing of it is kept. A document carries a number that says which text it was made for and what it held, signed with
the database's own key, so that it can be asked about later whether it still holds (:func:`ask`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.ahead.backwards import BackwardPlan
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import SOURCE, phrase, speaking
from workflow.rules.agreement import Council
from workflow.rules.days import spoken
from workflow.services.keeping.proving import packed
from workflow.services.lookahead.planning import maybe_plan
from workflow.services.papers.casefacts import Shared, day_or, meeting_of, shared_of, way_to
from workflow.services.papers.casetext import compose, wording
from workflow.services.papers.docx import Block, docx
from workflow.storage.database import reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass

_NUMBER = re.compile(r"(\d{1,9})-([a-z0-9-]{2,40})-(\d{1,2})-([0-9a-f]{8})-([0-9a-f]{8})", re.ASCII)
NOT_TOLD = "ikke oplyst"
NOT_OURS = "nummeret er ikke fra et dokument, der er lavet her; se efter, om det er skrevet rigtigt af"


@dataclass(frozen=True, slots=True)
class Case:
    """One council's: ``meets_on`` the meeting it is made for (``None``: nobody has told one), ``meets_why`` where that
    day is from, ``closes_on`` the last day for the agenda of the first meeting on the way. ``number`` names the
    document, ``text`` is the SHA-256 of the agreement's text, ``blocks`` are the document's words."""

    council: Council
    version: int
    text: str
    meets_on: date | None
    meets_why: str
    closes_on: date | None
    number: str
    blocks: tuple[Block, ...]
    name: str

    @property
    def word(self) -> bytes:
        """The document for Word; the same case gives the same bytes."""
        return docx(self.blocks, f"Sag nr. {self.number}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What becomes of a document that is asked about: ``holds``, else ``why`` it does not (Danish, no full stop).
    ``agreement`` is a key, ``called`` what people call it; ``newest`` the number that holds now, "" where there is
    none."""

    number: str
    agreement: str
    called: str
    council: str
    version: int
    holds: bool
    why: str
    newest: str = ""


def find_cases(
    engine: Engine, standing: Standing, default: str, secret: str, council: str = ""
) -> list[Case]:
    """The case of every council of an agreement, or of one (its code), as it is today; ``default``: our own words.
    :class:`NotPossible` where no text with its file is with the councils, :class:`NotFound` for another council."""
    with reading(engine) as session:
        return cases_in(session, standing, default, secret, council)


@speaking(SOURCE)  # the number is a digest of these words, whoever reads
def cases_in(
    session: Session, standing: Standing, default: str, secret: str, council: str = ""
) -> list[Case]:
    """:func:`find_cases` in the caller's transaction."""
    wanted = [one for one in standing.agreement.parties if council in ("", one.code)]
    if not wanted:
        raise NotFound("rådet er ikke med i aftalen")
    row = journal.find(session, standing.agreement.key)
    shared = shared_of(session, standing)
    text = wording(session, standing.agreement.region, default)
    plan = maybe_plan(standing)
    return [_case(row, standing, one, plan, shared, text, secret) for one in wanted]


def zipped(cases: list[Case]) -> bytes:
    """All of them as one file; the same cases give the same bytes."""
    return packed({one.name: one.word for one in cases})


def ask(
    engine: Engine, rulebook: Rulebook, default: str, keys: Sequence[str], number: str, today: date
) -> Asked:  # fmt: skip
    """Whether the document with this number is still the one to decide on. ``keys``: what signs, and what signed
    before. :class:`Invalid` for what is no number, :class:`NotFound` for one that was not made here."""
    found = _NUMBER.fullmatch(number.strip().lower())
    if not found:
        raise Invalid(
            phrase(
                "nummeret står nederst på hver side af dokumentet og ser ud som 3-0851-2-7F3A91BC-0A4E12D9"
            )
        )
    agreement, code, version, held, signed = found.groups()
    held, signed = held.upper(), signed.upper()
    named = f"{agreement}-{code}-{version}-{held}"
    if not any(hmac.compare_digest(signed, _signed(key, named)) for key in keys):
        raise NotFound(NOT_OURS)
    with reading(engine) as session:
        row = session.get(AgreementRow, int(agreement))
        if row is None:
            raise NotFound("aftalen findes ikke mere")
        standing = projection.load(session, rulebook, row, today)
        party = standing.agreement.council(code)
        name, current = party.name if party else code, standing.course.current
        document = standing.agreement.regime.words.document.definite
        called = f"{document} {row.label} for {standing.agreement.name}"
        told = (f"{named}-{signed}", row.key, called, name, int(version))
        if current is None or current.number != int(version):
            now = f"version {current.number}" if current else "ingen tekst"
            return Asked(*told, False, f"teksten er ændret: det er nu {now}, der gælder")
        try:
            [newest] = cases_in(session, standing, default, keys[0], code)
        except NotPossible as error:
            return Asked(*told, False, str(error))
    if newest.number.rpartition("-")[0] != named:
        return Asked(*told, False, "noget i sagen er ændret, siden dokumentet blev lavet", newest.number)
    return Asked(*told, True, "", newest.number)


def _case(
    row: AgreementRow, standing: Standing, council: Council, plan: BackwardPlan | None, shared: Shared, text: str,
    secret: str,
) -> Case:  # fmt: skip
    meets_on, why, road = meeting_of(standing, council, plan)
    days = [*shared.days, *way_to(road)]
    if meets_on:
        late = bool(shared.by and meets_on > shared.by)
        days.append((meets_on, "Rådets møde" + "; det ligger efter fristen" * late, why))
    rows = [(spoken(on), what, source) for on, what, source in sorted(days, key=lambda one: one[0])]
    if not meets_on:
        rows.append((NOT_TOLD, "Rådets møde", "ingen har oplyst, hvornår rådet holder møde"))
    fields = shared.fields | {
        "kommune": council.name,
        "rådet": "regionsrådet" if council.regional else "kommunalbestyrelsen",
        "rådets møde": day_or(meets_on, NOT_TOLD),
    }
    parts: dict[str, list[Block]] = {
        "forløb": shared.steps, "retsgrundlag": shared.law, "bilag": shared.papers,
        "tidsplan": [("table", ("Dag", "Hvad", "Kilde"), rows)],
    }  # fmt: skip
    blocks = tuple(compose(text, fields, parts))
    version = int(shared.fields["version"])
    number = _number(row, council.code, version, blocks, secret)
    name = f"sag-{row.region}-{row.label}-v{version}-{council.code}-{_plain(council.name)}.docx"
    closes = road.starts_on if road else None
    return Case(council, version, shared.text, meets_on, why, closes, number, blocks, name)


def _number(row: AgreementRow, code: str, version: int, blocks: tuple[Block, ...], secret: str) -> str:
    held = hashlib.sha256(json.dumps(blocks, ensure_ascii=False).encode()).hexdigest()[:8].upper()
    named = f"{row.id}-{code}-{version}-{held}"
    return f"{named}-{_signed(secret, named)}"


def _signed(secret: str, named: str) -> str:
    return hmac.new(secret.encode(), f"aftale-case|{named}".encode(), "sha256").hexdigest()[:8].upper()


def _plain(name: str) -> str:
    """A council's name as a part of a file's name that any system can hold."""
    spelt = name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")
