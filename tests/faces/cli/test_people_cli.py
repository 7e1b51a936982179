"""``aftale person`` and ``aftale token``, as an operator types them."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.conftest import Aftale

ANNE = ("person", "add", "Anne@Frist.example", "--name", "Anne Hansen")


def test_a_person_is_added_changed_listed_and_ended(aftale: Aftale) -> None:
    aftale("init", code=0)
    said = aftale(*ANNE, "--role", "secretariat", "--region", "nordjylland", code=0)
    assert said.err.strip() == "anne@frist.example kan logge ind som secretariat nordjylland"
    aftale(*ANNE, "--role", "council", "--body", "0851", "--until", "31-12-2099", code=0)
    (one,) = aftale("person", "list", "--json", code=0).json()
    assert (one["email"], one["role"], one["region"], one["body"]) == (
        "anne@frist.example",
        "council",
        "",
        "0851",
    )
    assert one["valid_to"] == "2099-12-31"
    aftale("person", "end", "anne@frist.example", code=0)
    assert aftale("person", "list", "--json").json()[0]["valid_to"] < "2099"
    assert "anne@frist.example" in aftale("person", "list", code=0).out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--role", "king"), 2, "role 'king' is unknown; one of secretariat"),
        (("--role", "secretariat"), 2, "needs --region"),
        (("--role", "secretariat", "--region", "jylland"), 3, "no region 'jylland'"),
        (("--role", "council"), 2, "needs --body"),
        (("--role", "council", "--body", "9999"), 3, "no council '9999'"),
        (("--role", "council", "--body", "0851", "--region", "nordjylland"), 2, "takes no --region"),
        (("--role", "authority", "--region", "nordjylland"), 2, "takes no --region"),
        (("--role", "coordinator", "--until", "31-13-2027"), 2, "is no date"),
    ],
)
def test_a_person_who_cannot_be_is_refused(
    aftale: Aftale, arguments: tuple[str, ...], code: int, said: str
) -> None:
    aftale("init", code=0)
    assert said in aftale(*ANNE, *arguments, code=code).err
    assert aftale("person", "list", "--json").json() == []


def test_an_address_that_is_none_and_an_unknown_person_are_refused(aftale: Aftale) -> None:
    aftale("init", code=0)
    wrong = ("person", "add", "anne", "--name", "A", "--role", "administrator")
    assert "is no mail address" in aftale(*wrong, code=2).err
    assert "aftale person list" in aftale("person", "end", "x@frist.example", code=3).err


def test_a_token_is_shown_once_and_listed_without_itself(aftale: Aftale) -> None:
    aftale("init", code=0)
    secret = aftale("token", "add", "BI", "--region", "nordjylland", code=0).out.strip()
    assert secret.startswith("aftale_")
    assert "choose another name" in aftale("token", "add", "BI", code=4).err
    listed = aftale("token", "list", "--json", code=0)
    assert (listed.json()[0]["name"], listed.json()[0]["revoked_at"]) == ("BI", None)
    assert secret not in listed.out
    aftale("token", "revoke", "BI", code=0)
    assert aftale("token", "list", "--json").json()[0]["revoked_at"]
    assert aftale("token", "revoke", "IB", code=3).err


def test_a_colleague_is_invited_by_mail_and_the_audit_tells_it(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    invite = (
        "person",
        "invite",
        "bo@frist.example",
        "--name",
        "Bo Holm",
        "--role",
        "council",
        "--body",
        "0851",
    )
    said = aftale(*invite, "--by", "Anne", code=0)
    assert "invitationen er afleveret" in said.err
    (mail,) = (tmp_path / "data" / "inbox").glob("*.eml")
    told = message_from_bytes(mail.read_bytes(), policy=policy.default).get_content()
    assert "Hej Bo Holm" in told and "/log-ind/" in told and "Anne" in told
    assert "har allerede adgang" in aftale(*invite[:4], "Bo", *invite[5:], code=4).err
    assert len(list((tmp_path / "data" / "inbox").glob("*.eml"))) == 1
    listed = aftale("audit", "--what", "done", "--json", code=0).json()
    assert [(one["what"], one["called"], one["about"]) for one in reversed(listed)][:2] == [
        ("person/added", "Anne", "bo@frist.example"), ("person/invited", "Anne", "bo@frist.example"),
    ]  # fmt: skip
    assert "bo@frist.example" in aftale("audit", "--who", "Anne", "--since", "2026-01-01", code=0).out
    assert "is no kind" in aftale("audit", "--what", "x", code=2).err
    assert aftale("audit", "--what", "signed-in", "--json", code=0).json() == []


def test_the_last_administrator_is_not_ended(aftale: Aftale) -> None:
    aftale("init", code=0)
    aftale(*ANNE, "--role", "administrator", code=0)
    region = ("--role", "administrator", "--region", "nordjylland")
    aftale("person", "add", "r@frist.example", "--name", "R", *region, code=0)
    assert "sidste administrator" in aftale("person", "end", "anne@frist.example", code=4).err
    aftale("person", "end", "r@frist.example", code=0)
