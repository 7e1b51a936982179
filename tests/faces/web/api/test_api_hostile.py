"""Sixty fixed requests that nobody means well by: each gets a 4xx that says so, and the journal stays as it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import csrf
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.services.views.notices import read_journal
from workflow.settings import Settings

NORD = "/api/v1/agreements/nordjylland/2024-2027"
FACTS = f"{NORD}/facts"
HELD = {"event": "meeting-held", "on": "2026-11-20", "about": "ssu"}


def body(**changes: Any) -> bytes:
    return json.dumps(HELD | changes).encode()


def deep(levels: int) -> bytes:
    return b'{"event":' + b"[" * levels + b"]" * levels + b"}"


READS = {
    "a year before writing": "/api/v1/agreements?as_of=0000-01-01",
    "a day before the calendar": "/api/v1/agreements?as_of=-0001-01-01",
    "a year after us": "/api/v1/agreements?as_of=9999-12-31",
    "a year with five digits": "/api/v1/agreements?as_of=12023-01-01",
    "the thirtieth of February": "/api/v1/agreements?as_of=2023-02-30",
    "the leap day of 2100": "/api/v1/agreements?as_of=2100-02-29",
    "an instant for a day": "/api/v1/agreements?as_of=2023-07-01T00:00:00",
    "a timestamp for a day": "/api/v1/agreements?as_of=1688169600",
    "NaN for a day": "/api/v1/agreements?as_of=NaN",
    "a day of Arabic digits": "/api/v1/agreements?as_of=٢٠٢٣-٠٧-٠١",
    "a day with NUL": "/api/v1/agreements?as_of=2023-07-01%00",
    "a day with a newline": "/api/v1/agreements?as_of=2023-07-01%0a",
    "no day": "/api/v1/agreements?as_of=",
    "a page of 2**63": f"/api/v1/agreements?limit={2**63}",
    "a page of minus one": "/api/v1/agreements?limit=-1",
    "an empty page": "/api/v1/agreements?limit=0",
    "a page of 1e3": "/api/v1/agreements?limit=1e3",
    "a page of infinity": "/api/v1/agreements?limit=Infinity",
    "a page of five thousand digits": f"/api/v1/agreements?limit={'9' * 5000}",
    "a cursor that is no base64": "/api/v1/agreements?cursor=%25%25%25",
    "a cursor that is no text": "/api/v1/agreements?cursor=_____w",
    "a cursor with NUL": "/api/v1/agreements?cursor=AAAA",
    "a cursor that is no agreement": "/api/v1/agreements?cursor=c2VsZWN0",
    "a cursor of words for a number": f"{FACTS}?cursor=c2VsZWN0",
    "a cursor of 2**99": f"{FACTS}?cursor=NjMzODI1MzAwMTE0MTE0NzAwNzQ4MzUxNjAyNjg4",
    "a cursor of ten thousand letters": f"/api/v1/agreements?cursor={'A' * 10_000}",
    "a region out of SQL": "/api/v1/agreements?region='%20OR%201=1--",
    "a region of wildcards": "/api/v1/agreements?region=%25",
    "a region with NUL": "/api/v1/agreements/nordjylland%00/2024-2027",
    "a region in capitals": "/api/v1/agreements/NORDJYLLAND/2024-2027",
    "a region right to left": "/api/v1/agreements/%E2%80%AEnordjylland/2024-2027",
    "a label that climbs": "/api/v1/agreements/nordjylland/..%2f..%2fetc%2fpasswd",
    "a label that is a dot": "/api/v1/agreements/nordjylland/%2e%2e",
    "a label that is not UTF-8": "/api/v1/agreements/nordjylland/%ff%fe",
    "a label of a thousand letters": f"/api/v1/agreements/nordjylland/{'a' * 1000}",
    "a deadline with a template": f"{NORD}/deadlines/%7B%7B7*7%7D%7D",
    "a deadline with markup": f"{NORD}/deadlines/%3Cscript%3E",
    "a deadline with two subjects": f"{NORD}/deadlines/annual-review:2025:2026",
    "a year beyond the calendar": f"/api/v1/closed-days?year={2**63}",
    "a status nobody has": "/api/v1/deadlines?status=late",
    "a regime that climbs": "/api/v1/regimes/..%2f..%2fdenmark",
    "a question nobody knows": "/api/v1/deadlines?stat=overdue",
    "a question without a name": "/api/v1/deadlines?=",
    "a page of two sizes": "/api/v1/agreements?limit=1&limit=100",
    "notices of no agreement": "/api/v1/notices?agreement=nordjylland",
    "notices of a path": "/api/v1/notices?agreement=../../etc/passwd",
}
WRITES = {
    "a version of 2**63": body(version=2**63),
    "a version of NaN": b'{"event":"meeting-held","on":"2026-11-20","version":NaN}',
    "a version of infinity": b'{"event":"meeting-held","on":"2026-11-20","version":-Infinity}',
    "a version with five thousand digits": b'{"event":"meeting-held","on":"2026-11-20","version":%s}'
    % (b"9" * 5000),
    "a version that is true": body(version=True),
    "a day that overflows": body(on="9999-12-31"),
    "a day that is a number": body(on=1e308),
    "half a surrogate": body(source="\ud800"),
    "half a surrogate for a name": b'{"\\ud800": 1}',
    "NUL in the source": body(source="brev\x00"),
    "a source right to left": body(source="brev \u202egpj.exe"),
    "a source of a hundred thousand letters": body(source="a" * 60_000),
    "a council out of SQL": body(council="' OR 1=1--"),
    "a key that stands twice": b'{"event":"meeting-held","on":"2026-11-20","on":"2026-11-21","about":"ssu"}',
    "a key of somebody else": body(by="Sundhedsstyrelsen"),
    "JSON a thousand deep": deep(1000),
    "JSON thirty thousand deep": deep(30_000),
    "UTF-16": json.dumps(HELD).encode("utf-16"),
    "bytes that are no text": b"\xff\xfe\xfd",
    "nothing": b"",
    "half a document": b'{"event": "meeting-held"',
    "20 MB": b'{"source": "' + b"a" * 20_000_000 + b'"}',
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[Workplace]:
    """One site for all of them: nothing they do changes it."""
    data = tmp_path_factory.mktemp("hostile")
    shutil.copy(demo_template, data / "aftale.db")
    with open_workplace(Settings(data_dir=data)) as place:
        yield place


@pytest.fixture(scope="module")
def app(place: Workplace) -> Iterator[FastAPI]:
    app = create_app(lambda: place, lambda: MORNING)
    yield app
    app.state.postman.close()


def refused(answer: httpx2.Response) -> None:
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(json.loads(answer.content)) == {"type", "title", "status", "detail", "cite", "where"}
    assert len(answer.content) < 6000


@pytest.mark.fault("F73")
@pytest.mark.parametrize("what", READS)
def test_a_question_that_cannot_be_meant_is_refused(guest: TestClient, what: str) -> None:
    refused(guest.get(READS[what]))


@pytest.mark.fault("F73")
@pytest.mark.parametrize("what", WRITES)
def test_a_fact_that_cannot_be_meant_is_refused_and_nothing_is_recorded(
    guest: TestClient, app: FastAPI, place: Workplace, what: str
) -> None:
    before = read_journal(place.engine, "nordjylland/2024-2027")
    headers = {
        "X-CSRF-Token": csrf(guest, app),
        "Idempotency-Key": "hostile-1",
        "Content-Type": "application/json",
    }
    refused(guest.post(FACTS, content=WRITES[what], headers=headers))
    assert read_journal(place.engine, "nordjylland/2024-2027") == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Idempotency-Key": "k" * 5000},
        {"Idempotency-Key": "key with spaces"},
        {"Idempotency-Key": "nøgle-nøgle".encode()},
        {
            "Content-Type": "application/json; charset=utf-16\r\nX: y".replace("\r\n", " ") + "x" * 3000,
            "X-CSRF-Token": "x",
        },
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "application/xml"},
        {"Authorization": "Bearer " + "a" * 5000},
        {"Authorization": "Bearer ../../etc/passwd"},
    ],
    ids=str,
)
def test_headers_nobody_means_are_refused(
    guest: TestClient, app: FastAPI, place: Workplace, headers: dict[str, str]
) -> None:
    before = read_journal(place.engine, "nordjylland/2024-2027")
    sent = {
        "X-CSRF-Token": csrf(guest, app),
        "Idempotency-Key": "hostile-2",
        "Content-Type": "application/json",
    }
    refused(guest.post(FACTS, content=body(), headers=sent | headers))
    assert read_journal(place.engine, "nordjylland/2024-2027") == before


def test_there_are_at_least_sixty() -> None:
    assert len(READS) + len(WRITES) >= 60
