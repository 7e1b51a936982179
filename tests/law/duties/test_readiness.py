"""What stands between an agreement and its submission: each thing with its provision and who can clear it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.errors import Invalid, NotPossible
from workflow.services.planning.involvement import Missing
from workflow.services.planning.marks import marks_json
from workflow.services.planning.owing import owed_now
from workflow.services.planning.readiness import readiness, sent_without
from workflow.services.views.status import readiness_json
from workflow.services.watch.expecting import duties

CLUSTERS = [cluster.id for cluster in rules().clusters_of("nordjylland")]


def missing(desk: LawDesk, key: str = "nordjylland/2024-2027", as_of: str = "2023-12-20") -> list[Missing]:
    return readiness(desk.at(key, as_of), rules())


def needs(desk: LawDesk, **where: str) -> list[str]:
    return [one.need for one in missing(desk, **where) if not one.warning]


def prepare(desk: LawDesk) -> None:
    """Everything but the councils: O-14, O-20, O-21, O-22, O-23, O-32 and O-33."""
    desk.tell("piu-meeting-held", "2022-11-01")
    desk.tell("drafting-opened", "2022-12-01")
    for cluster in CLUSTERS:
        desk.tell("cluster-input", "2023-02-01", about=cluster)
    desk.tell("goals-set", "2023-05-01", about="1;3")
    desk.tell("consultation-opened", "2023-06-28", due="2023-09-08", time="12:00")
    desk.tell("consultation-closed", "2023-09-08")
    desk.tell("annex-added", "2023-09-20")
    desk.tell("effective", "2024-01-01")


def test_of_a_new_agreement_everything_is_missing_with_its_provision_and_who_can_clear_it(
    desk: LawDesk,
) -> None:
    found = missing(desk)
    assert [one.need for one in found] == [
        "piu-meeting", *["cluster-input"] * 4, "consultation", "goals", "annexes", "version-number", "effective-date",
        "sent", "nominal-end",
    ]  # fmt: skip
    assert all(one.cite for one in found)
    assert [one.who for one in found if one.need == "cluster-input"] == CLUSTERS
    assert {one.who for one in found} - set(CLUSTERS) == {"ssu", "regional-council"}


def test_each_council_that_has_not_said_yes_is_named(desk: LawDesk) -> None:
    """O-30, O-31, O-34."""
    prepare(desk)
    assert needs(desk) == ["sent"]
    desk.tell("sent-for-approval", "2023-10-02", due="2023-11-30")
    desk.tell("council-approved", "2023-11-27", council="0851")
    desk.tell("evidence", "2023-11-28", council="0851")
    desk.tell("council-conditional", "2023-11-27", council="0860")
    found = [one for one in missing(desk) if one.need == "approval"]
    assert len(found) == 11
    assert [one.text for one in found if one.who == "0860"] == [
        "Hjørring Kommune: godkendt med forbehold (version 1)"
    ]


def test_when_nothing_is_missing_it_is_ready_and_may_be_submitted(desk: LawDesk) -> None:
    prepare(desk)
    desk.sends("2023-10-02")
    assert [(one.need, one.warning) for one in missing(desk)] == [("nominal-end", True)]
    desk.tell("submitted", "2023-12-15")


def test_after_submission_the_final_status_is_next_and_needs_the_midterm(desk: LawDesk) -> None:
    """O-62."""
    prepare(desk)
    desk.concludes()
    assert needs(desk, as_of="2024-01-11") == []  # the guidance that asks for it takes effect the day after
    assert needs(desk, as_of="2024-01-12") == ["midterm"]
    assert missing(desk, as_of="2024-01-12")[0].cite == "VEJ 9008/2024 afsnit 6"
    desk.tell("midterm-sent", "2025-12-10")
    assert needs(desk, as_of="2025-12-10") == []


def test_a_hearing_that_is_open_is_no_consultation_yet(desk: LawDesk) -> None:
    """O-23."""
    prepare(desk)
    assert "consultation" in needs(desk, as_of="2023-09-07")
    assert "consultation" not in needs(desk, as_of="2023-09-09")


def test_goals_say_which_national_goals_they_are_tied_to(desk: LawDesk) -> None:
    """O-22."""
    desk.tell("goals-set", "2023-05-01", source="Nationale mål 1 og 3")
    assert "national-goals" in needs(desk)
    for about in ("x", "0", "9", "1; to", "-1"):
        assert "1 til 8" in desk.refuses(Invalid, "goals-set", "2023-05-02", about=about)
    desk.tell("goals-set", "2023-05-02", about="2, 8")
    assert not {"goals", "national-goals"} & set(needs(desk))


def test_a_patient_committee_met_too_late_is_told_and_stops_nothing(desk: LawDesk) -> None:
    """O-14: the meeting belongs before drafting, and nobody can turn time back."""
    desk.tell("sent-for-approval", "2023-10-02")
    desk.tell("piu-meeting-held", "2023-10-20")
    found = [one for one in missing(desk) if one.need == "piu-meeting"]
    assert [(one.warning, one.text) for one in found] == [
        (True, "patientinddragelsesudvalget blev først indkaldt 20. oktober 2023, efter at der forelå et udkast "
               "2. oktober 2023")
    ]  # fmt: skip
    desk.tell("drafting-opened", "2023-09-01", version=1)
    [found_then] = [one for one in missing(desk) if one.need == "piu-meeting"]
    assert found_then.text.endswith("efter at udkastet var begyndt 1. september 2023")


def test_a_later_meeting_with_the_patients_is_not_the_one_before_the_draft(desk: LawDesk) -> None:
    """What lacked at the submission is a mark; the yearly meeting of the next term's committee says nothing of it."""
    desk.concludes()
    desk.tell("sst-approved", "2024-02-01")
    desk.tell("revision-opened", "2026-11-01", version=2)
    desk.tell("piu-meeting-held", "2026-11-15")
    found = readiness_json(desk.at(as_of="2026-11-20"), rules())
    assert not [one for one in (*found["missing"], *found["warnings"]) if one["need"] == "piu-meeting"]
    assert "piu-meeting" in {one["need"] for one in marks_json(desk.at(as_of="2026-11-20"), rules())}


def test_a_meeting_of_the_next_term_is_not_that_of_the_term_in_which_the_text_is_drafted(
    desk: LawDesk,
) -> None:
    desk.tell("drafting-opened", "2022-11-01")
    desk.tell("piu-meeting-held", "2026-03-02")
    found = [one for one in missing(desk, as_of="2026-03-03") if one.need == "piu-meeting"]
    assert [one.warning for one in found] == [False]


def test_a_revision_needs_a_hearing_of_its_own(desk: LawDesk) -> None:
    """O-66, O-23."""
    prepare(desk)
    desk.concludes()
    desk.tell("sst-approved", "2024-02-01")
    desk.tell("revision-opened", "2025-02-03")
    assert needs(desk, as_of="2025-03-01") == ["consultation", "sent"]


def test_after_a_refusal_a_new_version_is_what_is_missing(desk: LawDesk) -> None:
    """O-46."""
    prepare(desk)
    desk.concludes()
    desk.tell("sst-refused", "2024-02-01", due="2024-06-01")
    assert needs(desk, as_of="2024-02-02") == ["sent"]


def test_a_regime_asks_only_for_what_it_has_a_provision_for(empty: LawDesk) -> None:
    key = empty.open("syddanmark", "2018-2021", "2019-2023")
    assert needs(empty, key=key, as_of="2019-03-01") == ["goals", "sent"]
    key = empty.open("nordjylland", "2010-2013", "2011-2014", municipality="0851")
    assert needs(empty, key=key, as_of="2010-11-01") == ["sent"]


def test_what_was_known_later_is_missing_earlier(desk: LawDesk) -> None:
    prepare(desk)
    assert "annexes" in needs(desk, as_of="2023-09-19")
    assert "annexes" not in needs(desk, as_of="2023-09-20")


def test_once_the_law_has_ended_nothing_can_be_submitted(desk: LawDesk) -> None:
    desk.tell("regime-confirmed", "2026-11-21", due="2027-01-01")
    assert "law" not in needs(desk, as_of="2026-12-31")
    assert needs(desk, as_of="2027-01-01") == ["law", "unmet"]


def test_what_is_due_after_the_end_of_the_law_need_not_be_submitted_before_it(empty: LawDesk) -> None:
    """Trap 40: the submission of 1 July 2027 is gone under both possible dates, and under the confirmed one."""
    key = empty.open("nordjylland", "2026-2029", "2027-2031")
    (by_both,) = missing(empty, key=key, as_of="2026-11-20")
    assert (by_both.need, "bortfaldet under begge mulige datoer" in by_both.text) == ("law", True)
    empty.tell("regime-confirmed", "2026-11-21", key, due="2027-01-01")
    (before,) = missing(empty, key=key, as_of="2026-12-31")
    assert (before.need, "er bortfaldet med reglerne" in before.text) == ("law", True)
    (after,) = missing(empty, key=key, as_of="2027-01-01")
    assert (after.need, "ophævet fra 1. januar 2027" in after.text) == ("law", True)


def test_a_council_that_joins_or_leaves_the_region_after_the_text_went_out_is_told(empty: LawDesk) -> None:
    """Bodies are dated; the parties must be the councils of the day (O-32)."""
    key = empty.open("hovedstaden")
    empty.tell("sent-for-approval", "2023-10-02", key)
    assert "parties" not in needs(
        empty, key=key, as_of="2027-02-01"
    )  # a merging region keeps its last councils
    assert day("2027-02-01") > date(2026, 12, 31)


def test_rules_without_a_submission_are_refused_as_a_question(desk: LawDesk) -> None:
    from dataclasses import replace

    standing = desk.at()
    silent = replace(standing.agreement.regime, provisions={})
    with pytest.raises(NotPossible, match="kender ingen indsendelse"):
        readiness(replace(standing, agreement=replace(standing.agreement, regime=silent)), rules())


def test_nothing_is_announced_as_ready_before_annexes_and_effective_date_are_there(desk: LawDesk) -> None:
    """O-32, O-33: N-11 waits for them, in the planner and in the second reckoner."""
    desk.sends(on="2023-03-01", yes_on="2023-05-01")

    def told() -> set[tuple[bool, bool]]:
        planned = {one.letter.name for one in desk.letters("2023-05-02")}
        expected = {
            duty.letter for duty in duties(rules(), desk.at(as_of="2023-05-02"), day("2023-05-02"), {})
        }
        return {("ready-to-submit" in planned, "ready-to-submit" in expected)}

    assert told() == {(False, False)}
    desk.tell("annex-added", "2023-05-02")
    assert told() == {(False, False)}
    desk.tell("effective", "2023-05-02", due="2024-01-01")
    assert told() == {(True, True)}


def test_a_submission_without_annexes_is_recorded_and_says_what_was_not_there(desk: LawDesk) -> None:
    """O-32, O-33: duties by the guidance's words; the fact stands and SST's clock is watched."""
    desk.sends(yes_on="2023-05-01", on="2023-03-01")
    done = desk.tell("submitted", "2023-06-01")
    said = sent_without(done.after, rules(), done.fact)
    assert ["annex-added" in said[0], "effective" in said[1], len(said)] == [True, True, 2]
    assert desk.date("sst-decision") == "2023-07-27"
    desk.tell("annex-added", "2023-06-01")
    desk.tell("effective", "2024-01-01")
    assert sent_without(desk.at(as_of="2024-01-01"), rules(), done.fact) == []


def test_a_refused_text_sent_again_unchanged_is_remarked_on_and_goes(desk: LawDesk) -> None:
    """O-45, O-46: the agreement is to be changed, yet what was lacking may have been an annex."""
    desk.tell("sent-for-approval", "2023-10-02", file=b"%PDF the text")
    for party in desk.at().agreement.parties:
        desk.tell("council-approved", "2023-11-27", council=party.code)
    desk.tell("submitted", "2023-12-15")
    desk.tell("sst-refused", "2024-02-01", due="2024-06-01")
    again = desk.tell("sent-for-approval", "2024-03-01", version=2, file=b"%PDF the text")
    (said,) = sent_without(again.after, rules(), again.fact)
    assert said.startswith("teksten er den samme som i version 1, som Sundhedsstyrelsen har afslået")
    assert "BEK 1248/2022 § 21, stk. 4" in said
    other = desk.tell("sent-for-approval", "2024-03-08", version=3, file=b"%PDF another text")
    assert sent_without(other.after, rules(), other.fact) == []


def test_a_plan_that_one_council_adopts_lacks_its_adoption_and_no_councils_approval(empty: LawDesk) -> None:
    """Lov 1761/2025, sundhedsloven § 206 d, stk. 3: the regional council alone adopts the local health plan."""
    desk = LawDesk(empty.engine, rules(), day("2027-03-01"))
    desk.open(
        "vendsyssel", "2026-2029", "2027-2030", day("2027-02-01"), regime="naersundhedsplan-lov-1761-2025"
    )
    key = "nordjylland/vendsyssel-2027-2030"
    [lacking] = readiness(desk.at(key, "2027-03-01"), rules())
    assert (lacking.text, lacking.who) == ("nærsundhedsplanen er ikke vedtaget", "1081")
    desk.tell("adopted", "2027-03-01", key, version=1)
    assert readiness(desk.at(key, "2027-03-01"), rules()) == []


def test_a_municipalitys_own_plan_is_its_councils_to_adopt(empty: LawDesk) -> None:
    """BEK 150/2025 § 7, stk. 1: every municipal council adopts one, not the regional council."""
    desk = LawDesk(empty.engine, rules(), day("2027-03-01"))
    regime = "sundhedsberedskabsplan-kommune-bek-150-2025"
    desk.open("aalborg", "2026-2029", "beredskab-2026-2029", day("2027-02-01"), regime=regime)
    [lacking] = readiness(desk.at("nordjylland/aalborg-beredskab-2026-2029", "2027-03-01"), rules())
    assert (lacking.text, lacking.who) == ("sundhedsberedskabsplanen er ikke vedtaget", "0851")
    desk.tell("adopted", "2027-03-01", "nordjylland/aalborg-beredskab-2026-2029", version=1)
    later = desk.at("nordjylland/aalborg-beredskab-2026-2029", "2027-03-08")
    told = {
        one.letter.name: one.recipient
        for one in owed_now(rules(), later, day("2027-03-08"), day("2027-03-08"), {})
    }
    assert told["duty"] == "0851/council"  # who adopted it sends it, not the region


@pytest.mark.parametrize("annex_on", ["2023-05-02", "2023-07-21"])
def test_a_text_that_is_ready_after_the_reminders_day_is_told_once_and_never_called_late(
    desk: LawDesk, annex_on: str
) -> None:
    """The date was 1 July 2023; the last council said yes on 20 July, and the annexes came that day or before."""
    desk.tell("effective", "2023-05-02", due="2024-01-01")
    desk.tell("sent-for-approval", "2023-04-10")
    desk.tell("annex-added", annex_on)
    for party in desk.at().agreement.parties:
        on = "2023-07-20" if party.regional else "2023-05-11"
        desk.tell("council-approved", on, council=party.code)
    told = [one for one in desk.letters("2023-07-21") if one.letter.name == "ready-to-submit"]
    assert len({one.recipient for one in told}) == len(told) == 3
    assert not [one for one in told if one.late or one.facts["late"]]
    owed = list(duties(rules(), desk.at(as_of="2023-07-21"), day("2023-07-21"), {}))
    assert {duty.key for duty in owed if duty.letter == "ready-to-submit"} == {one.key for one in told}


def test_a_hearing_shorter_than_its_reminder_is_not_called_reminded_of_too_late(desk: LawDesk) -> None:
    desk.tell("consultation-opened", "2023-03-01", due="2023-03-08", time="12:00")
    told = [one for one in desk.letters("2023-03-01") if one.letter.name.startswith("consultation-")]
    told += [one for one in desk.letters("2023-03-02") if one.letter.name.startswith("consultation-")]
    assert {one.letter.name for one in told} == {"consultation-opened"}
    assert "consultation-closing" in {one.letter.name for one in desk.letters("2023-03-06")}
