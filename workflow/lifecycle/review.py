"""The annual review of one calendar year (law.md 3e; O-56).

due               The year is running. If nobody holds it: reminded 90 and 30 days before the year ends.
held              SSU has read the agreement with the clusters.
no_revision       It concluded that nothing changes.
revision_needed   It concluded that a revision is needed: a new version.
missed            The year ended without one.
"""

from __future__ import annotations

from workflow.lifecycle.machine import Row, Table

REVIEW = Table(
    "årlig gennemgang",
    {
        "due": "forestår",
        "held": "holdt",
        "no_revision": "holdt, ingen revision",
        "revision_needed": "holdt, revision besluttet",
        "missed": "ikke holdt",
    },
    "due",
    [
        Row("annual-review-held", ("due", "missed"), "held"),
        Row("no-revision", ("held",), "no_revision"),
        Row("revision-opened", ("held",), "revision_needed"),
        Row("year-ended", ("due",), "missed"),
    ],
)
