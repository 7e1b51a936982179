"""Nobody is locked out by somebody else: limits on signing in are each asker's own, and so are addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI, HTTPException

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, browser
from tests.faces.web.gate import test_gate
from tests.faces.web.gate.test_gate import ANNE, ask, mails
from workflow.errors import Invalid
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.once import MOST, Once
from workflow.faces.web.gate.pace import MOST_KEYS, Pace
from workflow.mail.addresses import deliverable, folded
from workflow.services.people.persons import add_person
from workflow.services.people.signin import begin_for, offer_link

anne = test_gate.anne
KELVIN = "\N{KELVIN SIGN}"


@pytest.mark.usefixtures("anne")
def test_a_stranger_who_asks_again_and_again_does_not_lock_the_person_out(
    app: FastAPI, place: Workplace
) -> None:
    for _ in range(4):
        ask(browser(app, peer="203.0.113.7"), app, ANNE)
    ask(browser(app, peer="198.51.100.9"), app, ANNE)
    app.state.postman.close()
    assert len(mails(place, app)) == 5  # four for the stranger's asking, and hers


def test_an_address_that_only_folds_to_a_person_s_is_nobody_s(place: Workplace, clock: Clock) -> None:
    add_person(
        place.engine, place.rulebook, email="Kirsten@kommune.example", name="Kirsten", role="administrator", at=clock()
    )  # fmt: skip
    for own in ("kirsten@kommune.example", " KIRSTEN@KOMMUNE.EXAMPLE "):
        offered = offer_link(place.engine, own, "browser", "/", clock())
        assert offered and offered[1] == "kirsten@kommune.example"
    for other in (
        f"{KELVIN}irsten@kommune.example",
        f"kirsten@{KELVIN}ommune.example",
        "kir\u017ften@kommune.example",
    ):
        assert offer_link(place.engine, other, "browser", "/", clock()) is None
        assert begin_for(place.engine, other, clock()) is None


def test_a_domain_with_danish_letters_is_kept_as_it_is_written_to_and_a_name_with_them_is_refused(
    place: Workplace, clock: Clock
) -> None:
    added = add_person(
        place.engine, place.rulebook, email="borger@ærø.example", name="B", role="administrator", at=clock()
    )  # fmt: skip
    assert added.email == "borger@xn--r-3fa9c.example" == deliverable("Borger@ÆRØ.example")
    with pytest.raises(Invalid, match="before the @"):
        add_person(
            place.engine, place.rulebook, email="søren@kommune.example", name="S", role="administrator", at=clock()
        )  # fmt: skip


def test_what_was_shown_is_known_for_its_time_and_so_much_is_remembered() -> None:
    shown, minutes = Once(timedelta(minutes=10)), [MORNING + timedelta(minutes=n) for n in (0, 9, 10)]
    assert [shown.first("a", at) for at in minutes] == [True, False, True]
    assert all(shown.first(str(number), minutes[2]) for number in range(MOST - 1))
    assert not shown.first("a", minutes[2])
    assert shown.first("b", minutes[2]) and shown.first("a", minutes[2])


def test_whoever_invents_names_without_end_forgets_nobody_who_tried_last() -> None:
    pace = Pace(2, seconds=60)
    for name in ("a", *map(str, range(MOST_KEYS - 1)), "a", "new"):
        pace.take(name, MORNING)
    with pytest.raises(HTTPException):
        pace.take("a", MORNING)


def test_only_a_to_z_are_folded() -> None:
    assert folded(" Anne.ÅSE@Kommune.DK ") == "anne.Åse@kommune.dk"
    assert folded(KELVIN) == KELVIN
