"""``aftale person export`` and ``erase`` as an operator types them, and the periods of the settings."""

from __future__ import annotations

from tests.conftest import Aftale

ANNE = ("person", "add", "anne@frist.example", "--name", "Anne Hansen", "--role", "coordinator")


def test_what_names_a_person_is_exported_and_erased_with_what_stays_and_why(aftale: Aftale) -> None:
    aftale("init", code=0)
    aftale(*ANNE, code=0)
    found = aftale("person", "export", "anne@frist.example", code=0).json()
    assert found["people"][0]["name"] == "Anne Hansen" and found["acts"]
    assert "aftale person end" in aftale("person", "erase", "anne@frist.example", "--why", "x", code=4).err
    aftale("person", "end", "anne@frist.example", code=0)
    assert "skriv hvorfor" in aftale("person", "erase", "anne@frist.example", code=2).err
    said = aftale("person", "erase", "anne@frist.example", "--why", "bedt om det", code=0).err
    assert "removed: 1 people" in said and "acts: beviser, hvem der gjorde hvad" in said
    assert aftale("person", "list", "--json", code=0).json() == []
    assert "står ingen steder" in aftale("person", "export", "ukendt@frist.example", code=3).err
    aftale("verify", code=0)
    told = aftale("audit", "--what", "export", "--json", code=0).json()
    assert [one["about"] for one in told] == ["aftale person export"] * 1


def test_a_period_that_cannot_be_meant_is_refused(aftale: Aftale) -> None:
    aftale("init", code=0)
    assert "30 to 3650" in aftale("status", code=78, AFTALE_KEEP_TRIALS_DAYS="1").err
