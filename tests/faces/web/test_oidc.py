"""Signing in by an identity provider that really runs, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, browser
from tests.faces.web.provider import CLIENT, SECRET, Provider, running
from workflow.errors import Misconfigured
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.faces.web.gate.oidc import provider_of
from workflow.services.people.persons import add_person


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(int(MORNING.timestamp())) as provider:
        yield provider


@pytest.fixture
def client(place: Workplace, provider: Provider, clock: Clock) -> Iterator[TestClient]:
    chosen = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }
    there = replace(place, settings=place.settings.model_copy(update=chosen))
    add_person(
        place.engine, place.rulebook, email="anne@frist.example", name="Anne", role="secretariat",
        region="nordjylland", at=clock(),
    )  # fmt: skip
    app = create_app(lambda: there, clock)
    yield browser(app, peer="203.0.113.7")
    app.state.postman.close()


def come_back(client: TestClient, provider: Provider, target: str = "/") -> tuple[str, str]:
    """Out to the provider; the code and state it sends back."""
    out = client.get("/log-ind/oidc", params={"next": target})
    assert out.status_code == 303
    return provider.authorize(out.headers["Location"])


def answer(client: TestClient, code: str, state: str) -> int:
    return client.get("/log-ind/oidc/svar", params={"code": code, "state": state}).status_code


def test_whom_the_provider_vouches_for_and_we_know_is_signed_in(
    client: TestClient, provider: Provider
) -> None:
    assert "log ind med din arbejdskonto" in client.get("/log-ind").text
    code, state = come_back(client, provider, "/?x=1")
    back = client.get("/log-ind/oidc/svar", params={"code": code, "state": state})
    assert (back.status_code, back.headers["Location"]) == (303, "/?x=1")
    assert "Anne (sekretariat)" in client.get("/").text


@pytest.mark.fault("F67")
@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://ond.example"},
        {"exp": int(MORNING.timestamp()) - 3600},
        {"email": None},
        {"email": ["anne@frist.example"]},
        {"email_verified": False},
        {"email": "fremmed@frist.example"},
    ],
)
def test_a_token_that_says_the_wrong_thing_signs_nobody_in(
    client: TestClient, provider: Provider, claims: dict[str, object]
) -> None:
    provider.say = claims
    assert answer(client, *come_back(client, provider)) == 403
    assert client.get("/").status_code == 303


@pytest.mark.fault("F67")
def test_a_token_by_another_key_signs_nobody_in(client: TestClient, provider: Provider) -> None:
    provider.signing = RSAKey.generate_key(auto_kid=True)
    assert answer(client, *come_back(client, provider)) == 403


@pytest.mark.fault("F68")
def test_the_way_back_is_walked_once_by_the_browser_that_set_out_and_in_time(
    client: TestClient, provider: Provider, clock: Clock
) -> None:
    code, state = come_back(client, provider)
    assert answer(client, code, "another") == 403
    assert answer(client, code, state) == 403, "the first try used the cookie up"
    code, state = come_back(client, provider)
    assert answer(client, code, state[:-1] + "å") == 403
    code, state = come_back(client, provider)
    clock.at += timedelta(minutes=10)
    assert answer(client, code, state) == 403
    clock.at = MORNING
    code, state = come_back(client, provider)
    assert answer(client, code, state) == 303
    assert answer(client, code, state) == 403
    assert answer(browser(client.app, peer="203.0.113.9"), code, state) == 403  # type: ignore[arg-type]


def test_a_provider_that_calls_itself_something_else_is_not_gone_to(
    client: TestClient, provider: Provider
) -> None:
    provider.issuer = "http://127.0.0.1:1"
    refused = client.get("/log-ind/oidc")
    assert refused.status_code == 403
    assert "brug et link i en mail" in refused.text


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers"])
def test_an_issuer_for_whoever_wants_is_refused_at_the_start(place: Workplace, tenant: str) -> None:
    chosen = {"oidc_issuer": f"https://login.microsoftonline.com/{tenant}/v2.0", "oidc_client_id": CLIENT}
    with pytest.raises(Misconfigured, match="any organisation"):
        provider_of(place.settings.model_copy(update=chosen))
