"""Whom a letter goes to: from the words in letters.toml to functions of bodies ("0851/council").

A notice is owed to a *function*, not to an address: who reads a council's mailbox is looked up when it is rendered.
"""

from __future__ import annotations

from workflow.storage.projection import Standing


def expand(standing: Standing, to: tuple[str, ...]) -> list[str]:
    """The functions behind ``to`` for this agreement today, without doubles, in order."""
    agreement = standing.agreement
    current = standing.course.current
    waiting = [*current.pending, *current.against] if current else []
    groups = {
        "secretariat": secretariat(standing),
        "regional-council": [f"{party.code}/council" for party in agreement.parties if party.regional],
        "all-councils": [f"{party.code}/council" for party in agreement.parties],
        "pending-councils": [f"{code}/council" for code in waiting],
    }
    return list(dict.fromkeys(function for group in to for function in groups[group]))


def secretariat(standing: Standing) -> list[str]:
    """The secretariat's mailboxes: region and municipalities together since 2022, the region alone before."""
    region = standing.agreement.region
    sides = ["region", "municipal"] if standing.agreement.regime.secretariat == "joint" else ["region"]
    return [f"{region}/secretariat-{side}" for side in sides]
