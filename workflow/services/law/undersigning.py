"""A lawyer signs rules: name, office, day and the text that was read, written into the regime's own file.

The file stays what the rules are read from, so a signature is kept, moved and taken back as every other word of it. It
changes no date, and the agreements take a signed set on by themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.writing.words import clean
from workflow.rules.obligation import CheckedBy, DeadlineRule, QuotaRule, TaskRule
from workflow.rules.regime import Regime
from workflow.storage.law.rulebook import Rulebook, load
from workflow.values import replace

EVERY, REGIME = "all", "regime"
OWN_FOLDER = phrase(
    "reglerne læses fra programmets egen mappe, som en ny udgave skriver over; kopiér calendars/ til en mappe for sig, "
    "og peg AFTALE_CALENDARS på den"
)
_HEADER = re.compile(r"\s*\[\[?([a-z_.]+)\]\]?")
_NAMED = re.compile(r'(id|body)\s*=\s*"([^"]+)"')


def sign(
    folder: Path | None, rulebook: Rulebook, regime_id: str, names: Sequence[str], by: CheckedBy, today: date
) -> list[str]:
    """Sign these rules of a regime in its file below ``folder``, the installation's own; those signed, by name. A name
    is a deadline's or task's id, ``"quota ssu"`` and its like, ``"regime"`` for the provisions that no rule holds, or
    ``"all"``: whatever nobody has signed. ``today`` is the Danish day.

    :class:`NotPossible` without a folder of one's own, or for what is signed already; :class:`NotFound` for no such
    regime or rule; :class:`Invalid` for a signature that lacks something. Nothing is half written.
    """
    _check(by, today)
    regime = next((one for one in rulebook.law.regimes if one.id == regime_id), None)
    if regime is None:
        raise NotFound(phrase("ingen regler »%(regime)s«; se aftale regimes", regime=regime_id))
    if folder is None:
        raise NotPossible(OWN_FOLDER)
    there = signatures(regime)
    if unknown := [name for name in names if name != EVERY and name not in there]:
        raise NotFound(
            phrase(
                "ingen regel »%(rule)s« i %(regime)s; vælg blandt: %(rules)s",
                rule=unknown[0], regime=regime_id, rules=", ".join(there),
            )
        )  # fmt: skip
    wanted = [name for name, known in there.items() if (name in names or (EVERY in names and not known))]
    if already := [name for name in wanted if there[name]]:
        known = there[already[0]]
        assert known is not None
        raise NotPossible(
            phrase(
                "%(rule)s er underskrevet af %(name)s, %(office)s; tag linjen checked_by ud af filen først",
                rule=already[0],
                name=known.name,
                office=known.office,
            )
        )
    if not wanted:
        raise NotPossible(phrase("alle regler i %(regime)s er underskrevet", regime=regime_id))
    path = folder / "regimes" / f"{regime_id}.toml"
    if not path.is_file():
        raise NotFound(phrase("%(path)s findes ikke", path=path))
    _write(folder, path, _with_signatures(path.read_text(encoding="utf-8"), wanted, by), regime, wanted, by)
    return wanted


def signatures(regime: Regime) -> dict[str, CheckedBy | None]:
    """What can be signed of a regime, by name, and by whom it is."""
    found: dict[str, CheckedBy | None] = {REGIME: regime.checked_by}
    found |= {rule.id: rule.checked_by for rule in regime.deadlines}
    found |= {task.id: task.checked_by for task in regime.tasks}
    return found | {f"quota {one.body}": one.checked_by for one in regime.quotas}


def _check(by: CheckedBy, today: date) -> None:
    for said, option in ((by.name, "--name"), (by.office, "--office"), (by.text, "--text")):
        if not clean(said).strip():
            raise Invalid(
                phrase(
                    "underskriften mangler %(option)s: navn, embede og den tekst, der er læst", option=option
                )
            )
    if by.on > today:
        raise Invalid(phrase("%(day)s er ikke kommet endnu (--on)", day=by.on))


def _with_signatures(text: str, wanted: Sequence[str], by: CheckedBy) -> str:
    """The file's text with a line behind the name of each rule. A string of JSON is one of TOML."""
    words = [json.dumps(clean(one), ensure_ascii=False) for one in (by.name, by.office, by.text)]
    line = f"checked_by = {{ name = {words[0]}, office = {words[1]}, on = {by.on}, text = {words[2]} }}\n"
    made, table = list[str](), ""
    for one in text.splitlines(keepends=True):
        made.append(one)
        if header := _HEADER.match(one):
            table = header[1]
        elif named := _NAMED.match(one):
            quota = table == "quota" and named[1] == "body"
            name = REGIME if table == "" else f"quota {named[2]}" if quota else named[2]
            if (quota or (named[1] == "id" and table in ("", "deadline", "task"))) and name in wanted:
                made.append(line)
    return "".join(made)


def _write(folder: Path, path: Path, text: str, before: Regime, wanted: Sequence[str], by: CheckedBy) -> None:
    """Put the file in place once the whole folder reads, with these signatures and nothing else changed."""
    kept = path.read_bytes()
    _put(path, text.encode())
    try:
        after = next(one for one in load(folder).law.regimes if one.id == before.id)
        held = signatures(after)
        if any(held[name] is None for name in wanted) or as_unsigned(after) != as_unsigned(before):
            raise NotPossible(
                phrase(
                    "%(file)s er skrevet, så underskriften ikke kan sættes ind; sæt linjen ind i hånden",
                    file=path.name,
                )
            )
    except Exception:
        _put(path, kept)
        raise


def _put(path: Path, content: bytes) -> None:
    """Write ``content`` in one step: whoever reads meanwhile reads the old file or the new."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


def as_unsigned(regime: Regime) -> Regime:
    """A regime as it would be if nobody had signed it or a rule of it: a signature changes no law."""
    return replace(
        regime,
        checked_by=None,
        deadlines=_unsigned(regime.deadlines),
        tasks=_unsigned(regime.tasks),
        quotas=_unsigned(regime.quotas),
    )


_Rule = TypeVar("_Rule", DeadlineRule, TaskRule, QuotaRule)


def _unsigned(rules: tuple[_Rule, ...]) -> tuple[_Rule, ...]:
    return tuple(replace(one, checked_by=None) if one.checked_by else one for one in rules)
