"""What the command line reads has an end, and what it gives out is in the audit trail."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Aftale


@pytest.mark.parametrize(
    "command",
    [
        ("contacts", "import", "/dev/zero"), ("import", "/dev/zero"),
        ("meetings", "import", "/dev/zero"), ("councils", "fill", "nordjylland/2024-2027", "/dev/zero"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_file_without_an_end_is_refused(aftale: Aftale, command: tuple[str, ...]) -> None:
    aftale("init", "--demo", code=0)
    assert "/dev/zero: it holds more than" in aftale(*command, code=2).err


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a = " + "[" * 100_000, "too deep to be meant"),
        ("a = " + "9" * 200_000, "a value that cannot be read"),
        (".".join(["a"] * 20_000) + " = 1", "a key of more than 50 parts (at line 1"),
    ],
    ids=["nested", "a long number", "a dotted key"],
)
def test_toml_that_costs_more_than_it_holds_is_refused_as_toml(
    aftale: Aftale, tmp_path: Path, written: str, said: str
) -> None:
    aftale("init", code=0)
    (tmp_path / "round.toml").write_text(written, encoding="utf-8")
    refused = aftale("import", str(tmp_path / "round.toml"), code=2).err
    assert "this is not TOML in UTF-8" in refused and said in refused


def test_two_hundred_thousand_lines_of_contacts_are_refused_by_their_size(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    lines = "0851,council,Byrådet,byraad@aalborg.example,1,,\n" * 200_000
    (tmp_path / "contacts.csv").write_text("body,function,name,email,priority,valid_from,valid_to\n" + lines)
    assert (
        "more than 2,000,000 bytes"
        in aftale("contacts", "import", str(tmp_path / "contacts.csv"), code=2).err
    )


def test_what_the_command_line_gives_out_is_in_the_trail_with_the_account(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", "--demo", code=0)
    aftale("contacts", "list", "nordjylland", code=0)
    aftale("person", "list", code=0)
    aftale("notices", "--json", code=0)
    aftale("backup", str(tmp_path / "copy.db"), code=0)
    told = aftale("audit", "--json", "--limit", "20", code=0).json()
    rows = {(one["what"], one["about"]) for one in told if one["client"] == "kommandolinjen"}
    assert rows == {
        ("contacts", "aftale contacts list nordjylland"), ("people", "aftale person list"),
        ("export", "aftale notices"), ("export", f"aftale backup {tmp_path / 'copy.db'}"),
    }  # fmt: skip
    assert {one["who"] for one in told} - {""}
    assert ("trail", "aftale audit") in {
        (one["what"], one["about"]) for one in aftale("audit", "--json").json()
    }
    aftale("verify", code=0)


def test_where_the_trail_cannot_be_written_the_command_goes_on_and_says_so(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    (file,) = tmp_path.rglob("aftale.db")
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO meta (key, value) VALUES ('moved', 'postgresql://db/aftale')")
    connection.close()
    assert "not written in the audit trail" in aftale("person", "list", code=0).err
