"""The ground of the long tests that send letters of their own: an agreement the planner has nothing to say about."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, update

from tests.post import AT
from tests.story.living import rules
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_in
from workflow.services.law.changing import take_in
from workflow.storage.database import connect, writing
from workflow.storage.tables import AgreementRow


def quiet_ground(url: str) -> Engine:
    """The database at ``url`` with that agreement and no letter."""
    engine = connect(url)
    opened = Fact(0, "opened", date(2023, 1, 2), source="test", by="test")
    with writing(engine) as session:
        open_in(
            session, rules(), opened, region="nordjylland", term="2022-2025", label="2024-2027", at=AT,
            effective=date(2024, 1, 1), asking=False,
        )  # fmt: skip
    take_in(engine, rules(), AT)
    with writing(engine) as session:
        session.execute(update(AgreementRow).values(wake_on=date(2099, 1, 1)))
    return engine
