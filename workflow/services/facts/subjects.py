"""What an event can be about in one agreement: its bodies, its reports, the region's plans."""

from __future__ import annotations

from collections.abc import Sequence

from workflow.lifecycle.course import PUBLISHED, REPORTS
from workflow.lifecycle.review import OUTCOMES
from workflow.rules.agreement import Agreement
from workflow.rules.facts import DONE
from workflow.storage.law.rulebook import Rulebook

LEVELS = ("political", "professional")
PLANS = ("health", "hospital", "practice", "psychiatry")  # the region's plans the committee is heard on


def subjects(agreement: Agreement, rulebook: Rulebook, event: str) -> Sequence[str]:
    """What ``event`` can be about in this agreement; empty where it is about the agreement itself."""
    clusters = [cluster.id for cluster in rulebook.clusters_of(agreement.region)]
    match event:
        case "meeting-planned" | "meeting-held" | "constituted" | "chair-elected" | "rules-of-procedure":
            return ["ssu", "piu", *(f"{cluster}:{level}" for cluster in clusters for level in LEVELS)]
        case "reading-signed":
            return [f"{one.id}:{reading.id}" for one in rulebook.law.silences for reading in one.readings]
        case "cluster-input" | "cluster-dialogue" | "piu-seats-offered" | "piu-dialogue-invited":
            return clusters
        case "policy-received" | "policy-assessed":
            return clusters
        case "plan-hearing-opened" | "plan-hearing-answered":
            return PLANS
        case "annual-review-held":
            return OUTCOMES
        case "status-adopted" | "shared":
            return REPORTS
        case "duty-done":
            return [rule.id for rule in agreement.regime.deadlines if DONE in rule.met_by]
        case "published":
            return PUBLISHED
    return ()
