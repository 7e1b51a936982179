"""One council's decision on one version (law.md 3c). It belongs to that exact text.

not_sent                The council has no text. In: the version is begun. Out: the text is sent. If nobody sends it:
                        the submission countdown goes on.
pending                 It has the text; no meeting date known. In: the text is sent. Out: a meeting date, or its
                        decision. If nobody moves: reminders up to the reply date, then weekly.
scheduled               The meeting date is known. In: the council sets or moves it. Out: its decision, or postponed.
                        If nobody moves: reminders go on; the day alone decides nothing.
approved                An unconditional yes; counts. In: the council decides. Out: its evidence, or taken back before
                        submission. If nobody moves: it stands.
approved_with_remarks   A yes with remarks that change nothing; counts. In: the council decides. Out: as approved. If
                        nobody moves: it stands.
conditional             A yes if something changes; does not count and blocks the version. In: the council decides.
                        Out: it takes the text again, or a new version. If nobody moves: weekly reminders; nothing is
                        submitted.
postponed               Put off. In: the council does. Out: a new meeting date, or its decision. If nobody moves:
                        reminders up to the reply date, then weekly.
rejected                No; blocks the version, and there is no majority override. In: the council decides, or takes
                        its yes back. Out: it takes the text again, or a new version. If nobody moves: as conditional.
evidence_received       The written assent or the minutes are here; counts. In: they arrive. Out: taken back before
                        submission. If nobody moves: it stands.
reset                   The text changed. In: a new version took its place. Out: that version is sent. If nobody sends
                        it: the council has decided nothing.
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
