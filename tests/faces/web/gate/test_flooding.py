"""Several hosts, one database: a mailbox is not flooded by asking each of them for a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI

from tests.faces.web.conftest import Clock, browser, csrf
from tests.faces.web.gate import test_gate
from tests.faces.web.gate.test_gate import ANNE, ask, mails
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app

anne = test_gate.anne


@pytest.mark.fault("F76")
@pytest.mark.usefixtures("anne")
def test_two_hosts_together_send_one_mailbox_no_more_links_than_one_does(
    app: FastAPI, place: Workplace, clock: Clock
) -> None:
    other = create_app(lambda: place, clock)
    pages = set()
    for host in (app, other) * 4:
        client = browser(host, peer="203.0.113.7")
        told = ask(client, host, ANNE).partition("<main")[2].partition("</main>")[0]
        pages.add(told.replace(csrf(client, host), ""))  # every browser's forms carry one of its own
    assert len(pages) == 1  # who asked is not told that nothing more is sent
    other.state.postman.close()
    assert len(mails(place, app)) == 4
    clock.at += timedelta(minutes=10)
    again = create_app(lambda: place, clock)
    ask(browser(again, peer="203.0.113.7"), again, ANNE)
    assert len(mails(place, again)) == 5
