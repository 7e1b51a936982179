"""The agreement's text, version by version (law.md 3a).

draft                 SSU writes. In: drafting or a revision is opened, or the first step of a new number. Out:
                      hearing, endorsement or the councils. If nobody moves: the submission countdown goes on.
in_consultation       The hearing is open. In: SSU releases the draft, its goals in it. Out: the closing moment, or a
                      word that it closed. If nobody closes it: the clock does, the day after.
consultation_closed   Replies are dealt with. In: the hearing closed. Out: SSU endorses or sends; a rewritten text is
                      the next number. If nobody moves: the submission countdown goes on.
ssu_endorsed          SSU stands behind the text. In: SSU approves it. Out: it is sent to every council. If nobody
                      sends it: the submission countdown goes on.
in_council_approval   Every council has the same text. In: it is sent, or the council that was against takes it again.
                      Out: the last approval, or one council against. If a council stays silent: its secretary is
                      reminded; there is no majority and no tacit approval.
blocked               A council said no, or yes on conditions. In: that answer. Out: it takes the same text again, or
                      a new version. If nobody moves: its secretary is reminded weekly; nothing can be submitted.
fully_approved        All said yes to this text. In: the last yes. Out: the region submits, or a council takes its yes
                      back. If nobody submits: told at once and daily from three days before; then overdue.
submitted             The region sent it. In: the sending. Out: SST's receipt, or its answer. If no receipt is
                      recorded: asked for after five business days; SST's eight weeks run provisionally from the
                      sending.
received              SST has it. In: its receipt, or the information it wanted. Out: its answer, or a request. If SST
                      is silent: overdue at SST, never approved (except under BEK 778/2009).
info_requested        SST asked for more; the clock keeps running. In: its request. Out: the information, or SST's
                      answer. If nobody supplies it: reminded 14 and 7 days before SST's date.
refusal_discussed     SST has doubts. In: it raises them. Out: its decision, or a request. If SST is silent: as
                      received.
sst_approved          Approved in writing. In: SST's letter. Out: a later version is concluded. If nobody moves: it
                      stays; a revision is a new version.
sst_refused           Not approved. In: SST's letter with the defects and a date. Out: a new version, approved by all
                      councils again. If nobody moves: the countdown to SST's date, then overdue.
withdrawn             Taken back before SST's answer. In: who sent it says so. Out: a later version. If nobody moves:
                      it stays; the submission is still owed.
superseded            An end. In: a later version took its place. Out: nothing. If nobody moves: it stays as history.
lapsed                An end. In: the law behind it ended. Out: nothing. If nobody moves: it stays; nothing is
                      overdue.
"""

from __future__ import annotations

from typing import Protocol

from workflow.lifecycle.machine import Blocker, Row, Table


class Case(Protocol):
    """What the guards look at."""

    @property
    def missing(self) -> list[str]: ...
    @property
    def unanimity(self) -> str: ...
    @property
    def refuse(self) -> str: ...
    @property
    def names_date(self) -> bool: ...
    @property
    def goals(self) -> str: ...
    @property
    def has_goals(self) -> bool: ...
    @property
    def silence_approves(self) -> bool: ...


def everyone(case: Case) -> Blocker | None:
    """No submission without every council's unconditional yes to this exact text (O-30, O-31)."""
    if not case.missing:
        return None
    names = ", ".join(case.missing)
    return Blocker(
        f"alle råd skal have godkendt samme version; der mangler {names}", case.unanimity, "councils"
    )


def has_goals(case: Case) -> Blocker | None:
    """A draft goes into hearing with its common goals (O-22)."""
    if case.has_goals or not case.goals:
        return None
    return Blocker(
        "udkastet skal indeholde fælles mål, før det sendes i høring (goals-set)", case.goals, "ssu", "goals"
    )


def names_a_date(case: Case) -> Blocker | None:
    """A refusal must name the date for a changed agreement (O-45)."""
    return (
        None if case.names_date else Blocker("et afslag skal nævne den nye frist (--due)", case.refuse, "sst")
    )


def silence(case: Case) -> Blocker | None:
    """Silence approves only under BEK 778/2009 (trap 9)."""
    return None if case.silence_approves else Blocker("tavshed er ikke godkendelse", "", "sst")


AT_SST = ("submitted", "received", "info_requested", "refusal_discussed")
BEFORE_SST = ("in_council_approval", "blocked", "fully_approved")
LIVE = (
    "draft",
    "in_consultation",
    "consultation_closed",
    "ssu_endorsed",
    *BEFORE_SST,
    *AT_SST,
    "sst_refused",
)

VERSION = Table(
    "version",
    {
        "draft": "udkast",
        "in_consultation": "i høring",
        "consultation_closed": "høring afsluttet",
        "ssu_endorsed": "tiltrådt af udvalget",
        "in_council_approval": "til godkendelse i rådene",
        "blocked": "blokeret af et råd",
        "fully_approved": "godkendt af alle råd",
        "submitted": "indsendt",
        "received": "modtaget af Sundhedsstyrelsen",
        "info_requested": "oplysninger udbedt",
        "refusal_discussed": "afslag drøftes",
        "sst_approved": "godkendt af Sundhedsstyrelsen",
        "sst_refused": "ikke godkendt af Sundhedsstyrelsen",
        "withdrawn": "trukket tilbage",
        "superseded": "erstattet af en senere version",
        "lapsed": "standset, reglerne er ophævet",
    },
    "draft",
    [
        Row("consultation-opened", ("draft",), "in_consultation", mark=has_goals),
        Row("consultation-closed", ("in_consultation",), "consultation_closed"),
        Row("endorsed", ("draft", "consultation_closed"), "ssu_endorsed"),
        Row("sent-for-approval", ("draft", "consultation_closed", "ssu_endorsed"), "in_council_approval"),
        Row("council-against", BEFORE_SST, "blocked"),
        Row("council-reopened", ("blocked", "fully_approved"), "in_council_approval"),
        Row("all-approved", ("in_council_approval", "blocked"), "fully_approved", everyone),
        Row("submitted", ("in_council_approval", "blocked", "fully_approved"), "submitted", everyone),
        Row("received", ("submitted",), "received"),
        Row("info-requested", ("submitted", "received", "refusal_discussed"), "info_requested"),
        Row("info-supplied", ("info_requested",), "received"),
        Row("refusal-discussed", ("submitted", "received", "info_requested"), "refusal_discussed"),
        Row("sst-approved", AT_SST, "sst_approved"),
        Row("sst-silent", AT_SST, "sst_approved", silence),
        Row("sst-refused", AT_SST, "sst_refused", names_a_date),
        Row(
            "withdrawn",
            ("draft", "in_consultation", "consultation_closed", "ssu_endorsed", *BEFORE_SST, *AT_SST),
            "withdrawn",
        ),
        Row("superseded", (*BEFORE_SST, "sst_approved", "withdrawn"), "superseded"),
        Row("law-ended", LIVE, "lapsed"),
    ],
)
