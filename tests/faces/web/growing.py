"""A demo that grows to a hundred thousand deadlines, and what is asked of it."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlmodel import col

from tests.faces.conftest import MORNING
from workflow.faces.daemon.workplace import Workplace
from workflow.storage.database import writing
from workflow.storage.tables import AgreementRow, DeadlineRow, FactRow, Notice

AGREEMENTS = 14_000  # of seven deadlines each, and one notice
PATHS = [
    "/api/v1/agreements?limit=5",
    "/api/v1/agreements?limit=5&cursor=bm9yZGp5bGxhbmQvMjAyNC0yMDI3",
    "/api/v1/agreements?limit=5&region=syddanmark",
    "/api/v1/deadlines?limit=5",
    "/api/v1/deadlines?limit=5&earliest=2199-01-01",  # none, and no answer reads them all to find that out
    "/api/v1/agreements/nordjylland/2024-2027",
    "/api/v1/agreements/nordjylland/2024-2027/deadlines/submission/why",
    "/api/v1/agreements/nordjylland/2024-2027/facts?limit=5",
    "/api/v1/notices?limit=5",
    "/api/v1/notices?limit=5&agreement=nordjylland/2024-2027",
    "/api/v1/agreements/nordjylland/not-here",
]


def filled(place: Workplace, ids: range) -> None:
    """Many more agreements, deadlines and notices, like one that is there."""
    with writing(place.engine) as session:
        like = session.scalars(select(AgreementRow).where(col(AgreementRow.label) == "2027-2031")).first()
        assert like is not None
        opened = session.scalars(select(FactRow).where(col(FactRow.agreement_id) == like.id)).first()
        deadlines = session.scalars(select(DeadlineRow).where(col(DeadlineRow.agreement_id) == like.id)).all()
        assert opened is not None and len(deadlines) == 7
        session.execute(
            insert(AgreementRow),
            [like.model_dump() | {"id": n, "label": f"kopi-{n}", "wake_on": MORNING.date()} for n in ids],
        )
        session.execute(
            insert(FactRow),
            [opened.model_dump() | {"id": n, "agreement_id": n, "document": None} for n in ids],
        )
        for deadline in deadlines:
            session.execute(
                insert(DeadlineRow),
                [deadline.model_dump(exclude={"id"}) | {"agreement_id": n} for n in ids],
            )
        notice = Notice(key="", agreement_id=0, letter="annual-review", recipient="0851/council", facts="{}",
                        due_on=MORNING.date(), planned_at=MORNING, next_at=MORNING)  # fmt: skip
        session.execute(
            insert(Notice),
            [notice.model_dump(exclude={"id"}) | {"key": f"k{n}", "agreement_id": n} for n in ids],
        )
