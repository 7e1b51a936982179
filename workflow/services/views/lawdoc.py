"""docs/law.md, made from the calendars: each obligation with what tracks it, its letters and its tests, or why not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from workflow.errors import Misconfigured
from workflow.rules.obligation import Obligation
from workflow.rules.regime import Regime
from workflow.services.facts.regimes import formula
from workflow.storage.law.rulebook import Rulebook

_FORCE = {
    "shall": "shall",
    "shall-guidance": "shall, by the guidance's words only",
    "should": "recommended",
    "may": "may",
    "fact": "fact",
    "practice": "practice",
}
_HEAD = """# The law, and what tracks it

Written by `aftale lawdoc --out docs/law.md` from [`calendars/`](../calendars): do not edit it by hand. It is a reading
of the texts for the purpose of building this program, **not legal advice**.

* *Task*: a duty without a date, from the same files; asked for, never overdue.
* *Deadline*: a date the law sets, from `calendars/regimes/`. *Prompt*: worth a letter though the law sets no date;
  never overdue. *Quota*: a least number of meetings. *Event*: a fact of the journal. *Letter*: from
  `calendars/letters.toml`.
* The legal words and what they are called in the code stand under *Words* at the end.
"""
_MEANWHILE = """\
Until a person has looked it up there are three zones. Duties before the first of these days are sure. Duties from it
and before the last stay alive and **say that their rule may have ended** wherever they appear, meetings too: a needless
reminder costs less than a missed duty. Duties from the last on are *lapsed under both*: nothing counts down to them and
nothing calls them overdue; one letter asks the region's secretariat to look the day up. Once it is known,
`aftale regime confirm` makes every duty of that day or later *lapsed*, and one letter tells everybody. A duty whose
date had passed while the rules held is *breached*: unmet in time, the rules ended since; no text says that a repeal
undoes that. Of the agreement itself the program says only that its rules have ended; whether it still binds, no text
says. No date was found for the local health plans that follow; none is invented
([`naersundhedsplan-lov-1761-2025`](../calendars/regimes/naersundhedsplan-lov-1761-2025.toml)),
which is a regime of another *kind*: it governs the first plans, of the term 2026-2029, beside `bek-1248-2022`, and
`aftale open --regime ID` says which is meant. An end that is confirmed in a regime's file alone (`confirmed_on`) has
the same effect as the command, from the day the daemon takes the changed file over."""
_STILL_TO_COME = """\
Of the steps it alone knows, those are asked that were still to come for an agreement that had been concluded: its
follow-up in dialogue with the clusters, what the other committees are told, a revision by the drafting rules with a new
hearing of the patient committee, and what the guidance says of sending and the statuses. Not asked is what lay behind
it: the meeting before the draft of a term begins, the departure from the date of submission, and the publication of
what was concluded years before the guidance asked for it. Nor what is the committees' own and not the agreement's: that
is asked of them, whatever agreement carries them. A step that was taken before that day broke no rule of the new
order."""
_WORDS = {
    "sundhedsaftale": "`Agreement`",
    "regionsråd; kommunalbestyrelse": "`Council` (`regional` tells which)",
    "sundhedssamarbejdsudvalg (SSU); før 2022 sundhedskoordinationsudvalg (SKU)": "`committee` of the regime; `ssu`",
    "sundhedsklynge; politisk og fagligt niveau": "`cluster`; `political`, `professional`",
    "patientinddragelsesudvalg": "`piu`",
    "Sundhedsstyrelsen": "`sst`, the Authority",
    "valgperiode; funktionsperiode": "`Term`; `OfficePeriod`",
    "ikrafttrædelsesdato": "`effective`",
    "aftalt udløb": "`nominal-end`, the first day after; no law fixes it",
    "fravigelse af frist": "`deviation`",
    "midtvejsstatus; slutstatus": "`midterm`; `final`",
    "årlig gennemgang": "`annual-review`",
    "bortfaldet": "`lapsed`: the duty lost its law; never overdue",
    "ikke opfyldt i tide; reglerne er siden ophævet": "`breached`",
}


def document(rulebook: Rulebook, tests: Mapping[str, list[str]]) -> str:
    """The whole page; ``tests`` maps an obligation to the tests that name it (see :func:`tests_naming`)."""
    lines = [_HEAD]
    for title, listed in (
        ("Obligations", rulebook.obligations.of_agreements),
        ("What the reform brings", rulebook.obligations.of_reform),
    ):
        partly = sum(bool(one.partly) for one in listed)
        wholly = sum(bool(one.tracked_by) for one in listed) - partly
        counted = (
            f"Of {len(listed)}, {wholly} are tracked, {partly} partly, {len(listed) - wholly - partly} not."
        )
        lines += [f"## {title}", "", counted, ""]
        lines += [
            "| Id | What | Force | Provision | Tracked by | Letters | Tests |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [*(_row(rulebook, one, tests.get(one.id, [])) for one in listed), ""]
    lines += ["## Regimes", "", "Chosen by the agreement's election term, never by today's date.", ""]
    lines += ["| Regime | Terms | Dates | Silence approves | Checked | Ends |", "|---|---|---|---|---|---|"]
    lines += [_regime(regime) for regime in rulebook.law.regimes]
    lines += [
        "",
        *_running(rulebook),
        *_reform(rulebook),
        "## Sources",
        "",
        "| Key | Text | Read | Trust |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {s.key} | [{s.name}]({s.url}) | {s.read} | {s.trust} |" for s in rulebook.obligations.sources
    ]
    lines += ["", "Each regime's file names the texts it was read in as well.", "", "## Words", ""]
    lines += ["| Danish | In the code |", "|---|---|", *(f"| {da} | {code} |" for da, code in _WORDS.items())]
    return "\n".join(lines) + "\n"


def tests_naming(folder: Path) -> dict[str, list[str]]:
    """Obligation -> the tests in ``folder`` and below it whose words hold its number, by name; empty where there
    is no folder.

    :class:`Misconfigured` for a file that is no Python.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py"), key=lambda one: one.name):
        text = path.read_text(encoding="utf-8")
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise Misconfigured(str(path), f"this is not Python: {error}", "Correct the test") from error
        lines = text.splitlines()
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                for number in sorted(set(re.findall(r"\b(?:O-\d\d|R\d\d?)\b", words))):
                    found.setdefault(number, []).append(node.name)
    return found


def _row(rulebook: Rulebook, one: Obligation, tests: list[str]) -> str:
    if one.tracked_by:
        tracked = (
            "<br>".join(f"{kind} `{name}`" for kind, name in one.tracked_by if kind != "letter")
            or "letter only"
        )
        tracked += f"<br>*partly: {one.partly.en}*" if one.partly else ""
    else:
        tracked = f"not tracked, because {one.not_tracked.en if one.not_tracked else ''}"
    letters = "<br>".join(dict.fromkeys(_letters(rulebook, one)))
    named = "<br>".join(f"`{test}`" for test in tests)
    cells = (
        one.id,
        f"{one.text.da}<br>*{one.text.en}*",
        _FORCE[one.force],
        "; ".join(one.cite),
        tracked,
        letters,
        named,
    )
    return f"| {' | '.join(cells)} |"


def _letters(rulebook: Rulebook, one: Obligation) -> Iterator[str]:
    """The letters named, and those that follow a deadline, prompt or event that tracks it."""
    for letter in rulebook.letters:
        follows = {("deadline", name) for name in letter.deadline} | {
            ("prompt", name) for name in letter.deadline
        }
        follows |= {pair for pair in one.tracked_by if pair[0] == "task" and "task" in letter.deadline}
        follows |= {("event", name) for name in letter.event} | {("letter", letter.name)}
        if follows & set(one.tracked_by):
            yield f"{letter.code} `{letter.name}`"


def _regime(regime: Regime) -> str:
    dates = "<br>".join(f"`{rule.id}`: {formula(rule.due, regime.words)}" for rule in regime.deadlines)
    checked = min(rule.checked_on for rule in regime.deadlines)
    ends = "-"
    if regime.ends:
        day = regime.ends.confirmed_on or " or ".join(str(day) for day in regime.ends.candidates)
        ends = f"{day} ({regime.ends.certainty}; {regime.ends.cite})"
    silence = "yes" if regime.tacit_approval else "no"
    cells = (
        f"`{regime.id}`<br>{regime.instrument}",
        ", ".join(regime.terms),
        dates,
        silence,
        str(checked),
        ends,
    )
    return f"| {' | '.join(cells)} |"


def _running(rulebook: Rulebook) -> Iterator[str]:
    """What an order asks of the agreements that were running under an older one when it came."""
    for later, reach in [(one, reach) for one in rulebook.law.regimes for reach in one.reaches_back]:
        older = next(one for one in rulebook.law.regimes if one.id == reach.regime)
        new = [step for step in later.provisions if step not in older.provisions]
        asked = [f"`{step}` ({later.cite(step)})" for step in new if step in reach.steps]
        others = [f"`{step}`" for step in new if step not in reach.steps]
        yield f"## Agreements of {older.instrument} under {later.instrument}"
        yield ""
        yield f"From {reach.starts_on} {later.instrument} applies to them too ({reach.cite}): every date of its"
        yield "rules from that day on, and every step that both orders know, rests on it from then on."
        yield _STILL_TO_COME
        yield ""
        yield f"Asked of a running agreement, each from the day its source took effect: {', '.join(asked)}."
        yield ""
        yield f"Not asked through it: {', '.join(others)}."
        yield ""


def _reform(rulebook: Rulebook) -> Iterator[str]:
    """What is not known about the end of a regime, and how the program behaves meanwhile."""
    doubtful = [regime for regime in rulebook.law.regimes if regime.ends and not regime.ends.confirmed_on]
    if not doubtful:
        return
    yield "## The reform"
    yield ""
    for regime in doubtful:
        assert regime.ends
        days = " or ".join(str(day) for day in regime.ends.candidates)
        yield f"`{regime.id}` ends on {days}: {regime.ends.cite} could not be read far enough to say which."
        yield f"> {regime.ends.note}"
        yield ""
    yield _MEANWHILE
    yield ""
