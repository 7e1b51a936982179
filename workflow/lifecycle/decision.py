"""One council's decision on one version (law.md 3c). It belongs to that exact text.

not_sent                The text has not been sent to the council.
pending                 Sent; no meeting date known. If nobody moves: reminders up to the reply date, then weekly.
scheduled               The meeting date is known. Out: the council's decision, or postponed.
approved                An unconditional yes. Counts. May be taken back before submission, not after.
approved_with_remarks   A yes with remarks that change nothing. Counts.
conditional             A yes if something changes. Does not count; the version is blocked.
postponed               Put off. Out: a new meeting date.
rejected                No. The version is blocked; there is no majority override.
evidence_received       The written assent or the minutes are here. Counts.
reset                   The text changed; the council must decide anew.
"""

from __future__ import annotations

from workflow.lifecycle.machine import Row, Table

UNDECIDED = ("pending", "scheduled", "postponed")
AGAINST = ("rejected", "conditional")
COUNTS = ("approved", "approved_with_remarks", "evidence_received")

DECISION = Table(
    "beslutning",
    {
        "not_sent": "ikke sendt",
        "pending": "afventer",
        "scheduled": "på dagsorden",
        "approved": "godkendt",
        "approved_with_remarks": "godkendt med bemærkninger",
        "conditional": "godkendt med forbehold",
        "postponed": "udsat",
        "rejected": "forkastet",
        "evidence_received": "godkendt, bekræftet skriftligt",
        "reset": "skal tages op igen",
    },
    "not_sent",
    [
        Row("sent-for-approval", ("not_sent", "reset"), "pending"),
        Row("council-scheduled", (*UNDECIDED, *AGAINST), "scheduled"),
        Row("council-approved", (*UNDECIDED, *AGAINST), "approved"),
        Row("council-remarks", (*UNDECIDED, *AGAINST), "approved_with_remarks"),
        Row("council-conditional", UNDECIDED, "conditional"),
        Row("council-postponed", ("pending", "scheduled"), "postponed"),
        Row("council-rejected", (*UNDECIDED, *COUNTS, "conditional"), "rejected"),
        Row("evidence", ("approved", "approved_with_remarks"), "evidence_received"),
        Row("text-changed", (*UNDECIDED, *AGAINST, *COUNTS), "reset"),
    ],
)
