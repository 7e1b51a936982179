"""Signing in by an identity provider that really runs, over real HTTP."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import Clock, SignIn, browser, csrf, plain
from tests.faces.web.onesite import OneSite
from tests.faces.web.provider import CLIENT, SECRET, Provider
from workflow.errors import Misconfigured
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.faces.web.gate.oidc import grants_of, provider_of
from workflow.mail.sending.web import call
from workflow.services.people.persons import add_person, end_person, list_persons
from workflow.services.watch.trail import Asked, entries
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.facts.acts import acts_of
from workflow.storage.people.people import Person

GROUPS = {"g-sekr": "secretariat nordjylland", "g-raad": "council 0851", "g-tom": "secretariat jylland"}


@pytest.fixture
def client(place: Workplace, provider: Provider, clock: Clock, one_site: OneSite) -> Iterator[TestClient]:
    chosen = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_domains": "frist.example, Region.example",
        "oidc_groups": GROUPS,
    }
    there = replace(place, settings=place.settings.model_copy(update=chosen))
    add_person(
        place.engine, place.rulebook, email="anne@frist.example", name="Anne", role="secretariat",
        region="nordjylland", at=clock(),
    )  # fmt: skip
    app = one_site.at(there, clock)
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
        {"nonce": ...},
        {"iss": ...},
        {"exp": ...},
        {"aud": ...},
        {"aud": "another"},
        {"iss": "https://ond.example"},
        {"exp": int(MORNING.timestamp()) - 3600},
        {"email": None},
        {"email": ["anne@frist.example"]},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": 0},
        {"email_verified": None},
        {"azp": "another"},
        {"aud": [CLIENT, "another"]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"email": "anne@\u212aommune.example"},  # folds to k in Unicode, and is somebody else's
        {"email": "anne@fri\u017ft.example"},
        {"email": None, "preferred_username": "anne@andre.example"},
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
    client: TestClient, provider: Provider, clock: Clock, place: Workplace
) -> None:
    code, state = come_back(client, provider)
    assert answer(client, code, "another") == 403
    assert len(entries(place.engine, Asked(what="sign-in-failed"))) == 1
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


@pytest.mark.parametrize(
    "claims",
    [{}, {"email_verified": False}, {"email_verified": "true"}, {"xms_edov": False}, {"xms_edov": "0"}],
)
def test_an_address_the_organisation_does_not_give_out_must_be_verified(
    client: TestClient, provider: Provider, place: Workplace, clock: Clock, claims: dict[str, object]
) -> None:
    add_person(
        place.engine, place.rulebook, email="guest@andre.example", name="G", role="coordinator", at=clock()
    )
    provider.say = {"email": "guest@andre.example", **claims}
    assert answer(client, *come_back(client, provider)) == 403
    for good in ({"email_verified": True}, {"xms_edov": True}, {"xms_edov": "1"}):
        provider.say = {"email": "guest@andre.example", **good}
        assert answer(client, *come_back(client, provider)) == 303


def test_the_first_account_is_bound_to_its_person_and_another_with_the_address_is_refused(
    client: TestClient, provider: Provider, place: Workplace, clock: Clock
) -> None:
    assert answer(client, *come_back(client, provider)) == 303
    provider.say = {"email": ..., "preferred_username": "anne@frist.example"}
    assert answer(client, *come_back(client, provider)) == 303
    provider.say = {"sub": "2"}
    assert answer(client, *come_back(client, provider)) == 403
    provider.say = {"sub": "1", "email": "nyt.navn@frist.example"}  # the address changed, the account did not
    assert answer(client, *come_back(client, provider)) == 303
    assert "Anne (sekretariat)" in client.get("/").text
    add_person(  # a new access forgets the account
        place.engine, place.rulebook, email="anne@frist.example", name="Anne", role="coordinator", at=clock()
    )
    provider.say = {"sub": "2"}
    assert answer(client, *come_back(client, provider)) == 303


def person(place: Workplace, email: str) -> Person | None:
    return next((one for one in list_persons(place.engine) if one.email == email), None)


def test_a_group_gives_changes_and_ends_an_access_and_a_persons_word_stands_above_it(
    client: TestClient, provider: Provider, place: Workplace, clock: Clock, signed_in: SignIn
) -> None:
    bo = {"email": "bo@region.example", "sub": "bo", "name": "Bo Holm"}
    provider.say = bo | {"groups": ["x", "g-sekr"]}
    assert answer(client, *come_back(client, provider)) == 303
    assert "Bo Holm (sekretariat)" in client.get("/").text
    provider.say = bo | {"groups": ["g-raad"]}
    assert answer(client, *come_back(client, provider)) == 303
    assert (person(place, "bo@region.example") or Person(**{})).body == "0851"
    page = plain(signed_in("administrator").get("/personer?region=nordjylland"))
    assert "gruppen g-raad i arbejdskontoen" in page
    for untold in ({}, {"groups": [str(number) for number in range(501)]}):  # too many are not believed
        provider.say = bo | untold  # groups are not told: nothing changes
        assert answer(client, *come_back(client, provider)) == 303
        assert (person(place, "bo@region.example") or Person(**{})).body == "0851"
    provider.say = bo | {"groups": [*(str(number) for number in range(499)), "g-sekr"]}
    assert answer(client, *come_back(client, provider)) == 303
    assert (person(place, "bo@region.example") or Person(**{})).body == ""
    provider.say = bo | {"groups": []}
    assert answer(client, *come_back(client, provider)) == 403
    assert client.get("/").status_code == 303, "what was begun has ended too"
    provider.say = bo | {"groups": ["g-sekr"]}
    assert answer(client, *come_back(client, provider)) == 303
    end_person(place.engine, "bo@region.example", clock())
    assert answer(client, *come_back(client, provider)) == 403
    with reading(place.engine) as session:
        acts = [(act.what, act.by) for act in acts_of(session, "person", ["bo@region.example"])]
    by = "arbejdskontoens grupper"
    assert acts == [
        ("ended", ""), ("changed", by), ("ended", by), ("changed", by), ("changed", by), ("added", by)
    ]  # fmt: skip
    provider.say = {"groups": ["g-raad"]}  # Anne's access was given by a person
    assert answer(client, *come_back(client, provider)) == 303
    assert "Anne (sekretariat)" in client.get("/").text


def test_a_group_that_names_no_place_there_is_gives_nothing(
    client: TestClient, provider: Provider, place: Workplace
) -> None:
    provider.say = {"email": "bo@region.example", "sub": "bo", "groups": ["g-tom"]}
    assert answer(client, *come_back(client, provider)) == 403
    assert person(place, "bo@region.example") is None


def test_discovery_and_keys_are_read_once_in_ten_minutes_and_new_keys_are_found(
    client: TestClient, provider: Provider, clock: Clock
) -> None:
    for _ in range(3):
        assert answer(client, *come_back(client, provider)) == 303
    assert (provider.asked["/.well-known/openid-configuration"], provider.asked["/keys"]) == (1, 1)
    clock.at += timedelta(minutes=2)
    provider.key = provider.signing = RSAKey.generate_key(auto_kid=True)
    assert answer(client, *come_back(client, provider)) == 303
    assert provider.asked["/keys"] == 2
    clock.at += timedelta(minutes=10)
    provider.now += 720
    assert answer(client, *come_back(client, provider)) == 303
    assert provider.asked["/.well-known/openid-configuration"] == 2


def test_a_provider_that_is_away_is_not_asked_again_by_each_who_comes(
    client: TestClient, provider: Provider, clock: Clock
) -> None:
    provider.away = True
    for _ in range(5):
        assert client.get("/log-ind/oidc").status_code == 403
    assert provider.asked["/.well-known/openid-configuration"] == 1
    with pytest.raises(OSError) as told:
        call(f"{provider.issuer}/.well-known/openid-configuration")
    assert told.value.closed, "the connection is not left to the collector"  # type: ignore[attr-defined]
    provider.away = False
    clock.at += timedelta(seconds=30)
    assert client.get("/log-ind/oidc").status_code == 303


def test_one_client_sets_out_and_comes_back_twenty_times_in_ten_minutes(
    client: TestClient, clock: Clock
) -> None:
    form = {"csrf": csrf(client, client.app)}
    for way, usual in (
        (lambda: client.get("/log-ind/oidc"), 303),
        (lambda: client.get("/log-ind/oidc/svar"), 403),
        (lambda: client.post("/log-ind/gaettet", data=form), 404),
    ):
        assert [way().status_code for _ in range(20)] == [usual] * 20
        spent = way()
        assert spent.status_code == 429 and int(spent.headers["Retry-After"]) > 1
        clock.at += timedelta(minutes=10)
        assert way().status_code == usual


@pytest.mark.fault("F76")
def test_those_who_wait_for_a_silent_provider_leave_the_site_its_threads(
    place: Workplace, clock: Clock
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections and never answers
        chosen = {"oidc_issuer": f"http://127.0.0.1:{silent.getsockname()[1]}", "oidc_client_id": CLIENT}
        app = create_app(lambda: replace(place, settings=place.settings.model_copy(update=chosen)), clock)
        with ThreadPoolExecutor(45) as pool:
            asked = [
                pool.submit(browser(app, peer=f"203.0.113.{number}").get, "/log-ind/oidc")
                for number in range(45)
            ]
            assert browser(app).get("/healthz").status_code in (200, 503)  # answered, while they wait
            codes = Counter(one.result().status_code for one in asked)
        app.state.postman.close()
    assert codes[403] <= 4 and codes[429] >= 41


def test_the_mail_link_can_be_switched_off_where_work_accounts_are_on(
    client: TestClient, provider: Provider, place: Workplace, clock: Clock
) -> None:
    chosen = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "sign_in_by_mail": False}
    there = replace(place, settings=place.settings.model_copy(update=chosen))
    app = create_app(lambda: there, clock)
    only = browser(app, peer="203.0.113.7")
    page = only.get("/log-ind").text
    assert "Send link" not in page and "Log ind med din arbejdskonto" in page
    for path in ("/log-ind", "/log-ind/x", "/log-ind/kode"):
        asked = only.post(path, data={"csrf": csrf(only, app), "email": "anne@frist.example"})
        assert asked.status_code == 409
    app.state.postman.close()
    assert not list(place.settings.inbox.glob("*.eml"))
    with pytest.raises(Misconfigured, match="nobody could sign in"):
        Settings(data_dir=place.settings.data_dir, sign_in_by_mail=False)


def test_a_group_that_names_no_role_stops_the_start(place: Workplace) -> None:
    chosen = {"oidc_groups": {"g": "konge nordjylland"}}
    with pytest.raises(Misconfigured, match="is no role"):
        grants_of(place.settings.model_copy(update=chosen))


@pytest.mark.parametrize(
    "issuer",
    [
        *(f"https://login.microsoftonline.com/{tenant}/v2.0" for tenant in (
            "common", "organizations", "consumers", "COMMON", "Organizations", "%63ommon", "contoso.onmicrosoft.com",
            "9188040d-6c67-4c5b-b112-36a304b66dad", "9188040D-6C67-4C5B-B112-36A304B66DAD", "",
        )),
        "https://LOGIN.microsoftonline.com./common/v2.0", "https://sts.windows.net/common/",
        "https://login.live.com", "https://accounts.google.com", "https://Accounts.Google.com/",
        "https://appleid.apple.com", "https://gitlab.com", "https://borgere.b2clogin.com/tenant/v2.0",
    ],
)  # fmt: skip
def test_an_issuer_for_whoever_wants_is_refused_at_the_start(place: Workplace, issuer: str) -> None:
    chosen = {"oidc_issuer": issuer, "oidc_client_id": CLIENT}
    with pytest.raises(Misconfigured, match="any organisation"):
        provider_of(place.settings.model_copy(update=chosen))


@pytest.mark.parametrize(
    "issuer",
    ["https://login.microsoftonline.com/8c1ed9b7-3c1f-4d6c-9a1b-0e6a2f4f9d11/v2.0", "https://id.region.example/realms/r"],
)  # fmt: skip
def test_an_organisations_own_issuer_is_taken(place: Workplace, issuer: str) -> None:
    assert provider_of(place.settings.model_copy(update={"oidc_issuer": issuer})).issuer == issuer


@pytest.mark.parametrize(("claims", "status"), [
    ({"acr": "high", "amr": ["pwd", "mfa"]}, 303), ({"acr": "high", "amr": ["hwk"]}, 303),
    ({"acr": "high", "amr": ["pwd"]}, 403), ({"acr": "high"}, 403), ({"acr": "high", "amr": "mfa"}, 403),
    ({"acr": "low", "amr": ["mfa"]}, 403), ({"amr": ["mfa"]}, 403), ({"acr": ["high"], "amr": ["mfa"]}, 403),
])  # fmt: skip
def test_where_a_strength_is_asked_for_a_weaker_sign_in_is_refused(
    client: TestClient,
    clock: Clock,
    provider: Provider,
    one_site: OneSite,
    claims: dict[str, object],
    status: int,
) -> None:
    place = client.app.state.gate.place()  # type: ignore[attr-defined]
    strong = {"oidc_acr": "high, higher", "oidc_amr": "mfa hwk"}
    asked = replace(place, settings=place.settings.model_copy(update=strong))
    client = browser(one_site.at(asked, clock), peer="203.0.113.7")
    provider.say = claims
    out = client.get("/log-ind/oidc")
    assert "acr_values=high+higher" in out.headers["Location"].replace("%20", "+")
    code, state = provider.authorize(out.headers["Location"])
    assert answer(client, code, state) == status
