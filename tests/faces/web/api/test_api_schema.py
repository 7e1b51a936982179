"""Schemathesis asks the API whatever its own description allows, and what it forbids: never a server error, always
an answer of a kind that was described. ``make torture`` allows it 5,000 questions or more, here 320.

Two checks are excused, each for some questions only (:func:`excused`): *ignored_auth* for a fact recorded by the demo's
guest, who has no Authorization to leave out; *positive_data_acceptance* for a fact, since the law refuses more than a
schema can say, and for a cursor, since only those we gave are good."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import BaseSchema, Case
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import HERE, browser, csrf
from workflow.faces.daemon.workplace import open_workplace
from workflow.faces.web.api.document import api, described
from workflow.faces.web.app import create_app
from workflow.services.people.programs import add_token
from workflow.settings import Settings

CASES = 8900 if os.environ.get("AFTALE_TORTURE") == "1" else 320
OPERATIONS = 32  # a test sees to it that these are all


class FromEverywhere:
    """Reads come from a new address each, so that nobody is told to wait; facts come from the demo's guest."""

    app: FastAPI

    def __init__(self) -> None:
        self.addresses = itertools.count()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        number = next(self.addresses)
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        near = scope.get("method") == "POST"
        await self.app(scope | {"client": ["127.0.0.1" if near else address, 50000]}, receive, send)


asked = FromEverywhere()


class Site:
    """The application with a token that reads and a form's token that writes."""

    def __init__(self, app: FastAPI, token: str) -> None:
        asked.app = app
        self.reads = {"Authorization": f"Bearer {token}"}
        guest = browser(app)
        self.writes = {"X-CSRF-Token": csrf(guest, app)}
        self.writes["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in guest.cookies.jar)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, demo_template: Path) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("asked")
    shutil.copy(demo_template, data / "aftale.db")
    with open_workplace(Settings(data_dir=data)) as place:
        app = create_app(lambda: place, lambda: MORNING)
        yield Site(app, add_token(place.engine, place.rulebook, "test", "", None, MORNING))
        app.state.postman.close()


def nowhere() -> Any:
    raise AssertionError("the description needs no database")


@cache
def described_to_it() -> BaseSchema:
    """The description as Schemathesis has it. Made where a test asks for it: making it and the questions takes as long
    as importing the product, and every process of a run would do so before its first test."""
    schema = schemathesis.openapi.from_dict(described(api(nowhere, nowhere)))
    schema.app = asked
    return schema


@cache
def labels() -> list[str]:
    return sorted(found.ok().label for found in described_to_it().get_all_operations())


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    return described_to_it()


ALL = schemathesis.pytest.from_fixture("schema")


def each_of(total: int) -> int:
    """How often one operation is asked, so that all of them make ``total`` and never fewer."""
    return -(-total // OPERATIONS)


def asking(number: int) -> Any:
    """The test of one operation."""

    @pytest.mark.torture
    @settings(max_examples=each_of(CASES), suppress_health_check=list(HealthCheck), derandomize=True)
    @ALL.include(func=lambda about: about.operation.label == labels()[number]).parametrize()
    def ask(case: Case, site: Site) -> None:
        headers = site.writes if case.method == "POST" else site.reads
        if case.method == "GET" and "Authorization" not in case.headers:
            headers = {}  # left out on purpose
        case.call_and_validate(base_url=HERE, headers=headers, excluded_checks=list(excused(case)))

    return ask


for number in range(OPERATIONS):
    globals()[f"test_whatever_is_asked_the_answer_is_one_that_was_described_{number:02}"] = asking(number)


def test_every_operation_is_asked_and_together_as_often_as_we_say() -> None:
    asked_of = [name for name in globals() if name.startswith("test_whatever_is_asked_")]
    assert len(asked_of) == len(labels()) == OPERATIONS
    assert each_of(5000) * len(labels()) >= 5000


def excused(case: Case) -> Iterator[Any]:
    """The checks that what is asked cannot meet, each for its reason."""
    if case.method == "POST":
        yield ignored_auth  # the demo's guest has none to leave out; tests/faces/web/api/test_api.py sees to it
        yield positive_data_acceptance  # the law knows more of a fact than a schema can say
    elif case.query and "cursor" in case.query:
        yield positive_data_acceptance  # only the cursors we gave are good
