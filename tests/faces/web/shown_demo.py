"""Pages taken apart, and the demo after one tick, which many tests only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from tests.faces.conftest import MORNING
from tests.faces.conftest import guest as guest_of
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.tables import Notice

NORD, SYD, MIDT = (
    "/aftaler/nordjylland/2024-2027",
    "/aftaler/syddanmark/2027-2031",
    "/aftaler/midtjylland/2024-2027",
)


class Read(HTMLParser):
    """A page taken apart: elements with their attributes, and the text a person reads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("a", "span", "strong", "time", "code"):  # what stands apart is read apart
            self.words.append(" ")
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def shown(
    ticked_demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Workplace]]:
    """The demo's guest and the place behind the site, after one tick; nothing here is written to by a test."""
    data = tmp_path_factory.mktemp("shown")
    shutil.copytree(ticked_demo, data, dirs_exist_ok=True)
    with open_workplace(Settings(data_dir=data)) as place:
        yield guest_of(create_app(lambda: place, lambda: MORNING)), place


@pytest.fixture(scope="module")
def reader(shown: tuple[TestClient, Workplace]) -> TestClient:
    """The guest's browser."""
    return shown[0]


def read(client: TestClient, path: str, code: int = 200) -> Read:
    answer = client.get(path)
    assert answer.status_code == code, path
    return Read(answer.text)


def sent_letter(place: Workplace) -> Notice:
    """A letter that has been handed over, to the council of Vejle."""
    with reading(place.engine) as session:
        query = select(Notice).where(col(Notice.state) == "accepted", col(Notice.recipient) == "0630/council")
        return session.exec(query).one()
