"""That a region ends and another takes over: a day of the law, told before it comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from workflow.language import enumerated, full, phrase
from workflow.rules.anchors import Step
from workflow.rules.timeline import Deadline
from workflow.services.due.minimums import told_through
from workflow.services.due.prompt import asked
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

REGION_ENDS = "region-ends"
FORETOLD = timedelta(days=365)
"""How long before a region ends it is said of its agreements."""


def region_ends(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The last day of the agreement's region, where it ends within a year: of the one agreement that its committees are
    written to through, and whatever becomes of the agreement's rules meanwhile."""
    region = rulebook.region(standing.agreement.region)
    committee = standing.agreement.regime.cite("committee-term")
    if not (region.successor and region.valid_to and region.ends_by and committee and told_through(standing)):
        return
    if not region.valid_to - FORETOLD < standing.as_of <= region.valid_to:
        return
    heir = rulebook.region(region.successor).name
    names = enumerated([one.name for one in rulebook.ending_with(region)])
    values = {"regions": names, "heir": heir, "day": full(region.valid_to)}
    step = Step(
        phrase("%(regions)s ophører %(day)s; %(heir)s overtager opgaverne dagen efter", **values),
        region.valid_to,
        region.ends_by,
        "start",
    )
    title = phrase("%(regions)s ophører; %(heir)s overtager", regions=names, heir=heir)
    yield asked(
        standing, rulebook.days, REGION_ENDS, "", title, region.valid_to, step, duty="fact", sure=True
    )
