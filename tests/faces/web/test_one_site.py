"""The application that the tests hand on from one to the next forgets everything that it could remember."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from fastapi import FastAPI

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, browser
from tests.faces.web.onesite import OneSite, held_bare, kept
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.faces.web.gate.pace import Pace
from workflow.faces.web.gate.trail import Trail


def test_what_was_tried_read_and_seen_is_forgotten(
    app: FastAPI, place: Workplace, clock: Callable[[], object], one_site: OneSite, signed_in: SignIn
) -> None:
    def remembered() -> Counter[str]:
        held: Counter[str] = Counter()
        for one in kept(app):
            if isinstance(one, Pace | Trail):
                held[type(one).__name__] += sum(
                    len(each) for each in vars(one).values() if isinstance(each, dict)
                )
        return held

    assert signed_in("secretariat").get("/eksport/frister.csv").status_code == 200
    program = {"Authorization": "Bearer no-such-token"}
    stranger = browser(app, peer="203.0.113.7")
    tried = [stranger.get("/api/v1/agreements", headers=program).status_code for _ in range(31)]
    assert {*tried} == {401, 429} and all(remembered().values())
    app.state.postman.close()
    assert one_site.at(place, lambda: MORNING) is app
    assert not any(remembered().values())
    assert stranger.get("/api/v1/agreements", headers=program).status_code == 401


def test_a_site_that_is_handed_on_holds_what_a_new_one_does(app: FastAPI, place: Workplace) -> None:
    new = create_app(lambda: place, lambda: MORNING)
    new.state.postman.close()
    new.middleware_stack = new.build_middleware_stack()
    assert Counter(type(one) for one in kept(app)) == Counter(type(one) for one in kept(new))
    assert app.state.gate.cookies.sealed("x", MORNING) == new.state.gate.cookies.sealed("x", MORNING)


def test_no_route_remembers_in_a_bare_container(app: FastAPI) -> None:
    """It would be known to the next test: what a route remembers is kept in an object of a class of its own."""
    assert held_bare(app) == []


def test_other_settings_get_an_application_of_their_own(
    app: FastAPI, place: Workplace, one_site: OneSite
) -> None:
    elsewhere = replace(
        place, settings=place.settings.model_copy(update={"base_url": "https://frist.example"})
    )
    other = one_site.at(elsewhere, lambda: MORNING)
    other.state.postman.close()
    assert other is not app and other.state.gate.base_url.secure
