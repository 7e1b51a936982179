"""A sign-in code on both databases: two who type it at once, and many who guess at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select

from tests.post import AT
from workflow.errors import NotFound
from workflow.services.people.shortcode import MOST_TRIES, code_beside, redeem_code
from workflow.services.people.signin import Device, offer_link
from workflow.storage.database import reading, writing
from workflow.storage.people.people import CodeTry, Person, SessionRow, hash_of

ANNE, KEY, BROWSER = "anne@frist.example", "k" * 64, "b" * 32


@pytest.fixture
def code(engine: Engine) -> str:
    """Anne's code, for :data:`BROWSER`."""
    with writing(engine) as session:
        session.add(Person(email=ANNE, name="Anne", role="coordinator", added_at=AT))
    offered = offer_link(engine, ANNE, BROWSER, "/", AT)
    assert offered
    return code_beside(KEY, offered[0], BROWSER)


def outcome(engine: Engine, code: str) -> str:
    try:
        return redeem_code(engine, KEY, code, BROWSER, AT, Device()).target
    except NotFound:
        return "refused"


def test_of_four_who_type_it_at_once_one_is_signed_in(engine: Engine, code: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = Counter(pool.map(lambda _: outcome(engine, code), range(4)))
    assert done == {"/": 1, "refused": 3}
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 1


def test_of_many_who_guess_at_once_five_are_looked_at_and_then_the_right_one_is_refused_too(
    engine: Engine, code: str
) -> None:
    wrong = [f"2222-22{number:02}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda one: outcome(engine, one), wrong)) == {"refused"}
    with reading(engine) as session:
        tried = session.get(CodeTry, hash_of(BROWSER))
        assert tried and tried.tries == MOST_TRIES == 5
    assert outcome(engine, code) == "refused"


def test_who_reads_the_database_and_has_the_browser_still_needs_the_key(engine: Engine, code: str) -> None:
    offered = offer_link(engine, ANNE, BROWSER, "/", AT)
    assert offered
    codes = {code_beside(key, offered[0], BROWSER) for key in (KEY, "x" * 64)} | {code}
    assert len(codes) == 3
