"""Every page about a round that no council decides on: a plan of a health council, by its own course."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.conftest import ROOT
from tests.faces.web.conftest import SignIn, plain
from tests.law.desk import day
from tests.law.ends.test_successor import EXAMPLE
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.settings import Settings

KEY = "nordjylland/vendsyssel-2027"
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGES = [
    "", "/raad", "/raad/ret", "/rundeplan", "/hvad-nu-hvis", "/log", "/maanedsrapport", "/sager", "/hoering", "/fortid",
    "/registrer", "/registrer/adopted", "/registrer/advice-received",
    "/frister/plan-draft", "/eksport/raad.csv", "/eksport/frister.csv",
]  # fmt: skip


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The demo, with the example of a plan among its rules."""
    folder = Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))
    shutil.copy(EXAMPLE, folder / "regimes")
    return settings.model_copy(update={"calendars": folder})


@pytest.fixture
def plan(place: Workplace) -> None:
    open_agreement(
        place.engine, place.rulebook, Fact(0, "opened", day("2026-11-20")), region="vendsyssel", term="2026-2029",
        label="2027", at=AT, regime="local-health-plan", effective=day("2027-01-01"),
    )  # fmt: skip
    for event, on in (("drafting-opened", "2026-11-20"), ("advice-asked", "2026-11-21")):
        record(
            place.engine,
            place.rulebook,
            KEY,
            Fact(0, event, day(on), source="brev"),
            today=day("2026-11-23"),
            at=AT,
        )


@pytest.mark.parametrize(
    "page",
    [
        *(f"/aftaler/{KEY}{one}" for one in PAGES),
        "/",
        "/aftaler",
        "/frister",
        "/soeg?q=vendsyssel",
        "/min-uge",
    ],
)
def test_every_page_about_a_plan_is_shown(plan: None, app: FastAPI, signed_in: SignIn, page: str) -> None:
    answer = signed_in("secretariat").get(page)
    assert answer.status_code == 200, plain(answer)[-1500:]


def test_a_plan_says_its_state_and_asks_no_council(plan: None, signed_in: SignIn) -> None:
    told = plain(signed_in("secretariat").get(f"/aftaler/{KEY}"))
    assert "rådgivning afventes" in told
    assert "0 af" not in told and "sendt til rådene" not in told
    offered = plain(signed_in("secretariat", region="nordjylland").get(f"/aftaler/{KEY}/registrer"))
    assert "Vedtaget" in offered
    assert "Godkendt i rådet" not in offered
