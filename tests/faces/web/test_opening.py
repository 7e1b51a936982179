"""The site before it is built: whoever asks gets what the built site would say, or waits for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Aftale
from tests.faces.conftest import MORNING, guest
from tests.post import notices
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.opening import Opening
from workflow.faces.web.pagefiles import known_whole
from workflow.services.watch.heartbeat import beat

HEALTH = {"Host": "127.0.0.1:8025"}


@pytest.mark.parametrize("after", [None, timedelta(minutes=4), timedelta(minutes=6)], ids=str)
def test_before_the_site_is_there_healthz_is_answered_to_the_byte_as_it_answers(
    place: Workplace, after: timedelta | None
) -> None:
    if after:
        beat(place.engine, MORNING)
    opening = Opening(lambda: place, lambda: MORNING + (after or timedelta()))
    client: Any = guest(opening)  # type: ignore[arg-type]
    early = client.get("/healthz")
    assert opening.site is None
    assert client.get("/style.css").status_code == 200
    assert opening.site is not None
    late = client.get("/healthz")
    assert early.status_code == late.status_code == (200 if after == timedelta(minutes=4) else 503)
    assert (early.content, early.headers.raw) == (late.content, late.headers.raw)


@pytest.mark.parametrize("ask", [
    lambda client: client.get("/healthz", headers={"Host": "evil.example"}), lambda client: client.head("/healthz"),
    lambda client: client.get("/healthz?x=1"), lambda client: client.get("/healthz", headers={"Via": "1.1 proxy"}),
    lambda client: client.get("/healthz", headers={"Host": "127.0.0.1:x]"}),
])  # fmt: skip
def test_whatever_else_is_asked_waits_for_the_site(
    place: Workplace, client: Any, ask: Callable[[Any], Any]
) -> None:
    opening = Opening(lambda: place, lambda: MORNING)
    early, late = ask(guest(opening)), ask(client)  # type: ignore[arg-type]
    assert opening.site is not None
    assert (early.status_code, early.content) == (late.status_code, late.content)


@pytest.mark.parametrize("harm", [
    Path.unlink, lambda page: page.write_text("{% if %}"), lambda page: page.write_bytes(b"\xff"),
])  # fmt: skip
def test_pages_are_known_to_be_whole_once_a_site_was_built_of_them_and_never_when_one_differs(
    client: Any, tmp_path: Path, harm: Callable[[Path], Any]
) -> None:
    assert client.get("/style.css").status_code == 200
    assert known_whole(ROOT / "templates" / "pages")
    pages = shutil.copytree(ROOT / "templates" / "pages", tmp_path / "pages")
    harm(pages / "law" / "why.html")
    assert not known_whole(pages)


def test_while_the_database_is_away_the_site_waits_and_is_built_when_it_is_back(place: Workplace) -> None:
    opening = Opening(lambda: place, lambda: MORNING)
    client: Any = guest(opening)  # type: ignore[arg-type]
    file = place.settings.data_dir / "aftale.db"
    place.engine.dispose()
    file.rename(file.with_suffix(".away"))
    away = client.get("/")
    assert (away.status_code, opening.site) == (503, None)
    assert "Siden kan ikke vises lige nu" in away.text and away.headers["retry-after"] == "30"
    assert away.headers["cache-control"] == "no-store" and away.headers["x-frame-options"] == "DENY"
    file.with_suffix(".away").rename(file)
    assert client.get("/").status_code == 200


def test_a_broken_page_ends_the_daemon_before_anything_is_planned(
    tmp_path: Path, aftale: Aftale, place: Workplace
) -> None:
    templates = shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (templates / "pages" / "law" / "why.html").write_text("{% if %}")
    said = aftale("daemon", code=78, AFTALE_TEMPLATES=str(templates)).err
    assert "a page cannot be read" in said and str(templates) in said
    assert notices(place.engine) == []
