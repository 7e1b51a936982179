"""Commands that ask: deadlines, why, status, notices, journal. They change nothing."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workflow.errors import NotFound
from workflow.faces import clock
from workflow.faces.cli import proof, show
from workflow.faces.cli.desk import AsOf, Db, Json, Key, MaybeKey, open_desk


def deadlines(agreement: MaybeKey = None, as_of: AsOf = None, db: Db = None, json: Json = False) -> None:
    """List the deadlines with their legal date, the business day to aim at, and where each stands."""
    from workflow.services.status import deadline_json, standings

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        found = [(s, d) for s in standings(desk.engine, desk.rulebook, agreement, on) for d in s.deadlines]
    if json:
        show.as_json([deadline_json(standing, deadline) for standing, deadline in found])
        return
    rows = [
        (
            standing.agreement.key,
            d.id + (f":{d.subject}" if d.subject else ""),
            str(d.legal_on or "-"),
            str(d.aim_on) if d.aim_on != d.legal_on and d.aim_on else "",
            show.STATUS[d.status] + (" (tvivl)" if d.doubtful else ""),
            d.title,
            d.cite[0],
        )
        for standing, d in found
    ]
    show.table(("aftale", "frist", "dato", "sigt efter", "status", "hvad", "hjemmel"), rows)


def why(
    agreement: Key,
    deadline: Annotated[
        str, typer.Argument(metavar="DEADLINE", help="E.g. submission, or annual-review:2025")
    ],
    as_of: AsOf = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Explain a date: each step in words, with its provision."""
    from workflow.services.status import deadline_json, standings

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        standing = standings(desk.engine, desk.rulebook, agreement, on)[0]
    rule, _, subject = deadline.partition(":")
    same = [d for d in standing.deadlines if d.id == rule and subject in ("", d.subject)]
    if not same:
        known = ", ".join(d.id + (f":{d.subject}" if d.subject else "") for d in standing.deadlines)
        raise NotFound(f"{agreement} har ingen frist {deadline!r}; den har {known}")
    found = next((d for d in same if d.open), same[-1])
    if json:
        show.as_json(deadline_json(standing, found))
        return
    print(f"{found.title}, {standing.agreement.key}, som det så ud {show.long_day(on)}")
    date = show.long_day(found.legal_on) if found.legal_on else "ingen dato endnu"
    print(f"Lovens frist: {date} ({show.STATUS[found.status]})")
    if found.original_on:
        print(f"Oprindelig frist: {show.long_day(found.original_on)}")
    if found.aim_on and found.aim_on != found.legal_on:
        print(f"Sigt efter: {show.long_day(found.aim_on)}")
    for number, step in enumerate(found.why, start=1):
        print(f"{number}. {step.text.removesuffix('.')}. [{step.cite}]")
    print(f"Hjemmel: {'; '.join(found.cite)}")


def status(agreement: MaybeKey = None, as_of: AsOf = None, db: Db = None, json: Json = False) -> None:
    """Where it stands: each machine's state, the next date, councils pending by name, and what blocks."""
    from workflow.services.status import standings, status_json

    on = clock.day(as_of, "--as-of") if as_of else clock.today()
    with open_desk(db) as desk:
        found = standings(desk.engine, desk.rulebook, agreement, on)
    if json:
        answers = [status_json(standing) for standing in found]
        show.as_json(answers[0] if agreement else answers)
        return
    if not found:
        print("Ingen aftaler endnu. Åbn en: aftale open REGION --term 2022-2025 --label 2024-2027")
    for index, standing in enumerate(found):
        print("\n" * bool(index) + _words(standing))


def _words(standing: Any) -> str:
    from workflow.lifecycle.decision import COUNTS
    from workflow.lifecycle.period import PERIOD
    from workflow.lifecycle.report import REPORT
    from workflow.lifecycle.version import VERSION
    from workflow.services.status import blockers, next_deadline

    agreement, course = standing.agreement, standing.course
    current = course.current
    said = f"version {current.number} {VERSION.states[current.state]}" if current else "udkast"
    lines = [
        f"{agreement.key}  {agreement.region_name}, valgperiode {agreement.term.label}, {agreement.regime.instrument}",
        f"  tekst:    {said}",
        f"  periode:  {PERIOD.states[course.period]}"
        + (f", fra {show.long_day(course.effective_on)}" if course.effective_on else ""),
    ]
    if ends := agreement.regime.ends:
        days = (
            [course.law_ended.value]
            if course.law_ended
            else [ends.confirmed_on]
            if ends.confirmed_on
            else ends.candidates
        )
        said = " eller ".join(show.long_day(day) for day in days)
        lines.append(
            f"  regler:   {'ophævet' if len(days) == 1 else 'måske ophævet'} pr. {said} ({ends.cite})"
        )
    if current:
        yes = sum(state in COUNTS for state in current.decisions.values())
        lines.append(f"  råd:      {yes} af {len(current.parties)} har godkendt")
    if agreement.regime.rule("midterm-order"):
        lines.append(
            f"  status:   midtvejs {REPORT.states[course.midterm]}, slut {REPORT.states[course.final]}"
        )
    for late in (d for d in standing.deadlines if d.status == "overdue"):
        lines.append(f"  OVERSKREDET: {late.title}, {show.long_day(late.legal_on)} ({late.cite[0]})")
    if (following := next_deadline(standing)) and following.legal_on:
        left = show.days_left(following.legal_on, standing.as_of)
        doubt = "; reglen kan være ophævet" if following.doubtful else ""
        lines.append(f"  næste:    {following.title}, {show.long_day(following.legal_on)}, {left}{doubt}")
    for blocker in blockers(standing):
        lines.append(f"  mangler:  {blocker.text}" + (f" ({blocker.cite})" if blocker.cite else ""))
    return "\n".join(lines)


def notices(agreement: MaybeKey = None, db: Db = None, json: Json = False) -> None:
    """List every notice: to whom, when planned, its state, attempts, the mail server's answer."""
    from workflow.services.notices import list_notices

    with open_desk(db) as desk:
        found = list_notices(desk.engine, agreement)
    if json:
        show.as_json(found)
        return
    rows = [
        (
            n["due_on"],
            n["agreement"],
            n["letter"],
            n["recipient"],
            n["state_text"],
            str(n["attempts"]),
            n["answer"][:40],
        )
        for n in found
    ]
    show.table(("dag", "aftale", "brev", "modtager", "tilstand", "forsøg", "svar"), rows)


def journal(agreement: Key, db: Db = None, json: Json = False) -> None:
    """Print the agreement's journal: every fact, who recorded it and when, and whether the chain is whole.

    `aftale journal verify` checks them all, as `aftale verify` does."""
    if agreement == "verify":
        proof.verify(None, db, json)
        return
    from workflow.services.notices import read_journal

    with open_desk(db) as desk:
        facts, broken = read_journal(desk.engine, agreement)
    if json:
        show.as_json({"agreement": agreement, "facts": facts, "broken": broken})
        return
    rows = [
        tuple(
            str(f[c] if f[c] is not None else "")
            for c in ("no", "on", "event", "version", "council", "due", "source", "by")
        )
        for f in facts
    ]
    show.table(("nr.", "dag", "hændelse", "version", "råd", "sætter", "kilde", "af"), rows)
    show.say(f"journalen er brudt: {broken}" if broken else "journalens kæde er hel")


COMMANDS = {"deadlines": deadlines, "why": why, "status": status, "notices": notices, "journal": journal}
