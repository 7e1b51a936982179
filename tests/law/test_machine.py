"""The lifecycle walked at random by somebody who tries everything, through the services, on a real database.

Whatever was accepted or refused on the way, what must never be is asked after every step.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, currently_in_test_context, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlmodel import col

from tests.story.living import danish, inside, post, rules
from workflow.errors import Refused
from workflow.rules.facts import Fact, live
from workflow.rules.story import in_order
from workflow.services.due.dates import dated
from workflow.services.facts.agreements import Recorded, open_agreement, record
from workflow.services.planning.reminders import plan
from workflow.storage.database import connect, reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.deadlinerows import as_row
from workflow.storage.facts.documents import Attached
from workflow.storage.tables import DeadlineRow

KEY = "nordjylland/2024-2027"
FIRST = date(2022, 10, 3)
STATUS_DATES = ("midterm-order", "midterm-guidance", "final-order", "final-guidance")
YES = ("council-approved", "council-remarks")
NO = ("council-rejected", "council-conditional")
TEXTS = (b"", b"teksten", b"en anden tekst")
STARTS = {  # the newest fact and version at each
    "opened": ("opened", 1),
    "concluded": ("submitted", 1),
    "corrected": ("correction", 1),
    "refused": ("sst-refused", 1),
    "revised": ("submitted", 2),
    "ended": ("regime-confirmed", 1),
}
OF_THE_END = ("regime-confirmed", "correction")  # written and taken back by an act of its own
DAYS = st.integers(0, 20)
SHIFT = st.sampled_from((0, 0, 0, 0, 0, 0, 1, -1))  # most often the version that is under way


class Lifecycle(RuleBasedStateMachine):
    template: Path  # a database that is at ``start`` on ``begun_on``; every walk has a copy
    start: str
    begun_on: date
    councils: list[str]

    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        shutil.copy(self.template, Path(self.folder.name) / "aftale.db")
        self.engine = connect(f"sqlite:///{self.folder.name}/aftale.db")
        self.today = self.begun_on
        assert (self.facts()[-1].event, self.number(0)) == STARTS[self.start]

    @classmethod
    def begin(cls, template: Path) -> None:
        """Bring the empty database ``template`` to the start, once for all walks."""
        first, cls.template = cls(), template
        first.engine = connect(f"sqlite:///{template}")
        first.today = FIRST
        opening = Fact(0, "opened", FIRST, by="test")
        standing = open_agreement(
            first.engine, rules(), opening, region="nordjylland", term="2022-2025", label="2024-2027",
            at=danish(FIRST, 9),
        )  # fmt: skip
        cls.councils = [party.code for party in standing.agreement.parties]
        first.go_to_the_start()
        cls.begun_on = first.today
        first.engine.dispose()

    def go_to_the_start(self) -> None:
        """To where walking at random would seldom come."""
        if self.start == "opened":
            return
        self.today = date(2023, 10, 2)
        self.straight_road(0, (b"", b""), None)
        match self.start:
            case "corrected":
                self.correct(0)
            case "refused":
                self.answer(0, yes=False, days=200)
            case "revised":
                self.revise(1, 200, answered=True, concluded=True)
            case "ended":
                self.today = date(2023, 12, 4)
                self.law_ends(date(2026, 1, 1))

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.engine.dispose()
            self.folder.cleanup()

    def tell(self, event: str, ago: int = 0, text: bytes = b"", **more: object) -> Recorded | None:
        """Try it; refused, the journal is as it was and the refusal says why."""
        fact = replace(Fact(0, event, self.today - timedelta(days=ago), source="Brev", by="test"), **more)  # type: ignore[arg-type]
        attached = Attached("aftale.pdf", text) if text else None
        before = self.head()
        try:
            done = (inside if event in OF_THE_END else record)(
                self.engine, rules(), KEY, fact, today=self.today, at=danish(self.today, 9), attached=attached
            )
        except Refused as refusal:
            assert self.head() == before
            assert len(str(refusal)) > 20, "a refusal says why"
            return None
        if currently_in_test_context():
            note(f"{self.today}: {done.fact}")
        self.moves_no_status_date(done)
        return done

    def head(self) -> tuple[str, int]:
        """The journal's newest digest and its length."""
        with reading(self.engine) as session:
            row = journal.find(session, KEY)
            return row.head, row.fact_count

    def facts(self) -> list[Fact]:
        with reading(self.engine) as session:
            return journal.facts(session, journal.find(session, KEY))

    def number(self, shift: int) -> int:
        """The newest version's number, shifted."""
        with reading(self.engine) as session:
            return max((journal.find(session, KEY).version or 1) + shift, 1)

    @rule(days=st.integers(1, 120))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(handed_over=st.booleans())
    def morning(self, handed_over: bool) -> None:
        plan(self.engine, rules(), danish(self.today, 9))
        if handed_over:
            post(self.engine)

    @rule(shift=SHIFT, ago=DAYS, closes=st.integers(5, 60))
    def prepare(self, shift: int, ago: int, closes: int) -> None:
        self.tell("piu-meeting-held", ago)
        self.tell("drafting-opened", ago, version=self.number(shift))
        self.tell("goals-set", ago)
        closes_on = self.today + timedelta(days=closes)
        self.tell("consultation-opened", version=self.number(shift), due=closes_on, time="12:00")

    @rule(shift=SHIFT, ago=DAYS, text=st.sampled_from(TEXTS))
    def send(self, shift: int, ago: int, text: bytes) -> None:
        self.tell("sent-for-approval", ago, text, version=self.number(shift))

    @rule(
        shift=SHIFT,
        ago=DAYS,
        which=st.integers(0, 11),
        event=st.sampled_from((*YES, *NO, "council-postponed")),
    )
    def one_council(self, shift: int, ago: int, which: int, event: str) -> None:
        self.tell(event, ago, version=self.number(shift), council=self.councils[which])

    @rule(shift=SHIFT, skip=st.sampled_from((None, None, None, 0, 7)))
    def the_councils(self, shift: int, skip: int | None) -> None:
        for number, council in enumerate(self.councils):
            if number != skip:
                self.tell("council-approved", version=self.number(shift), council=council)

    @rule(
        shift=st.sampled_from((0, 1)), texts=st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)),
        skip=st.sampled_from((None, None, None, None, 3)),
    )  # fmt: skip
    def straight_road(self, shift: int, texts: tuple[bytes, bytes], skip: int | None) -> None:
        """A text to the councils and on to the authority, now and then without a council or with another text."""
        version = self.number(shift)
        self.tell("sent-for-approval", text=texts[0], version=version)
        self.the_councils(version - self.number(0), skip)
        self.today += timedelta(days=3)
        self.tell("submitted", text=texts[1], version=version)

    @rule(shift=SHIFT, ago=DAYS, text=st.sampled_from(TEXTS))
    def submit(self, shift: int, ago: int, text: bytes) -> None:
        self.tell("submitted", ago, text, version=self.number(shift))

    @rule(
        shift=SHIFT,
        event=st.sampled_from(("received", "info-requested", "refusal-discussed", "withdrawn")),
    )
    def at_the_authority(self, shift: int, event: str) -> None:
        self.tell(event, version=self.number(shift))

    @rule(shift=SHIFT, yes=st.booleans(), days=st.integers(30, 300))
    def answer(self, shift: int, yes: bool, days: int) -> None:
        if yes:
            self.tell("sst-approved", version=self.number(shift))
        else:
            self.tell("sst-refused", version=self.number(shift), due=self.today + timedelta(days=days))

    @rule(
        shift=st.sampled_from((1, 1, 0)), days=st.integers(-100, 700), answered=st.booleans(), concluded=st.booleans()
    )  # fmt: skip
    def revise(self, shift: int, days: int, answered: bool, concluded: bool) -> None:
        if answered:  # else most revisions are refused: the text before is still with the authority
            self.tell("sst-approved", version=self.number(0))
        version = self.number(shift)
        if not self.tell("revision-opened", version=version):
            return
        self.tell("effective", version=version, due=self.today + timedelta(days=days))
        if concluded:
            self.straight_road(0, (b"", b""), None)

    @rule(event=st.sampled_from(("effective", "nominal-end", "deviation")), days=st.integers(0, 1500))
    def a_date(self, event: str, days: int) -> None:
        self.tell(event, due=self.today + timedelta(days=days))

    @rule(event=st.sampled_from(("midterm-sent", "final-sent", "annual-review-held")))
    def report(self, event: str) -> None:
        self.tell(event)

    @rule(ends_on=st.sampled_from((date(2026, 1, 1), date(2027, 1, 1), date(2025, 7, 1))))
    def law_ends(self, ends_on: date) -> None:
        if self.today > date(2023, 12, 1):
            self.tell("regime-confirmed", due=ends_on)

    @rule(back=st.integers(0, 15))
    def correct(self, back: int) -> None:
        number = len(self.facts()) - back
        if number > 1:
            self.tell("correction", corrects=number)

    def moves_no_status_date(self, done: Recorded) -> None:
        """A revision, whatever is told of it, leaves the midterm and final dates where they were."""
        submitted = [version.number for version in done.before.course.versions if version.submitted_on]
        if submitted and (done.fact.version or 0) > min(submitted):
            for rule_id in STATUS_DATES:
                was, now = done.before.deadline(rule_id), done.after.deadline(rule_id)
                assert (was and was.legal_on) == (now and now.legal_on), f"{done.fact} moved {rule_id}"

    @invariant()
    def nothing_is_submitted_without_every_council_on_that_very_text(self) -> None:
        known = in_order(live(self.facts(), date.max)) if hasattr(self, "engine") else []
        for place, fact in enumerate(known):
            if fact.event == "submitted":
                assert set(self.yes(known[:place], fact.version)) == set(self.councils), fact
                sent = [
                    f.document for f in known if f.event == "sent-for-approval" and f.version == fact.version
                ]
                assert fact.document in ("", *sent) or sent == [""], fact
                assert fact.document in ("", *(hashlib.sha256(text).hexdigest() for text in TEXTS))

    def yes(self, before: list[Fact], version: int | None) -> Iterator[str]:
        """Councils whose last word on this version, since it was sent, was an unconditional yes."""
        last: dict[str, str] = {}
        for fact in before:
            if fact.version == version and fact.event == "sent-for-approval":
                last.clear()
            elif fact.version == version and fact.council and fact.event.startswith("council-"):
                last[fact.council] = fact.event
        return (council for council, event in last.items() if event in YES)

    @invariant()
    def nothing_is_overdue_under_a_law_that_has_ended(self) -> None:
        if not hasattr(self, "engine") or not any(fact.event == "regime-confirmed" for fact in self.facts()):
            return
        with reading(self.engine) as session:
            row = journal.find(session, KEY)
            for as_of in (self.today, self.today + timedelta(days=500), date(2031, 1, 1)):
                standing = projection.load(session, rules(), row, as_of)
                ended = standing.course.law_ended
                for deadline in standing.deadlines:
                    if ended and deadline.status == "overdue":
                        assert as_of < ended.value and deadline.legal_on and deadline.legal_on < ended.value
                if ended and as_of >= ended.value:
                    assert standing.course.period == "rules_ended"

    @invariant()
    def what_is_stored_is_what_the_journal_says(self) -> None:
        if not hasattr(self, "engine"):
            return
        with reading(self.engine) as session:
            row = journal.find(session, KEY)
            assert journal.verify(session, row) is None
            rebuilt = projection.load(session, rules(), row, row.projected_on)
            query = (
                select(DeadlineRow)
                .where(col(DeadlineRow.agreement_id) == row.id)
                .order_by(col(DeadlineRow.id))
            )
            stored = [kept.model_dump(exclude={"id"}) for kept in session.scalars(query)]
            assert stored == [as_row(row.id, deadline) for deadline in dated(rebuilt, rules())]
            current = rebuilt.course.current
            assert row.version_state == (current.state if current else "draft")
            assert (row.version, row.period_state) == (
                current.number if current else None,
                rebuilt.course.period,
            )


@pytest.mark.torture
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("start", STARTS)
def test_whatever_is_tried_the_law_holds(
    tmp_path: Path, sqlite_template: Path, torture: bool, start: str
) -> None:
    """Three walks from each start; with ``make torture`` many more, and new ones each time."""
    machine = type("Machine", (Lifecycle,), {"start": start})
    machine.begin(shutil.copy(sqlite_template, tmp_path / "begun.db"))
    walks = settings(
        max_examples=170 if torture else 3, derandomize=not torture, stateful_step_count=30,
        suppress_health_check=list(HealthCheck), deadline=None,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=walks)
