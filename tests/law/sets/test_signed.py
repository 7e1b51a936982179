"""Rules are signed by a lawyer or say that they are not; a date has the law's words behind it or is listed as bare."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.law.desk import ROOT, LawDesk, day, rules
from workflow.errors import Misconfigured
from workflow.rules.regime import CheckedBy
from workflow.services.law.unsigned import unquoted, unquoted_of, unsigned
from workflow.services.planning.letterfacts import letter_facts
from workflow.storage.law.lawfiles import RegimeFile
from workflow.storage.law.quotations import QuotationsFile
from workflow.storage.law.readtoml import read_toml
from workflow.storage.law.rulebook import Rulebook

BY = CheckedBy("Anne Holm", "Region Nordjylland, Jura", date(2026, 12, 1), "Retsinformation, BEK nr. 1248")
FILE = ROOT / "calendars" / "regimes" / "bek-1248-2022.toml"


def with_signatures(book: Rulebook) -> Rulebook:
    """The same rules, each signed."""
    regimes = tuple(
        replace(
            one,
            checked_by=BY,
            deadlines=tuple(replace(rule, checked_by=BY) for rule in one.deadlines),
            tasks=tuple(replace(task, checked_by=BY) for task in one.tasks),
            quotas=tuple(replace(quota, checked_by=BY) for quota in one.quotas),
        )
        for one in book.law.regimes
    )
    return replace(book, law=replace(book.law, regimes=regimes))


def test_no_rule_is_signed_yet_and_each_is_named() -> None:
    found = unsigned(rules().law)
    assert "bek-1248-2022 submission" in found and "bek-1248-2022 piu-procedure" in found
    assert unsigned(with_signatures(rules()).law) == []


def test_a_letter_says_that_its_rules_are_not_signed_until_they_are(desk: LawDesk) -> None:
    standing = desk.at(as_of="2023-06-01")
    told = standing.deadline("submission")
    for book, unchecked in ((rules(), True), (with_signatures(rules()), False)):
        facts = letter_facts(standing, book, "nordjylland/secretariat-region", day("2023-06-01"), tell=told)
        assert facts["unchecked"] is unchecked


def test_a_signature_needs_name_office_day_and_the_text_that_was_read() -> None:
    text = FILE.read_text(encoding="utf-8")
    signed = (
        'checked_by = { name = "Anne Holm", office = "Jura", on = 2026-12-01, text = "Retsinformation" }\n'
    )
    whole = text.replace('id = "submission"\n', f'id = "submission"\n{signed}')
    rule = read_toml(str(FILE), whole.encode(), RegimeFile)
    [signature] = [one.checked_by for one in rule.deadline if one.id == "submission"]
    assert signature and signature.office == "Jura"
    with pytest.raises(Misconfigured, match=r"checked_by\.office"):
        read_toml(str(FILE), whole.replace('office = "Jura", ', "").encode(), RegimeFile)


def test_what_bears_a_date_and_is_not_quoted_is_listed() -> None:
    bare = unquoted(rules())
    assert "BEK 1248/2022 § 21, stk. 1" not in bare
    assert bare == ["VEJ 9504/2018", "OVG § 159, stk. 2", "BEK 1799/2025 § 1, stk. 2"]
    mine = {regime.id: unquoted_of(rules(), regime) for regime in rules().law.regimes}
    assert mine["bek-1569-2013"] == [] and mine["bek-679-2018"] == ["VEJ 9504/2018"]


def test_words_of_an_act_name_the_text_they_were_read_in_and_the_days_it_is_known_for() -> None:
    """F26: section 205 was read in the consolidation of 2025, which was not the one of the submission in 2023."""
    [said] = [one for one in rules().quotations if one.cite == "SUL § 205, stk. 3"]
    assert said.stands_in and said.stands_in.name == "lovbekendtgørelse nr. 275 af 12. marts 2025"
    assert (said.seen_on(date(2025, 6, 1)), said.seen_on(date(2023, 7, 1))) == (True, False)
    content = (FILE.parents[1] / "quotations.toml").read_bytes()
    bare = content.replace(b'consolidation = "lbk-275-2025"\n', b"", 1)
    with pytest.raises(Misconfigured, match="SUL is cited without a year; name the text read"):
        read_toml("quotations.toml", bare, QuotationsFile)
