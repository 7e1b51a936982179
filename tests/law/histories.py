"""Random legal histories of an agreement, under every regime: seeded, so that a failure can be told by its number."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.story.living import rules
from workflow.lifecycle.following import walk
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact
from workflow.rules.story import tell
from workflow.rules.tacit import heard
from workflow.storage.tables import AgreementRow

KINDS = [  # region, term, municipality, the earliest and the latest day on which it is opened
    ("nordjylland", "2010-2013", "0851", date(2010, 1, 4), date(2010, 9, 1)),
    ("nordjylland", "2014-2017", None, date(2014, 1, 6), date(2014, 9, 1)),
    ("syddanmark", "2018-2021", None, date(2018, 6, 11), date(2019, 1, 7)),
    ("nordjylland", "2018-2021", None, date(2018, 6, 11), date(2019, 1, 7)),
    ("nordjylland", "2022-2025", None, date(2022, 9, 12), date(2023, 3, 1)),
    ("sjaelland", "2022-2025", None, date(2022, 9, 12), date(2023, 3, 1)),
    ("nordjylland", "2026-2029", None, date(2026, 1, 5), date(2026, 10, 1)),
]


@dataclass
class History:
    """Facts in the order they happened, not yet numbered. ``voids`` maps a correction's place to what it corrects."""

    agreement: Agreement
    opened_on: date
    dice: random.Random
    today: date
    facts: list[Fact] = field(default_factory=list)
    voids: dict[int, int] = field(default_factory=dict)

    def often(self, chance: float = 0.5) -> bool:
        return self.dice.random() < chance

    def pause(self, most: int) -> date:
        """A later day: two facts that set the same date are never learnt on one day, where the later typed holds."""
        self.today += timedelta(days=self.dice.randint(1, most))
        return self.today

    def later(self, least: int, most: int) -> date:
        return self.today + timedelta(days=self.dice.randint(least, most))

    def tell(self, event: str, **more: object) -> int:
        fact = Fact(0, event, self.today, source=f"Kilde {len(self.facts)}", by="test", known_on=self.today)
        self.facts.append(replace(fact, **more))  # type: ignore[arg-type]
        return len(self.facts) - 1

    def row(self) -> AgreementRow:
        """The agreement as it is kept, before any fact."""
        own = self.agreement
        of_one = own.regime.parties != "all-councils" and len(own.parties) == 2
        return AgreementRow(
            region=own.region, label=own.label, term=own.term.label, regime=own.regime.id,
            unit=next((party.code for party in own.parties if not party.regional), None) if of_one else None,
            projected_on=self.opened_on, wake_on=self.opened_on,
        )  # fmt: skip

    def numbered(self, typing: list[int] | None = None) -> list[Fact]:
        """The facts with their numbers, as if typed in this order of places."""
        order = typing or list(range(len(self.facts)))
        number = {place: no for no, place in enumerate(order, start=1)}
        return [
            replace(
                self.facts[place], no=no, corrects=number[self.voids[place]] if place in self.voids else None
            )
            for place, no in number.items()
        ]

    def shuffled(self) -> list[Fact]:
        """Typed in some other order; a correction can only come after what it corrects."""
        order = list(range(len(self.facts)))
        self.dice.shuffle(order)
        for correction, wrong in self.voids.items():
            if order.index(correction) < order.index(wrong):
                i, j = order.index(correction), order.index(wrong)
                order[i], order[j] = order[j], order[i]
        return self.numbered(order)


def history(seed: int) -> History:
    """History number ``seed``; the lifecycle has been walked with it, so it is legal."""
    dice = random.Random(seed)
    region, term, municipality, first, last = dice.choice(KINDS)
    opened_on = first + timedelta(days=dice.randint(0, (last - first).days))
    agreement = rules().agreement(region, "x", term, opened_on, municipality)
    told = History(agreement, opened_on, dice, opened_on)
    told.tell("opened", known_on=None)
    _dates(told)
    _prepare(told)
    for version in range(1, dice.randint(1, 3) + 1):
        if not _round(told, version):
            break
        if told.often(0.3):
            _dates(told)
    if tell(told.numbered(), date.max).named("submitted"):
        _in_force(told)
    walk(agreement, told.numbered(), rules().law)
    return told


def _dates(told: History) -> None:
    """What is agreed or decided about dates, sometimes changed, sometimes taken back."""
    start = told.agreement.term.starts_on + timedelta(days=730)
    if told.often(0.7):
        told.pause(30)
        told.tell("effective", due=start + timedelta(days=told.dice.randint(-60, 400)))
    if told.often(0.7):
        told.pause(30)
        told.tell("nominal-end", due=start + timedelta(days=told.dice.randint(1000, 1900)))
    if told.agreement.regime.cite("deviation") and told.often(0.6):
        told.pause(60)
        place = told.tell("deviation", due=told.later(30, 400))
        if told.often(0.2):
            told.pause(10)
            told.voids[told.tell("correction")] = place


def _prepare(told: History) -> None:
    told.pause(60)
    if told.often(0.7):
        told.tell("piu-meeting-held")
        told.pause(20)
        told.tell("drafting-opened", version=1)
    if told.often(0.5):
        told.pause(20)
        told.tell("goals-set")
        told.pause(20)
        told.tell("consultation-opened", version=1, due=told.later(10, 60), time="12:00")
        told.pause(90)
        if told.facts[-1].due and told.today <= told.facts[-1].due:
            told.tell("consultation-closed", version=1)
            told.pause(5)
        if told.often(0.5):
            told.tell("endorsed", version=1)


def _round(told: History, version: int) -> bool:
    """One text to the councils and to the authority; whether another may follow."""
    submitted = bool(tell(told.numbered(), date.max).named("submitted"))
    told.pause(60)
    if submitted and told.facts[-1].event == "sst-approved":
        told.tell("revision-opened", version=version)
        told.pause(30)
    told.tell("sent-for-approval", version=version, due=told.later(30, 120) if told.often() else None)
    councils = [party.code for party in told.agreement.parties]
    told.dice.shuffle(councils)
    if told.often(0.15):  # the text is given up; the next one starts anew
        for code in councils[: len(councils) // 2]:
            told.tell("council-approved", version=version, council=code)
        return True
    for code in councils:
        if told.often(0.3):
            told.pause(10)
        _one_council(told, version, code)
    told.pause(30)
    told.tell("submitted", version=version)
    if told.often(0.1):  # taken back before the authority answers: the next text starts anew
        told.pause(20)
        told.tell("withdrawn", version=version)
        return True
    if told.often(0.7):
        told.pause(15)
        told.tell("received", version=version, due=told.later(-1, 0) if told.often(0.2) else None)
    if told.often(0.2):
        told.pause(20)
        told.tell("info-requested", version=version)
        told.pause(20)
        told.tell("info-supplied", version=version)
    if told.often(0.2):
        told.pause(20)
        told.tell("refusal-discussed", version=version)
    told.pause(50)
    match told.dice.randint(0, 3):
        case 0:
            return False  # no answer yet
        case 1 if not _silence_spoke(told, version):
            told.tell("sst-refused", version=version, due=told.later(60, 200))
        case _:
            told.tell("sst-approved", version=version)
    return True


def _silence_spoke(told: History, version: int) -> bool:
    """Whether no refusal can come any more: the authority's last day has passed, and that approved the text."""
    story = tell(told.numbered(), date.max)
    return heard(told.agreement, rules().law, story, told.today).silence(version) is not None


def _one_council(told: History, version: int, code: str) -> None:
    if told.often(0.1):
        told.tell("council-scheduled", version=version, council=code, due=told.later(1, 20))
        told.pause(5)
    if told.often(0.07):
        told.tell(
            told.dice.choice(("council-conditional", "council-rejected")), version=version, council=code
        )
        told.pause(5)
    told.tell(
        told.dice.choice(("council-approved", "council-approved", "council-remarks")),
        version=version,
        council=code,
    )
    if told.often(0.05):
        told.tell("evidence", version=version, council=code)


def _in_force(told: History) -> None:
    reports = told.agreement.regime.rule("midterm-order") is not None
    for year in range(told.dice.randint(0, 4)):
        told.pause(300)
        place = told.tell("annual-review-held")
        if told.often(0.15):
            told.pause(10)
            told.voids[told.tell("correction")] = place
        if year == 1 and reports and told.often(0.8):
            told.pause(60)
            if told.often():
                told.tell("status-adopted", about="midterm")
                told.pause(60)
            told.tell("midterm-sent")
    if any(fact.event == "midterm-sent" for fact in told.facts) and told.often(0.5):
        told.pause(400)
        told.tell("final-sent")
    if told.often(0.3):
        told.pause(200)
        told.tell("meeting-held", about="ssu")
