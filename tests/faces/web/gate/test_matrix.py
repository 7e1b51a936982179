"""Every route x method x visitor x {own, other body, other region, gone, malformed}, made from the policy table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import browser, csrf, enter
from tests.faces.web.examples import (
    BODY,
    EXAMPLES,
    FAR_BODY,
    LABEL,
    OTHER,
    OTHER_BODY,
    OWN,
    VISITORS,
    Example,
    World,
    allowed,
    meant,
)
from tests.faces.web.onesite import OneSite
from tests.story.living import inside
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.gate.policy import POLICY, Action, Reach, Role
from workflow.faces.web.gate.routes import PUBLIC, table
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.people.persons import add_person
from workflow.services.people.programs import add_token
from workflow.services.views.calendars.feeds import add_feed
from workflow.settings import Settings
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal
from workflow.storage.facts.documents import Attached
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.people.confirmations import ContactConfirmation
from workflow.storage.tables import AgreementRow, Contact, Document, Notice

NOBODY = "nobody"
MAIL = b"From: a@frist.example\r\nTo: b@frist.example\r\nSubject: x\r\n\r\nx\r\n"


@dataclass(frozen=True)
class Site:
    """The site, what lies in it, and a browser (or a program) for each visitor."""

    app: FastAPI
    world: World
    clients: dict[str, TestClient]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, demo_template: Path, one_site: OneSite) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("matrix")
    (data / "aftale.db").write_bytes(demo_template.read_bytes())
    with open_workplace(Settings(data_dir=data)) as place:
        app = one_site.at(place, lambda: MORNING)
        clients = {who: enter(app, place, MORNING, who) for who in VISITORS if who != "token"}
        token = add_token(place.engine, place.rulebook, "BI", OWN, None, MORNING)
        clients |= {"token": browser(app, peer="203.0.113.7"), NOBODY: browser(app, peer="203.0.113.7")}
        clients["token"].headers["Authorization"] = f"Bearer {token}"
        yield Site(app, _fill(place), clients)
        app.state.postman.close()


def _fill(place: Workplace) -> World:
    for region, event in ((OWN, "final-sent"), (OTHER, "midterm-sent")):
        attached = Attached("status.txt", b"status")
        fact = Fact(0, event, MORNING.date() - timedelta(days=3), source="Brev", by="x")
        record(place.engine, place.rulebook, f"{region}/{LABEL}", fact, today=MORNING.date(), at=MORNING,
               attached=attached)  # fmt: skip
        lasting = Fact(0, "regime-confirmed", MORNING.date(), due=date(2028, 1, 1), source="Brev", by="x")
        inside(place.engine, place.rulebook, f"{region}/2027-2031", lasting, today=MORNING.date(), at=MORNING)
        heard = Fact(
            0,
            "consultation-opened",
            MORNING.date(),
            due=date(2027, 3, 1),
            time="12:00",
            source="Brev",
            by="x",
        )
        inside(place.engine, place.rulebook, f"{region}/2027-2031", heard, today=MORNING.date(), at=MORNING)
    letters = {}
    with writing(place.engine) as session:
        document = str(
            session.execute(
                select(Document.digest)  # type: ignore[call-overload]
            ).scalar()
        )
        for region, body in ((OWN, BODY), (OWN, OTHER_BODY), (OTHER, FAR_BODY)):
            number = session.execute(
                select(AgreementRow.id).where(AgreementRow.region == region, AgreementRow.label == LABEL)  # type: ignore[call-overload]
            ).scalar()
            values = {
                "key": f"matrix-{body}", "agreement_id": number, "letter": "submission-countdown",
                "recipient": f"{body}/council", "due_on": MORNING.date(), "planned_at": MORNING, "next_at": MORNING,
                "state": "ready", "facts": "{}", "body": MAIL, "address": "b@frist.example",
                "message_id": f"<{body}@x>",
            }  # fmt: skip
            done = session.execute(insert(Notice).values(values).returning(Notice.id))  # type: ignore[call-overload]
            letters[body] = done.scalar_one()
    feeds = {}
    for who in [*VISITORS, NOBODY, "neighbour", "stranger"]:
        feed, _ = add_feed(
            place.engine,
            place.rulebook,
            region=OWN,
            body="",
            name=who,
            by=f"{who}-own@frist.example",
            at=MORNING,
        )
        feeds[who] = feed["id"]
    with reading(place.engine) as session:
        contacts = {
            one.body: one.id or 0 for one in session.scalars(select(Contact)) if one.function == "council"
        }
    return World(letters, document, feeds, _reports(place), _persons(place), contacts, _questions(place))


def _kept(session: Session, row: ContactConfirmation | ReportedDecision) -> int:
    """The number it is kept under."""
    session.add(row)
    session.flush()
    return row.id or 0


def _questions(place: Workplace) -> dict[str, int]:
    made = {}
    with writing(place.engine) as session:
        for region, body in ((OWN, BODY), (OTHER, FAR_BODY)):
            one = ContactConfirmation(
                body=body, function="council", asked_at=MORNING, asked_by="x", state="reported", answer="keep",
                by="b@frist.example", reported_at=MORNING,
            )  # fmt: skip
            made[region] = _kept(session, one)
    return made


def _persons(place: Workplace) -> dict[str, int]:
    made = {}
    for region in (OWN, OTHER):
        person = add_person(
            place.engine, place.rulebook, email=f"p@{region}.example", name="P", role="secretariat", region=region,
            at=MORNING,
        )  # fmt: skip
        made[region] = person.id or 0
    return made


def _reports(place: Workplace) -> dict[str, int]:
    made = {}
    with writing(place.engine) as session:
        for region, council in ((OWN, BODY), (OTHER, FAR_BODY)):
            row = journal.find(session, f"{region}/{LABEL}")
            one = ReportedDecision(
                agreement_id=row.id or 0, version=1, council=council, event="council-approved", on=MORNING.date(),
                by="b@frist.example", reported_at=MORNING,
            )  # fmt: skip
            made[region] = _kept(session, one)
    return made


def call(site: Site, method: str, path: str, example: Example, who: str, case: str):
    client = site.clients[who]
    parts = example.parts(site.world, case, who) if example.parts else {}
    headers, body = dict(example.headers), {}
    if method == "POST":
        shown = csrf(client, site.app) if who != "token" else ""
        if example.json is not None:
            headers["X-CSRF-Token"], body = shown, {"json": example.json}
        else:
            body = {"data": {"csrf": shown} | (example.form(site.world, case, who) if example.form else {})}
    return client.request(method, path.format(**parts), headers=headers, **body)


def plain(text: str) -> str:
    """A page without what differs in each: the forms' token, and the path that was asked for."""
    return re.sub(r"[0-9a-f]{64}", "", text)


def test_every_route_has_a_row_in_the_policy_and_an_example(site: Site) -> None:
    rows = table(site.app)
    named = {route for route, action in rows.items() if action}
    assert named == set(EXAMPLES)
    assert {route: action for route, action in rows.items() if action} == {
        route: meant(*route) for route in named
    }
    assert {path for (_, path), action in rows.items() if action is None} <= set(PUBLIC)


def test_a_route_that_names_no_action_stops_the_start(site: Site) -> None:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/hemmeligt")
    def secret() -> str:
        return "x"

    with pytest.raises(LookupError, match="/hemmeligt must name exactly one action"):
        table(app)


def test_the_matrix_has_more_than_a_thousand_cells() -> None:
    assert sum(len(example.cases) for example in EXAMPLES.values()) * (len(VISITORS) + 1) > 1000


@pytest.mark.fault("F65")
@pytest.mark.parametrize("method, path", EXAMPLES, ids=str)
def test_each_visitor_gets_what_the_policy_says_and_nothing_else(site: Site, method: str, path: str) -> None:
    example, action = EXAMPLES[method, path], meant(method, path)
    wrong = []
    for who in [*VISITORS, NOBODY]:
        answers = {case: call(site, method, path, example, who, case) for case in example.cases}
        for case, answer in answers.items():
            if who == NOBODY:
                wanted = {401} if method == "POST" or path.startswith("/api/") else {303}
            elif allowed(example, action, who, case):
                wanted = {example.fine}
            else:
                wanted = {404, 422} if case == "malformed" else {404}
            if answer.status_code not in wanted:
                wrong.append(f"{who}, {case}: {answer.status_code}, not {wanted}")
        if who != NOBODY and {"other region", "gone"} <= answers.keys():
            far, gone = plain(answers["other region"].text), plain(answers["gone"].text)
            if far != gone and not allowed(example, action, who, "other region"):
                wrong.append(f"{who}: what is not theirs reads otherwise than what is not there")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method, path", [key for key in EXAMPLES if key[0] == "GET"], ids=str)
def test_head_answers_as_get_without_a_body_and_other_methods_are_refused(
    site: Site, method: str, path: str
) -> None:
    example = EXAMPLES[method, path]
    read = call(site, "GET", path, example, "administrator", "own")
    head = call(site, "HEAD", path, example, "administrator", "own")
    assert (head.status_code, head.content) == (read.status_code, b"")
    for other in ("PUT", "DELETE", "PATCH"):
        assert call(site, other, path, example, "administrator", "own").status_code == 405


@pytest.mark.fault("F65")
@pytest.mark.parametrize("who", [who for who, visitor in VISITORS.items() if not visitor.everywhere])
@pytest.mark.parametrize(
    "path", [path for (method, path), example in EXAMPLES.items() if method == "GET" and example == Example()]
)
def test_a_list_holds_nothing_of_another_region(site: Site, who: str, path: str) -> None:
    if VISITORS[who].reach(meant("GET", path)) in (None, Reach.ALL):
        return
    for query in ("", f"?region={OTHER}", "?q=midtjylland", f"?agreement={OTHER}/{LABEL}"):
        text = site.clients[who].get(path + query).text
        for far in (f"{OTHER}/{LABEL}", f"/breve/{site.world.letters[FAR_BODY]}", "matrix-0751"):
            assert far not in text.replace(f'value="{OTHER}/{LABEL}"', "")


@pytest.mark.fault("F65")
def test_a_council_finds_no_letter_but_its_own(site: Site) -> None:
    council, world = site.clients["council"], site.world
    for path in (
        f"/aftaler/{OWN}/{LABEL}/breve",
        "/",
        "/soeg?q=x",
        "/soeg?q=matrix",
        "/api/v1/notices?limit=100",
    ):
        text = council.get(path).text
        assert f'/breve/{world.letters[OTHER_BODY]}"' not in text
        assert f"{OTHER_BODY}/council" not in text
    export = council.get(f"/aftaler/{OWN}/{LABEL}/eksport/breve.csv").text
    assert "Frederikshavn" not in export
    recipients = {one["recipient"] for one in council.get("/api/v1/notices?limit=100").json()["items"]}
    assert recipients <= {f"{BODY}/council"}


@pytest.mark.fault("F66")
def test_whoever_only_reads_writes_nothing(site: Site) -> None:
    for who, visitor in VISITORS.items():
        for (method, path), example in EXAMPLES.items():
            if method == "POST" and visitor.reach(meant(method, path)) is None:
                assert call(site, method, path, example, who, "own").status_code == 404, (who, path)
    for role in (Role.COORDINATOR, Role.AUTHORITY):
        assert not set(POLICY[role]) & {Action.RECORD, Action.REPORT, Action.VERIFY, Action.ACKNOWLEDGE}


def test_every_role_and_action_is_thought_of() -> None:
    assert set(POLICY) == set(Role)
    assert {action for row in POLICY.values() for action in row} == set(Action)
