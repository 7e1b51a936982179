"""Which rules no lawyer has signed, and which dates lack the law's own words behind them. Pure; shown only."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.language import phrase
from workflow.rules.regime import Law, Regime
from workflow.storage.law.rulebook import Rulebook

UNSIGNED = phrase("ikke juridisk kontrolleret")
NOT_LOOKED_UP = phrase("ordlyden er ikke slået op")
SIGNED = "every rule is signed, every provision that bears a date is quoted"


def dated(law: Law) -> Iterator[tuple[str, str]]:
    """Every provision that bears a date, with the rule it stands in: ``("BEK 1248/2022 § 21, stk. 1", "bek-1248-2022
    submission")``."""
    for regime in law.regimes:
        for rule in regime.deadlines:
            if rule.due.anchor != "undated":
                for cite in rule.cite:
                    yield cite, f"{regime.id} {rule.id}"
        for quota in regime.quotas:
            yield quota.cite, f"{regime.id} quota {quota.body}"
    for term in law.terms:
        cites = [term.cite, *(office.cite for office in term.office), *(seats.cite for seats in term.seats)]
        for cite in cites:
            yield cite, f"term {term.label}"


def unsigned(law: Law) -> list[str]:
    """The rules nobody has signed, as "REGIME RULE"."""
    rules = [
        (regime.id, rule.id) for regime in law.regimes for rule in regime.deadlines if not rule.checked_by
    ]
    tasks = [(regime.id, task.id) for regime in law.regimes for task in regime.tasks if not task.checked_by]
    quotas = [
        (r.id, f"quota {quota.body}") for r in law.regimes for quota in r.quotas if not quota.checked_by
    ]
    return [f"{regime} {name}" for regime, name in (*rules, *tasks, *quotas)]


def lacking(rulebook: Rulebook) -> str:
    """What no lawyer has signed and what is not quoted, in one line; "" where nothing is lacking."""
    rules, bare = unsigned(rulebook.law), unquoted(rulebook)
    said = f"{len(rules)} rules are signed by nobody ({UNSIGNED}): {', '.join(rules)}" if rules else ""
    words = (
        f"{len(bare)} provisions with a date are not quoted ({NOT_LOOKED_UP}): {'; '.join(bare)}"
        if bare
        else ""
    )
    return ". ".join(part for part in (said, words) if part)


def unquoted(rulebook: Rulebook) -> list[str]:
    """The provisions that bear a date and whose words nobody has put in, each once."""
    quoted = {one.cite for one in rulebook.quotations}
    return [cite for cite in dict.fromkeys(cite for cite, _ in dated(rulebook.law)) if cite not in quoted]


def unquoted_of(rulebook: Rulebook, regime: Regime) -> list[str]:
    """Those of them that one regime and its terms rest on."""
    mine = {regime.id, *(f"term {term}" for term in regime.terms)}
    own = {cite for cite, where in dated(rulebook.law) if where in mine or where.partition(" ")[0] in mine}
    return [cite for cite in unquoted(rulebook) if cite in own]
