"""``/api/v1``: what programs read and write, and how they are told that nothing changed, where to go on, and no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, browser, csrf
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.services.due.dates import dated
from workflow.services.people.programs import add_token
from workflow.services.planning.reminders import plan
from workflow.services.views.notices import read_journal
from workflow.services.views.status import deadline_json, find_standing, status_json
from workflow.storage.database import reading
from workflow.storage.facts.answered import AnsweredRequest

NORD = "/api/v1/agreements/nordjylland/2024-2027"
MIDT = "/api/v1/agreements/midtjylland/2024-2027"
SENT = {"event": "midterm-sent", "on": "2026-11-20", "source": "Brev til Sundhedsstyrelsen"}


def post(
    client: TestClient, app: FastAPI, path: str, body: Any, key: str = "first-key-1", **headers: str
) -> Any:
    sent = {"X-CSRF-Token": csrf(client, app), "Idempotency-Key": key} | headers
    return client.post(f"{path}/facts", json=body, headers={k: v for k, v in sent.items() if v})


def test_an_agreement_and_its_deadlines_say_what_the_command_line_says(
    guest: TestClient, place: Workplace
) -> None:
    standing = find_standing(place.engine, place.rulebook, "nordjylland/2024-2027", danish_day(MORNING))
    told, said = guest.get(NORD).json(), status_json(standing, place.rulebook)
    assert {name: told[name] for name in ("agreement", "period", "overdue", "reports", "blocked_by")} == {
        name: said[name] for name in ("agreement", "period", "overdue", "reports", "blocked_by")
    }
    whose = {"agreement": "nordjylland/2024-2027", "unit": "nordjylland", "unit_name": "Region Nordjylland"}
    for path in ("", "/readiness", "/plan", "/deadlines/submission"):
        answer = guest.get(f"{NORD}{path}")
        if answer.status_code == 200:  # there is no plan for a round that is over
            assert {name: answer.json()[name] for name in whose} == whose
    deadlines = guest.get(f"{NORD}/deadlines").json()["items"]
    ours = [deadline_json(standing, one) for one in dated(standing, place.rulebook)]
    assert deadlines == [{name: value for name, value in one.items() if name != "why"} for one in ours]
    assert guest.get(f"{NORD}/deadlines/annual-review:2025/why").json()["why"] == next(
        one["why"] for one in ours if (one["id"], one["subject"]) == ("annual-review", "2025")
    )


def test_before_the_authority_moved_it_the_date_was_another(guest: TestClient) -> None:
    now = guest.get(f"{NORD}/deadlines/submission").json()
    then = guest.get(f"{NORD}/deadlines/submission", params={"as_of": "2023-05-01"}).json()
    assert (now["legal_on"], now["original_on"], now["revision"]) == ("2024-01-01", "2023-07-01", 2)
    assert (then["legal_on"], then["original_on"], then["status"]) == ("2023-07-01", None, "upcoming")


@pytest.mark.parametrize(
    ("path", "name", "first"),
    [
        (f"{NORD}/versions", "state", "sst_approved"),
        (f"{NORD}/councils", "code", "1081"),
        (f"{NORD}/facts", "event", "opened"),
        ("/api/v1/bodies", "id", "nordjylland"),
        ("/api/v1/regimes", "id", "bek-778-2009"),
        ("/api/v1/closed-days?year=2027", "on", "2027-01-01"),
        ("/api/v1/deadlines?status=overdue", "agreement", "midtjylland/2024-2027"),
    ],
)
def test_lists_begin_where_they_should(guest: TestClient, path: str, name: str, first: str) -> None:
    assert guest.get(path).json()["items"][0][name] == first


def test_deadlines_are_cut_by_date_and_state(guest: TestClient) -> None:
    def found(day: str, status: str) -> list[tuple[str, str]]:
        asked = {"earliest": day, "latest": day, "status": status}
        items = guest.get("/api/v1/deadlines", params=asked).json()["items"]
        assert {(one["legal_on"], one["status"]) for one in items} <= {(day, status)}
        return [(one["id"], one["agreement"].partition("/")[2]) for one in items]

    assert found("2027-07-01", "lapsed") == [("submission", "2027-2031")] * 4  # gone under either day
    assert found("2027-07-01", "upcoming") == []
    assert ("annual-review", "2024-2027") in found("2026-12-31", "upcoming")


@pytest.mark.parametrize(
    ("path", "limit"), [("/api/v1/agreements", 2), ("/api/v1/deadlines", 4), (f"{NORD}/facts", 7)]
)
def test_pages_follow_each_other_by_their_links_and_leave_nothing_out(
    guest: TestClient, path: str, limit: int
) -> None:
    def paged(limit: int) -> tuple[list[Any], int]:
        answer = guest.get(path, params={"limit": limit})
        read, pages = answer.json()["items"], 1
        while link := answer.json()["next"]:
            assert answer.headers["Link"] == f'<{link}>; rel="next"'
            answer = guest.get(link)
            read += answer.json()["items"]
            pages += 1
        assert "Link" not in answer.headers
        return read, pages

    (whole, most), (read, pages) = paged(100), paged(limit)
    assert read == whole and pages > 2 and most == -(-len(whole) // 100)


@pytest.mark.parametrize("asked", ["", "&status=overdue", "&earliest=2027-07-01&latest=2027-07-01"])
def test_a_page_of_deadlines_holds_as_many_as_asked_for_and_none_with_a_next_is_short(
    guest: TestClient, asked: str
) -> None:
    sizes, link = [], f"/api/v1/deadlines?limit=3{asked}"
    while link:
        answer = guest.get(link).json()
        sizes.append(len(answer["items"]))
        link = answer["next"]
    assert set(sizes[:-1]) <= {3} and 1 <= sizes[-1] <= 3


def test_what_an_agreement_says_of_itself_counts_from_its_beginning_and_says_so(guest: TestClient) -> None:
    facts = guest.get(f"{NORD}/facts?as_of=2023-05-01").json()["items"]
    assert {one["event"] for one in facts} == {"opened", "effective", "nominal-end"}
    assert all(one["known_on"] is None for one in facts)


@pytest.mark.parametrize("end", ["", "/facts", "/deadlines", "/councils", "/readiness"])
def test_an_agreement_is_not_there_before_its_term_was_elected(guest: TestClient, end: str) -> None:
    """VALG § 6: the council of 2022-2025 was elected on 16 November 2021."""
    assert guest.get(f"{NORD}{end}?as_of=2021-11-15").status_code == 404
    assert guest.get(f"{NORD}{end}?as_of=2021-11-16").status_code == 200
    assert guest.get("/api/v1/agreements?as_of=2021-11-15").json()["items"] == []
    assert guest.get("/api/v1/deadlines?as_of=2021-11-15").json() == {"items": [], "next": None}


def test_a_regime_is_told_as_it_was_known(guest: TestClient) -> None:
    """Act 719/2025 is of 20 June 2025; BEK 1248/2022 is in force from 8 September 2022."""
    path = "/api/v1/regimes/bek-1248-2022"
    assert guest.get(path).json()["ends"]["candidates"] == ["2026-01-01", "2027-01-01"]
    assert guest.get(f"{path}?as_of=2025-06-19").json()["ends"] is None
    assert guest.get(f"{path}?as_of=2020-01-01").status_code == 404
    listed = guest.get("/api/v1/regimes?as_of=2025-06-19").json()["items"]
    assert [one["ends"] for one in listed] == [None] * len(listed)


def test_bodies_are_those_of_the_day_and_the_closed_days_those_of_its_year(guest: TestClient) -> None:
    def regions(day: str) -> set[str]:
        return {one["id"] for one in guest.get(f"/api/v1/bodies?as_of={day}").json()["items"]}

    merged = {"hovedstaden", "sjaelland"}
    assert regions("2026-12-31") - regions("2027-01-01") == merged
    assert regions("2027-01-01") - regions("2026-12-31") == {"oestdanmark"}
    syddanmark = guest.get("/api/v1/bodies/syddanmark?as_of=2024-01-01").json()
    assert len(syddanmark["councils"]) == 22
    for year in ("2024", "2025"):
        days = guest.get(f"/api/v1/closed-days?as_of={year}-06-01").json()["items"]
        assert {one["on"][:4] for one in days} == {year}


def test_an_answer_that_has_not_changed_is_not_sent_again(guest: TestClient, app: FastAPI) -> None:
    first = guest.get(MIDT)
    tag = first.headers["ETag"]
    again = guest.get(MIDT, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert not tag.startswith("W/") and first.headers["Cache-Control"] == "private, no-cache"
    post(guest, app, MIDT, SENT)
    changed = guest.get(MIDT, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["ETag"] != tag
    assert guest.head(MIDT).headers["ETag"] == changed.headers["ETag"]


def test_a_fact_is_recorded_once_however_often_it_is_sent(
    guest: TestClient, app: FastAPI, place: Workplace
) -> None:
    first, again = post(guest, app, MIDT, SENT), post(guest, app, MIDT, SENT)
    assert (first.status_code, first.json()["event"]) == (201, "midterm-sent")
    assert (again.status_code, again.content) == (201, first.content)
    facts, broken = read_journal(place.engine, "midtjylland/2024-2027")
    assert [one["no"] for one in facts if one["event"] == "midterm-sent"] == [first.json()["no"]]
    assert facts[-1]["by"].startswith("Demogæst") and broken is None


def test_the_same_key_for_something_else_is_refused_and_changes_nothing(
    guest: TestClient, app: FastAPI, place: Workplace
) -> None:
    post(guest, app, MIDT, SENT)
    before = read_journal(place.engine, "midtjylland/2024-2027")
    other = post(guest, app, MIDT, SENT | {"on": "2026-11-19"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:aftalefrist:problem:invalid")
    assert "Idempotency-Key" in other.json()["detail"]
    assert read_journal(place.engine, "midtjylland/2024-2027") == before


def test_a_key_is_forgotten_after_a_day(
    guest: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    post(guest, app, MIDT, SENT)
    clock.at += timedelta(days=1)
    planned = {"event": "meeting-planned", "on": "2026-11-24", "due": "2026-12-04", "about": "ssu"}
    assert post(guest, app, MIDT, planned).status_code == 201
    with reading(place.engine) as session:
        assert len(session.exec(select(AnsweredRequest)).all()) == 1


def test_a_step_the_law_does_not_allow_is_a_problem_with_its_provision(
    guest: TestClient, app: FastAPI
) -> None:
    path = "/api/v1/agreements/syddanmark/2027-2031"
    no = post(guest, app, path, {"event": "submitted", "on": "2026-11-21"})
    assert (no.status_code, no.headers["Content-Type"]) == (409, "application/problem+json")
    assert no.json()["cite"] == "SUL § 205, stk. 1" and "alle råd" in no.json()["detail"]


def test_a_refusal_names_the_fields_of_the_request_and_no_options_of_a_command(
    guest: TestClient, app: FastAPI
) -> None:
    early = {"event": "deviation", "on": "2026-11-20", "due": "2001-01-01", "source": "brev"}
    said = post(guest, app, MIDT, early).json()["detail"]
    assert "deviation mandag den 1. januar 2001 (`due`)" in said and "--" not in said
    missing = post(
        guest, app, MIDT, {"event": "council-approved", "on": "2026-11-20"}, "key-number-2"
    ).json()["detail"]
    assert "mangler rådet (`council`)" in missing and "--" not in missing


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Idempotency-Key": ""}, SENT, 422),
        ({"Idempotency-Key": "short"}, SENT, 422),
        ({"X-CSRF-Token": ""}, SENT, 403),
        ({"Content-Type": "text/plain"}, SENT, 415),
        ({}, SENT | {"by": "somebody else"}, 422),
        ({}, SENT | {"on": 1795132800}, 422),
        ({}, SENT | {"version": "1"}, 422),
        ({}, SENT | {"event": "no-such-event"}, 422),
        ({}, [SENT], 422),
    ],
    ids=str,
)
def test_a_fact_that_is_not_sent_as_it_should_be_changes_nothing(
    guest: TestClient, app: FastAPI, place: Workplace, headers: dict[str, str], body: Any, status: int
) -> None:
    before = read_journal(place.engine, "midtjylland/2024-2027")
    no = post(guest, app, MIDT, body, **headers)
    assert (no.status_code, no.headers["Content-Type"]) == (status, "application/problem+json")
    assert no.json()["status"] == status and no.json()["detail"]
    assert "Value error" not in no.text
    if status == 403:
        assert "X-CSRF-Token" in no.json()["detail"]
    assert read_journal(place.engine, "midtjylland/2024-2027") == before


@pytest.mark.fault("F66")
def test_a_token_reads_its_own_region_and_records_nothing(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient
) -> None:
    secret = add_token(place.engine, place.rulebook, "BI", "nordjylland", None, clock())
    program = {"Authorization": f"Bearer {secret}"}
    assert stranger.get("/api/v1/agreements").status_code == 401
    found = stranger.get("/api/v1/agreements", headers=program).json()["items"]
    assert {one["region"] for one in found} == {"nordjylland"} and len(found) == 2
    assert stranger.get(MIDT, headers=program).status_code == 404
    assert stranger.get("/api/v1/agreements?region=midtjylland", headers=program).status_code == 404
    everywhere = {
        "Authorization": f"Bearer {add_token(place.engine, place.rulebook, 'Alle', '', None, clock())}"
    }
    for listed in (
        "agreements",
        "deadlines",
        "notices",
    ):  # a misspelt region has nothing, and no list says so
        assert stranger.get(f"/api/v1/{listed}?region=midtjylland", headers=everywhere).status_code == 200
        assert stranger.get(f"/api/v1/{listed}?region=midtjyland", headers=everywhere).status_code == 404
    no = stranger.post(f"{NORD}/facts", json=SENT, headers=program | {"Idempotency-Key": "a-token-s-key"})
    assert no.status_code == 404
    assert stranger.get("/api/v1/openapi.json").status_code == 200


@pytest.mark.fault("F65")
def test_a_secretariat_records_in_its_own_region_only_and_a_coordinator_nowhere(
    app: FastAPI, signed_in: SignIn, place: Workplace
) -> None:
    own, other = signed_in("secretariat"), signed_in("coordinator")
    held = {"event": "meeting-held", "on": "2026-11-20", "about": "ssu"}
    assert post(own, app, NORD, held).status_code == 201
    assert post(own, app, MIDT, held, "another-key").status_code == 404
    assert post(other, app, NORD, held, "a-third-key").status_code == 404
    facts, _ = read_journal(place.engine, "nordjylland/2024-2027")
    assert facts[-1]["by"].startswith("Anne secretariat")


def test_a_council_reads_only_the_letters_to_itself(signed_in: SignIn, place: Workplace) -> None:
    plan(place.engine, place.rulebook, MORNING, place.settings.send_hour)
    own = signed_in("council").get("/api/v1/notices?limit=100").json()["items"]
    assert {one["recipient"].partition("/")[0] for one in own} <= {"0851"}
    region = signed_in("secretariat").get("/api/v1/notices?limit=100").json()["items"]
    assert region and {one["agreement"].partition("/")[0] for one in region} == {"nordjylland"}


def test_the_description_is_openapi_and_every_operation_has_words_and_refusals(guest: TestClient) -> None:
    document = guest.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len(operations) >= 17
    for one in operations:
        assert one["summary"] and one["description"] and one["tags"]
        assert "application/problem+json" in one["responses"]["422"]["content"]
        assert all(parameter.get("schema") for parameter in one.get("parameters", []))


def test_an_address_that_is_not_there_is_a_problem_too(app: FastAPI) -> None:
    no = browser(app).get("/api/v1/nothing")
    assert (no.status_code, no.headers["Content-Type"]) == (404, "application/problem+json")
