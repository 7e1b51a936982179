"""What status, deadlines and why answer. Nothing here knows typer: a plain question is answered without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from workflow.errors import NotFound, Unworkable
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.asking import Asking, open_asking
from workflow.values import dataclass

NEAR = 30  # days


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was typed: ``as_of`` a day, ``watch`` seconds, ``deadline`` as RULE or RULE:SUBJECT."""

    agreement: str | None = None
    deadline: str = ""
    as_of: str | None = None
    db: str | None = None
    json: bool = False
    watch: float | None = None


def deadlines(asked: Asked) -> None:
    """What ``aftale deadlines`` prints."""
    from workflow.services.due.dates import dated
    from workflow.services.views.status import deadline_json

    def tell(found: list[Any]) -> None:
        pairs = [(standing, one) for standing in found for one in dated(standing, standing.rules)]
        if asked.json:
            show.as_json([deadline_json(standing, one) for standing, one in pairs])
            return
        headings = ("aftale", "frist", "dato", "sigt efter", "status", "grundlag", "hvad", "hjemmel")
        show.table(headings, [_row(standing, one) for standing, one in pairs])

    with open_asking(asked.db) as desk:
        _again_and_again(asked, desk, tell)


def _again_and_again(asked: Asked, desk: Asking, tell: Callable[[list[Any]], None]) -> None:
    """``tell`` the answer once, or every so often where somebody watches."""

    def ask() -> tuple[list[Any], list[Unworkable]]:
        """One agreement, or all there are, and those of them that cannot be worked out."""
        from workflow.services.views.status import find_standing, workable

        as_of = _day(asked) or clock.today()
        if asked.agreement:
            return [find_standing(desk.place, desk.rulebook, asked.agreement, as_of)], []
        return workable(desk.place, desk.rulebook, as_of)

    told = _telling(tell, asked.watch)
    if asked.watch is None:
        told(ask())
        return
    from workflow.faces.cli.watching import watching

    watching(asked.watch, asked.json, ask, told)


def _day(asked: Asked) -> date | None:
    return clock.day(asked.as_of, "--as-of") if asked.as_of else None


def _telling(
    tell: Callable[[list[Any]], None], watch: float | None
) -> Callable[[tuple[list[Any], list[Unworkable]]], None]:
    """``tell`` the agreements that can be worked out; then name the first of the others, as an error unless somebody
    is watching: nobody shall take the list for whole."""

    def told(asked: tuple[list[Any], list[Unworkable]]) -> None:
        found, broken = asked
        if found or not broken:
            tell(found)
        for one in broken:
            if watch is None:
                raise one
            show.line(str(one), "red")

    return told


def _row(standing: Any, deadline: Any) -> tuple[str, ...]:
    from workflow.mail.writing.words import HVILER_PAA
    from workflow.services.due.dates import basis

    return (
        standing.agreement.key,
        deadline.id + (f":{deadline.subject}" if deadline.subject else ""),
        str(deadline.legal_on or "-"),
        str(deadline.aim_on) if deadline.aim_on != deadline.legal_on and deadline.aim_on else "",
        show.state(deadline, standing.as_of),
        HVILER_PAA[basis(deadline)],
        deadline.title,
        deadline.cite[0],
    )


def why(asked: Asked) -> None:
    """What ``aftale why`` prints."""
    from workflow.rules.waiting import rule_behind, signed
    from workflow.services.due.dates import basis, dated, explained
    from workflow.services.law.unsigned import UNSIGNED
    from workflow.services.views.status import deadline_json, find_standing

    assert asked.agreement is not None
    on = _day(asked) or clock.today()
    with open_asking(asked.db) as desk:
        standing = find_standing(desk.place, desk.rulebook, asked.agreement, on)
    rule, _, subject = asked.deadline.partition(":")
    found = explained(standing, standing.rules, rule, subject)
    if found is None:
        known = ", ".join(
            d.id + (f":{d.subject}" if d.subject else "") for d in dated(standing, standing.rules)
        )
        raise NotFound(f"{asked.agreement} har ingen frist {asked.deadline!r}; den har {known}")
    if asked.json:
        show.as_json(deadline_json(standing, found))
        return
    show.line(f"{found.title}, {standing.agreement.key}, som det så ud {show.long_day(on)}")
    day = show.long_day(found.legal_on) if found.legal_on else "ingen dato endnu"
    met = f" {show.long_day(found.met_on)}" if found.met_on else ""
    show.line(f"{show.DATES[basis(found)]}: {day} ({show.state(found, on)}{met})")
    if found.original_on:
        show.line(f"Oprindelig frist: {show.long_day(found.original_on)}")
    if found.aim_on and found.aim_on != found.legal_on:
        show.line(f"Sigt efter: {show.long_day(found.aim_on)}")
    for number, step in enumerate(found.why, start=1):
        show.line(f"{number}. {step.text.removesuffix('.')}. [{step.cite}]")
    show.line(f"Hjemmel: {'; '.join(found.cite)}")
    by = signed(rule_behind(standing.rules.law, found))
    show.line(f"Kontrol: {f'{by.name}, {by.office}, {by.on} ({by.text})' if by else UNSIGNED}")


def status(asked: Asked) -> None:
    """What ``aftale status`` prints."""
    from workflow.services.lookahead.planning import slack_of
    from workflow.services.views.status import status_json

    def tell(found: list[Any]) -> None:
        slack = slack_of(found)
        if asked.json:
            answers = [
                status_json(standing, standing.rules)
                | {"plan": _plan_json(slack.get(standing.agreement.key))}
                for standing in found
            ]
            show.as_json(answers[0] if asked.agreement else answers)
            return
        if not found:
            print("Ingen aftaler endnu. Åbn en: aftale open REGION --term 2022-2025 --label 2024-2027")
        for index, standing in enumerate(found):
            print("\n" * bool(index), end="")
            ahead = _ahead(slack.get(standing.agreement.key))
            for text, style in [
                *_words(standing, standing.rules), *ahead, *_marks(standing, standing.rules), *_missed(standing)
            ]:  # fmt: skip
                show.line(text, style)

    with open_asking(asked.db) as desk:
        _again_and_again(asked, desk, tell)


def _plan_json(said: Any) -> dict[str, str] | None:
    return {"colour": said.colour, "text": said.text} if said else None


def _ahead(said: Any) -> list[tuple[str, str]]:
    """How the round stands in time, where there is one to plan."""
    styles = {"grøn": show.GOOD, "gul": show.SOON, "rød": show.LATE}
    return [(f"  plan:     {said.colour}: {said.text}", styles[said.colour])] if said else []


def _words(standing: Any, rulebook: Any) -> list[tuple[str, str]]:
    """The lines about one agreement, each with the style a terminal shows it in; no style says what words do not."""
    from workflow.mail.writing.words import HVILER_PAA
    from workflow.rules.endings import coming_on
    from workflow.services.due.dates import basis, next_date
    from workflow.services.views.blocking import binding, blockers
    from workflow.services.views.bodies import of_its_region

    agreement, course = standing.agreement, standing.course
    current, first = course.current, course.tables.version
    said = f"version {current.number} {current.state_name}" if current else first.states[first.initial]
    older = binding(standing)
    if older:
        said = f"version {older.number} {older.state_name} og gælder; revision: {said}"
    term = f"valgperiode {agreement.term.label}, {agreement.regime.instrument}"
    since = f", fra {show.long_day(course.period_on)}" if course.period_on else ""
    lines = [
        (f"{agreement.key}  {agreement.name}, {term}", "bold"),
        (f"  tekst:    {said}", ""),
        *([(f"  svar:     {current.unanswered}", "")] if current and current.unanswered else []),
        (f"  periode:  {course.tables.period.states[course.period]}{since}", ""),
    ]
    if said := show.rules_end(standing):
        lines.append((f"  regler:   {said}", show.SOON))
    lines += [(f"  bemærk:   {said}", show.SOON) for said in of_its_region(standing)]
    if current and current.parties:
        yes = sum(current.approved_by(code) for code in current.decisions)
        all_of_them = show.GOOD if yes == len(current.parties) else show.SOON
        of = f" version {current.number}" if older else ""
        lines.append((f"  råd:      {yes} af {len(current.parties)} har godkendt{of}", all_of_them))
    if agreement.regime.rule("midterm-order"):
        reports = course.tables.report.states
        said = f"midtvejs {reports[course.midterm]}, slut {reports[course.final]}"
        lines.append((f"  status:   {said}", ""))
    for late in (d for d in standing.deadlines if d.status == "overdue"):
        said = show.state(late, standing.as_of)
        lines.append((f"  {said}: {late.title}, {show.long_day(late.legal_on)} ({late.cite[0]})", show.LATE))
    for two in (d for d in standing.deadlines if d.open and any(one.other_duty for one in d.readings)):
        when = f"{show.long_day(two.legal_on)}{show.doubts(two, standing.as_of)}"
        said = f"  to datoer: {two.title}, {when} ({two.cite[0]})"
        lines.append((said, show.SOON))
    for gone in (
        d for d in standing.deadlines if d.status == "breached" or (d.status == "lapsed" and d.doubtful)
    ):
        lines.append(
            (
                f"  {show.state(gone)}: {gone.title}, {show.long_day(gone.legal_on)} ({gone.cite[0]})",
                show.SOON,
            )
        )
    lines += [(_late(one), show.SOON) for one in standing.deadlines if one.status == "met_late"]
    following = next_date(standing, standing.rules)
    if following and (on := coming_on(following, standing.as_of)):
        left = show.days_left(on, standing.as_of)
        doubt = show.doubts(following, standing.as_of)
        near = show.SOON if (on - standing.as_of).days <= NEAR else "cyan"
        rests = "" if basis(following) == "law" else f" ({HVILER_PAA[basis(following)]})"
        said = f"  næste:    {following.title}, {show.long_day(on)}, {left}{rests}{doubt}"
        lines.append((said, near))
    for fact in (f for f in standing.facts if f.known_on and f.known_on > standing.as_of >= clock.today()):
        lines.append(
            (f"  på forhånd: nr. {fact.no}, {fact.event}, regnes med fra {show.long_day(fact.known_on)}", "")
        )
    for blocker in blockers(standing):
        cite = f" ({blocker.cite})" if blocker.cite else ""
        lines.append((f"  mangler:  {blocker.text}{cite}", show.SOON))
    return lines


def _late(late: Any) -> str:
    """What was met late, by one reading at least, and which date says so."""
    from workflow.services.views.readings import in_time_by

    moved = f", siden flyttet til {show.long_day(late.legal_on)}" if late.judged_on != late.legal_on else ""
    saved_on = in_time_by(late) if late.disputed else None
    known = bool(moved) and saved_on == late.legal_on
    other = f"; kan også læses som {show.long_day(saved_on)}" if saved_on and not known else ""
    when = f"{show.long_day(late.met_on)}; fristen var {show.long_day(late.judged_on)}{moved}{other}"
    return f"  {show.state(late).removeprefix('opfyldt ')}: {late.title}, {when} ({late.cite[0]})"


def _marks(standing: Any, rulebook: Any) -> list[tuple[str, str]]:
    """The rules that were broken on the way: they stay for the agreement's life."""
    from workflow.lifecycle.names import called
    from workflow.services.planning.marks import marks, told

    events = called(standing.agreement.regime.words)
    return [
        (f"  mærke:    {told(mark, events)} ({mark.cite})", show.SOON) for mark in marks(standing, rulebook)
    ]


def _missed(standing: Any) -> list[tuple[str, str]]:
    """The years' meetings that were not held: they stay for the agreement's life too."""
    from workflow.services.due.minimums import unheld

    found = unheld(standing, standing.rules)
    return [
        (f"  {'ikke nået' if d.status == 'passed' else show.state(d)}: {d.title} ({d.cite[0]})", show.SOON)
        for d in found
    ]
