"""What the API tells of an agreement. The same words as ``aftale ... --json``; dates are Danish civil dates."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from workflow.faces.web.api.told import Told

DeadlineStatus = Literal[
    "upcoming", "overdue", "met", "met_late", "lapsed", "breached", "waived", "undated", "passed"
]
Basis = Literal["law", "guidance", "agreed", "practice"]


class Named(Told):
    """Which agreement is spoken of, and whose round it is: a region's id, a municipality's code, a health council's or
    a group's id."""

    agreement: str = Field(examples=["nordjylland/2024-2027"])
    unit: str = Field(examples=["nordjylland", "0851", "vendsyssel"])
    unit_name: str = Field(examples=["Region Nordjylland", "Aalborg Kommune", "Sundhedsråd Vendsyssel"])


class Deadline(Named):
    """One date and what is to be done by it. ``legal_on`` is the law's or the agreed day (see ``basis``) and is never
    moved for a weekend; ``aim_on`` is the last business day on or before it; ``original_on`` the date before it was
    moved; ``revision`` counts its dates."""

    id: str = Field(examples=["submission"])
    subject: str = Field(examples=["", "2025"])
    title: str = Field(examples=["Indsendelse af aftalen"])
    duty: str = Field(
        description="What binds: shall, shall-guidance, should (advice), agreed, fact (comes by itself), or none (no "
        "law sets a day).",
        examples=["shall"],
    )
    basis: Basis = Field(description="What the date rests on.")
    basis_text: str = Field(description="The same in Danish.", examples=["lov"])
    who: str = Field(examples=["regional-council"])
    legal_on: date | None = Field(examples=["2023-07-01"])
    aim_on: date | None = Field(examples=["2023-06-30"])
    original_on: date | None = Field(examples=[None])
    status: DeadlineStatus
    met_on: date | None = Field(examples=[None])
    revision: int = Field(ge=0)
    latest_on: date | None = Field(
        description="Where the law can be read in two ways: the last day on which it can be called in time; nothing is "
        "overdue before. Null where legal_on is."
    )
    latest_gone: bool = Field(
        description="By the second reading (latest_on) the rules are gone on the day, and so is the duty."
    )
    doubtful: bool = Field(
        description="Which day the rule ended is open: a duty still to be done may have lost it, a lapsed one has "
        "lost it under every candidate."
    )
    cite: list[str] = Field(examples=[["BEK 1248/2022 § 21, stk. 1"]])


class Step(Told):
    """One step of why a date is what it is. ``kind``: start sets the date, add moves it by ``span``, strict takes
    one day off, moved replaces it, aim, judged and note leave it: the date can be recomputed from the steps."""

    text: str = Field(examples=["Fristen er lørdag den 1. juli 2023."])
    on: date | None
    cite: str = Field(examples=["BEK 1248/2022 § 21, stk. 1"])
    kind: str = Field(examples=["start"])
    span: str = Field(examples=["", "+8w"])


class Why(Deadline):
    """A deadline with every step that led to its date."""

    why: list[Step]


class Version(Told):
    """One text of the agreement. ``document`` is the SHA-256 of the text where it was given."""

    number: int = Field(ge=1)
    state: str = Field(examples=["in_council_approval"])
    state_text: str = Field(examples=["til godkendelse i rådene"])
    revision: bool = Field(description="A text made while the agreement was in force.")
    document: str | None
    closes_on: date | None = Field(description="The day its hearing closes.")
    closes_at: str | None = Field(description="The Danish clock time it closes.", examples=["12:00"])
    sent_on: date | None = Field(description="The day it went to the councils.")
    reply_by: date | None
    submitted_on: date | None
    received_on: date | None
    answered_on: date | None = Field(
        description="The day of the authority's answer; where tacit, the last day it had for one."
    )
    tacit: bool = Field(description="Approved by the authority's silence.")


class Council(Told):
    """A council that must approve, and its decision on one text. ``on`` is the day it was made."""

    code: str = Field(examples=["0851"])
    name: str = Field(examples=["Aalborg Kommune"])
    state: str = Field(examples=["approved"])
    state_text: str = Field(examples=["godkendt"])
    version: int | None
    on: date | None
    meets_on: date | None = Field(description="The day of the council's meeting, where it is known.")


class Need(Told):
    """Something that stands in the way: ``who`` can clear it, a council's code or a body."""

    text: str
    cite: str
    who: str


class Ends(Told):
    """When the rules behind the agreement end: one confirmed day, or candidates."""

    confirmed_on: date | None
    candidates: list[date]
    certainty: str
    cite: str


class Newest(Told):
    """The newest text and its state."""

    number: int | None
    state: str = Field(examples=["sst_approved"])
    late: bool = Field(description="Submitted after the date.")


class Reports(Told):
    """Where the two status reports stand."""

    midterm: str
    final: str


class Binding(Told):
    """The text that binds the parties."""

    number: int
    state: str = Field(examples=["sst_approved"])


class Summary(Named):
    """Where an agreement stands."""

    region: str = Field(examples=["nordjylland"])
    term: str = Field(examples=["2022-2025"])
    regime: str = Field(examples=["bek-1248-2022"])
    as_of: date
    version: Newest
    binding: Binding | None = Field(
        description="The text in force, also while a revision of it is on its way."
    )
    period: str = Field(examples=["in_force"])
    effective_on: date | None
    nominal_end: date | None = Field(
        description="The first day after the agreed end.", examples=["2028-01-01"]
    )
    next: Deadline | None = Field(description="The deadline to look at first.")
    overdue: list[str]


class Mark(Told):
    """A rule that a step broke. It happened all the same, and that stays for the agreement's life."""

    fact: int = Field(description="The number of the step in the journal.")
    event: str = Field(examples=["drafting-opened"])
    on: date
    need: str = Field(examples=["piu-meeting"])
    text: str
    cite: str
    who: str


class Missed(Told):
    """A year's least number of meetings that was not reached: it stays for the agreement's life."""

    subject: str = Field(description="The body, and the year.", examples=["ssu@2025"])
    title: str
    status: DeadlineStatus = Field(description="passed; breached where the rules have ended since.")
    doubtful: bool = Field(description="Whether the rule still held on the year's last day is open.")
    cite: str


class Agreement(Summary):
    """An agreement with what blocks it, its councils and its reports."""

    nominal_end_source: str | None
    regime_ends: Ends | None
    blocked_by: list[Need]
    councils: list[Council]
    reports: Reports
    reviews: dict[str, str] = Field(
        description="The state of each year's review.", examples=[{"2025": "overdue"}]
    )
    marks: list[Mark]
    missed: list[Missed]


class Missing(Need):
    """One thing that is missing. A warning stops nothing."""

    need: str = Field(examples=["approval"])


class Readiness(Named):
    """What stands between here and submission; afterwards, the final status. ``none``: nothing is to be sent now."""

    as_of: date
    regime: str = Field(examples=["bek-1248-2022"])
    version: int | None = Field(description="The number of the newest text.")
    parties: list[str] = Field(description="The councils that must approve.", examples=[["0851"]])
    for_: Literal["submission", "final", "none"] = Field(validation_alias="for", serialization_alias="for")
    ready: bool
    missing: list[Missing]
    warnings: list[Missing]
    marks: list[Mark]
    missed: list[Missed]


class PlannedStep(Told):
    """One step of the round with the last day that holds and the day that is comfortable; null where nobody can say."""

    id: str = Field(examples=["dispatch"])
    title: str = Field(examples=["Teksten sendes til rådene"])
    latest_on: date | None
    preferred_on: date | None
    why: list[Step]


class PlannedCouncil(Told):
    """A council's last usable meeting, and what is left before it must begin. ``usable`` is null where its calendar is
    not known and it has not decided."""

    code: str = Field(examples=["0851"])
    name: str = Field(examples=["Aalborg Kommune"])
    last_meeting_on: date | None
    agenda_closes_on: date | None = Field(description="Where somebody has told it.")
    slack_days: int | None
    slack_meetings: int | None
    usable: bool | None


class Plan(Named):
    """The round planned backwards from its date through the councils' own meetings."""

    by: date
    by_why: list[Step]
    dispatch_by: date | None = Field(
        description="The last day to send the text so that every council can decide."
    )
    blocking: list[str] = Field(description="The councils that set that day.", examples=[["0851"]])
    steps: list[PlannedStep]
    councils: list[PlannedCouncil]
    colour: Literal["grøn", "gul", "rød"]
    text: str = Field(description="The colour's reason in Danish.")
    left: bool = Field(description="Whether a plan is left.")
