"""Who must approve, and under which regime: the real bodies of ``calendars/``."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.errors import Invalid, NotFound
from workflow.storage.law.rulebook import Rulebook, load
from workflow.storage.places import find_folder


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load(find_folder("calendars"))


@pytest.mark.parametrize(
    ("region", "councils"),
    [("nordjylland", 12), ("midtjylland", 20), ("syddanmark", 23), ("hovedstaden", 30), ("sjaelland", 18)],
)
def test_every_council_of_a_region_must_approve(book: Rulebook, region: str, councils: int) -> None:
    """Regional council and municipalities: 1+11, 1+19, 1+22, 1+29, 1+17."""
    parties = book.parties(region, date(2023, 6, 1))
    assert len(parties) == councils
    assert [party.regional for party in parties] == [True] + [False] * (councils - 1)
    codes = [party.code for party in parties[1:]]
    assert codes == sorted(set(codes))


def test_the_parties_have_their_full_names(book: Rulebook) -> None:
    names = {party.code: party.name for party in book.parties("nordjylland", date(2023, 6, 1))}
    assert (names["1081"], names["0851"]) == ("Region Nordjylland", "Aalborg Kommune")


@pytest.mark.fault("F59")
def test_a_merging_region_keeps_its_councils_and_the_new_one_has_its_own(book: Rulebook) -> None:
    """OVG §§ 6-7: Østdanmark from 1 January 2027; its official code was not found."""
    new = book.parties("oestdanmark", date(2026, 11, 21))
    assert (new[0].code, new[0].name, len(new)) == ("oestdanmark", "Region Østdanmark", 1 + 29 + 17)
    assert book.parties("oestdanmark", date(2028, 1, 1)) == new
    assert len(book.parties("hovedstaden", date(2028, 1, 1))) == 30
    assert book.region("sjaelland").successor == "oestdanmark"
    assert book.region("sjaelland").valid_to == date(2026, 12, 31)


def test_under_the_order_of_2009_an_agreement_has_two_parties(book: Rulebook) -> None:
    """BEK 778/2009 § 4, stk. 1."""
    agreement = book.agreement("nordjylland", "2011-2014", "2010-2013", date(2010, 6, 1), "0851")
    assert [party.name for party in agreement.parties] == ["Region Nordjylland", "Aalborg Kommune"]
    whole_round = book.agreement("nordjylland", "2011-2014", "2010-2013", date(2010, 6, 1))
    assert len(whole_round.parties) == 12  # no municipality named: the region's round kept as one
    with pytest.raises(NotFound, match="0101"):
        book.agreement("nordjylland", "2011-2014", "2010-2013", date(2010, 6, 1), "0101")


def test_an_agreement_stands_under_the_regime_of_its_term(book: Rulebook) -> None:
    agreement = book.agreement("syddanmark", "2024-2027", "2022-2025", date(2026, 11, 21))
    assert (agreement.key, agreement.regime.id) == ("syddanmark/2024-2027", "bek-1248-2022")
    assert agreement.council("0461") and not agreement.council("0851")


def test_what_cannot_be_an_agreement_is_refused(book: Rulebook) -> None:
    on = date(2026, 11, 21)
    with pytest.raises(NotFound, match="nordjylland, midtjylland"):
        book.agreement("jylland", "x", "2022-2025", on)
    with pytest.raises(NotFound, match="2022-2025"):
        book.agreement("nordjylland", "x", "2023-2027", on)
    with pytest.raises(Invalid, match="2030-2033"):
        book.agreement("nordjylland", "x", "2030-2033", on)
    with pytest.raises(Invalid, match="findes ikke i valgperioden"):
        book.agreement("oestdanmark", "x", "2022-2025", on)
    with pytest.raises(Invalid, match="er der én aftale for hele regionen"):
        book.agreement("nordjylland", "x", "2022-2025", on, "0851")


def test_the_clusters_and_health_councils_hold_every_municipality(book: Rulebook) -> None:
    """The 21 acute hospitals have 22 clusters in practice; a municipality can sit in two."""
    codes = {m.code for m in book.memberships}
    assert (len(codes), len(book.tiles), len(book.clusters), len(book.health_councils)) == (98, 98, 22, 17)
    in_clusters = [code for cluster in book.clusters for code in cluster.councils]
    assert (set(in_clusters), len(in_clusters)) == (codes, 100)
    in_health = [code for council in book.health_councils for code in council.councils]
    assert sorted(in_health) == sorted(codes)


def test_every_rule_is_checked_cited_and_has_a_danish_title(book: Rulebook) -> None:
    quoted = {quotation.cite for quotation in book.quotations}
    for regime in book.law.regimes:
        for rule in regime.deadlines:
            assert rule.checked_on >= date(2026, 11, 21), rule.id
            assert rule.title.da != rule.title.en, rule.id
            also = {"grundlovsdag", "juleaftensdag", "nytaarsaften"}
            expected = also if regime.kind == "health-agreement" else set()
            assert set(rule.also_closed) == expected, rule.id
            if rule.certainty == "inferred":
                unread = [cite for cite in rule.cite if "§" in cite and cite not in quoted]
                assert not unread, "no paragraph may be cited from a text nobody read"
                assert rule.note, rule.id
