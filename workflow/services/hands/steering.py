"""Send it now, let it wait, skip it, or send it after all: what a person says of one letter, planned or still to come.

A letter is named by its number, its key or its Message-ID; one that is not planned yet by its key alone. Each act is
one transaction with a line in the agreement's journal, and the planner, the reckoner and a copy of the database go by
that line. A letter of law is neither skipped nor made to wait. Done twice, an act is done once.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.writing.facts import PlannedFacts
from workflow.rules.days import danish_day, spoken
from workflow.rules.facts import Fact
from workflow.rules.hours import Hours, not_at_night
from workflow.services.delivery.handling import find_notice, part
from workflow.services.due.handled import line, steered
from workflow.services.hands.upcoming import DAYS, Upcoming, of_agreement
from workflow.services.planning.owing import Owed, owed_early, owed_now
from workflow.services.planning.reminders import announce, known_notices, steer, written
from workflow.storage.database import writing
from workflow.storage.facts import journal, projection
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.letters.bundles import put_down, unwrite
from workflow.storage.letters.outbox import word
from workflow.storage.tables import AgreementRow, Notice

AHEAD = 2 * DAYS  # a letter further away may still change: nobody need decide yet
LONGEST = timedelta(days=90)
OF_LAW = phrase(
    "brevet er lovpligtigt: modtageren skal have det, når loven siger det. Er det sendt ad anden vej, så bekræft det "
    "på brevet, når det er skrevet"
)
GONE = phrase("brevet er ikke længere blandt dem, der skal sendes; se listen igen")


def skip(engine: Engine, rulebook: Rulebook, reference: str, why: str, by: str, at: datetime) -> str:
    """Let this letter not go, and not come back; its key. ``why`` is required. :class:`NotPossible` for a letter of
    law, or one that is on its way or gone."""
    if not why.strip():
        raise Invalid(phrase("skriv hvorfor: --why TEKST; det står på brevet og i journalen"))
    with writing(engine) as session:
        row, notice, ahead = _find(session, rulebook, reference, at)
        if notice is None:
            assert ahead is not None
            _of_law(ahead.owed.letter.statutory)
            if not ahead.skipped:
                _write(session, row, line("skip", ahead.owed.key, by, danish_day(at), why=why), at)
            return ahead.owed.key
        if notice.state == "cancelled":
            return notice.key
        _of_law(notice.statutory)
        _waiting(session, notice, ("planned", "ready", "carried", "refused", "held"), "springes over")
        done = _write(session, row, line("skip", notice.key, by, danish_day(at), why=why), at)
        notice.state, notice.why = "cancelled", steered([done])[notice.key].spoken
        session.flush()
        put_down(session, notice.id or 0)
        clear_alarms(session, f"notice:{notice.id}:", at)
        return notice.key


def wait(
    engine: Engine, rulebook: Rulebook, reference: str, until: date, by: str, at: datetime, why: str = "",
    send_hour: int = 8,
) -> str:  # fmt: skip
    """Let this letter go no earlier than the send hour of the Danish day ``until``; its key. :class:`Invalid` for a day
    that is not ahead, or too far; :class:`NotPossible` as :func:`skip`."""
    today = danish_day(at)
    if not today < until <= today + LONGEST:
        last = spoken(today + LONGEST, False)
        raise Invalid(
            phrase(
                "%(until)s kan brevet ikke vente til; vælg en dag fra i morgen til %(last)s",
                until=until,
                last=last,
            )
        )
    hours = Hours(rulebook.days, send_hour)
    with writing(engine) as session:
        row, notice, ahead = _find(session, rulebook, reference, at)
        if notice is None:
            assert ahead is not None
            _of_law(ahead.owed.letter.statutory)
            if ahead.act and (ahead.act.act, ahead.act.until) == ("wait", until):
                return ahead.owed.key
            if until <= ahead.owed.due_on:
                raise Invalid(
                    phrase("brevet går først %(due_on)s; vælg en senere dag", due_on=ahead.owed.due_on)
                )
            _write(session, row, line("wait", ahead.owed.key, by, today, why=why, until=until), at)
            return ahead.owed.key
        _of_law(notice.statutory)
        if notice.state == "planned" and notice.next_at == hours.morning(until):
            return notice.key
        _waiting(session, notice, ("planned", "ready", "carried"), "vente")
        if notice.state == "ready" and not unwrite(session, notice.id or 0):
            raise NotPossible(
                phrase(
                    "brev %(id)s er allerede sagt til mailserveren og kan ikke vente; hold det i stedet",
                    id=notice.id,
                )
            )
        session.flush()
        session.refresh(notice)
        done = _write(session, row, line("wait", notice.key, by, today, why=why, until=until), at)
        notice.alone, notice.next_at = False, at
        steer(notice, steered([done])[notice.key], hours)
        return notice.key


def send_now(
    engine: Engine,
    rulebook: Rulebook,
    reference: str,
    by: str,
    at: datetime,
    link: str = "",
    send_hour: int = 8,
) -> str:
    """Let this letter go at the next pass, by itself and whatever the hour of the day's mail; its key. One that is not
    planned yet is planned now and told as of today: :class:`NotPossible` where it tells what has not come about."""
    today = danish_day(at)
    with writing(engine) as session:
        row, notice, ahead = _find(session, rulebook, reference, at)
        if notice is None:
            assert ahead is not None
            standing = projection.load(session, rulebook, row, today)
            owed = _as_of_today(session, standing, row, ahead, today)
            announce(session, standing.rules, row, [owed], at, link, send_hour)
            session.flush()
            notice = find_notice(session, owed.key)
        elif notice.alone and notice.state in ("planned", "ready") and notice.next_at <= not_at_night(at):
            return notice.key
        else:
            _waiting(session, notice, ("planned", "ready", "carried", "held"), "sendes nu")
        _write(session, row, line("now", notice.key, by, today), at)
        notice.state = "planned" if notice.body is None else "ready"
        if notice.body is None:
            facts: PlannedFacts = json.loads(notice.facts)
            notice.facts = json.dumps(facts | {"asked_for": True}, ensure_ascii=False, sort_keys=True)
        notice.alone, notice.next_at, notice.released_at, notice.why = True, not_at_night(at), at, ""
        return notice.key


def revive(
    engine: Engine,
    rulebook: Rulebook,
    reference: str,
    by: str,
    at: datetime,
    link: str = "",
    send_hour: int = 8,
) -> str:
    """Let a letter go after all that was skipped, made to wait or cancelled; its key. It goes on its day, or the next
    that is open. :class:`NotPossible` where it is no longer true."""
    today = danish_day(at)
    with writing(engine) as session:
        row, notice, ahead = _find(session, rulebook, reference, at)
        key = notice.key if notice else ahead.owed.key if ahead else ""
        done = line("revive", key, by, today)
        if notice is None:
            if ahead and ahead.act:
                _write(session, row, done, at)
            return key
        standing = projection.load(session, rulebook, row, today)
        if notice.state == "planned" and notice.key in steered(standing.facts):
            _write(session, row, done, at)
            notice.next_at, notice.why = Hours(standing.rules.days, send_hour).not_before(at), ""
            return key
        if notice.state == "planned":
            return key
        _waiting(session, notice, ("cancelled",), "sendes alligevel")
        known = known_notices(session, row)
        owing = owed_now(standing.rules, standing, today, today, known, ever=True)
        fresh = next((one for one in owing if one.key == notice.key), None)
        _write(session, row, done, at)
        if notice.uncertain or fresh is None or notice.body == b"":  # its text was removed in its time
            raise NotPossible(
                phrase(
                    "brev %(id)s er ikke længere aktuelt; skriv i stedet til modtageren selv", id=notice.id
                )
            )
        notice.state, notice.why, notice.released_at = "planned" if notice.body is None else "ready", "", at
        session.flush()
        if notice.body is None or unwrite(session, notice.id or 0):
            session.refresh(notice)
            for name, value in written(session, standing.rules, row, fresh, at, link, send_hour).items():
                setattr(notice, name, value)
        clear_alarms(session, f"notice:{notice.id}:cancelled", at)
        return key


def _find(
    session: Session, rulebook: Rulebook, reference: str, at: datetime
) -> tuple[AgreementRow, Notice | None, Upcoming | None]:
    """The letter and its agreement, locked: a row of the outbox, or else one of the days ahead."""
    try:
        notice = find_notice(session, reference)
    except NotFound:
        if reference.count("|") < 5:
            raise
    else:
        row = session.get_one(AgreementRow, notice.agreement_id, with_for_update=True)
        session.refresh(notice)
        return row, notice, None
    today = danish_day(at)
    row = journal.find(session, reference.partition("|")[0], lock=True)
    for one in of_agreement(session, rulebook, row, today, today + timedelta(days=AHEAD), 8):
        if one.owed.key == reference:
            return row, None, one
    raise NotFound(GONE)


def _as_of_today(
    session: Session, standing: projection.Standing, row: AgreementRow, ahead: Upcoming, today: date
) -> Owed:
    early = owed_early(standing.rules, standing, today, ahead.owed.due_on, known_notices(session, row))
    found = next((one for one in early if one.key == ahead.owed.key and not one.history), None)
    if found is None and ahead.owed.due_on <= today:
        return ahead.owed
    if found is None:
        on = spoken(ahead.owed.due_on, False)
        raise NotPossible(
            phrase("brevet fortæller om noget, der først indtræffer %(on)s; det kan først sendes da", on=on)
        )
    return found


def _waiting(session: Session, notice: Notice, states: tuple[str, ...], verb: str) -> None:
    """:class:`NotPossible` unless it is in one of ``states``; taken out of a mail that tells it with others."""
    if notice.state not in states:
        said = word(notice.state, notice.outcome, notice.uncertain)
        raise NotPossible(
            phrase("brev %(id)s er %(said)s og kan ikke %(verb)s", id=notice.id, said=repr(said), verb=verb)
        )
    if notice.state in ("ready", "carried"):
        part(session, notice, verb)
        session.refresh(notice)


def _of_law(statutory: bool) -> None:
    if statutory:
        raise NotPossible(OF_LAW)


def _write(session: Session, row: AgreementRow, fact: Fact, at: datetime) -> Fact:
    done = journal.append(session, row, fact, at)
    journal.store_state(session, row, row.stamp)
    return done
