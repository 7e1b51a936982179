"""Facts for the letters about something that happened, or that no law dates, case by case."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mail.sample_facts import (
    AGREEMENT,
    ANSWER,
    CHAIR,
    CLUSTER,
    CONFIRM,
    COUNCIL,
    MUNICIPAL_SECRETARIAT,
    PIU,
    REGIONAL_COUNCIL,
    REGIONAL_SECRETARIAT,
    SOME_MISSING,
    VICE_CHAIR,
    Facts,
    deadline,
    event,
    facts,
    moved_submission,
    reply,
    resubmission,
    sst,
    step,
    submission,
    version,
)

Cases = Mapping[str, tuple[str, Facts]]
NEWS: Facts = {"rung": "", "since": []}
PUBLISH = ["VEJ 9008/2024 afsnit 5.5"]
LATER_RULES: Facts = {
    "instrument": "BEK 1248/2022", "ends_on": None, "candidates": ["2026-01-01", "2027-01-01"],
    "certainty": "uafklaret", "source": "Lov 719/2025 § 24",
}  # fmt: skip
UNMET: Facts = {
    "title": "Midtvejsstatus udarbejdet (bekendtgørelsen)", "legal_on": "2025-12-19",
    "cite": "BEK 1248/2022 § 22, stk. 1",
}  # fmt: skip
NOT_OWED: Facts = {
    "title": "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen", "legal_on": "2027-07-01",
    "cite": "BEK 1248/2022 § 21, stk. 1",
}  # fmt: skip


DUTIES = [
    {"next": "Udvalget vælger en formand blandt medlemmerne fra regionsrådet og en næstformand blandt borgmestrene.",
     "cite": ["SUL § 204, stk. 2", "BEK 1248/2022 § 15, stk. 5"], "missing": ["sundhedssamarbejdsudvalget"]},
    {"next": "Klyngens faglige niveau tilbyder patientinddragelsesudvalget to faste pladser.",
     "cite": ["BEK 1248/2022 § 30"], "missing": ["Klynge NORD", "Klynge MIDT"]},
]  # fmt: skip


# fmt: off
def occasions() -> Cases:
    return {**_term_and_meetings(), **_drafting(), **_authority(), **_afterwards(), **_several()}


def undated(id: str, title: str, on: str, today: str, cite: list[str]) -> Facts:
    """A date of our own making: no law and no agreement sets it, so no letter may call it a deadline."""
    why = [step("Loven sætter ingen dato; datoen er valgt, for at der kan mindes om det", on, cite[0])]
    return deadline(id, title, on, on, today, cite, why, duty="none")


def _term_and_meetings() -> Cases:
    constitution = undated(
        "constitution", "Konstituering for den nye valgperiode", "2022-01-14", "2021-12-01",
        ["SUL § 204", "BEK 1248/2022 §§ 15, 16 og 26"]) | {"subject": "2022-2025"}
    lapse = event("term-ends", "2025-12-31") | {
        "cite": ["BEK 1248/2022 §§ 8, 14, 16, stk. 3, og 26, stk. 1", "VALG § 6, stk. 3"]}
    meetings = deadline(
        "meetings", "Mindst fire møder om året", "2024-12-31", "2024-12-30", "2024-11-01",
        ["BEK 1248/2022 § 16, stk. 2"],
        [step("Loven siger ikke, hvordan året regnes; her gælder kalenderåret", "2024-12-31", "BEK 1248/2022 § 16")],
        subject="2024")
    yearly = deadline(
        "piu-yearly", "Årligt møde med patientinddragelsesudvalget", "2024-12-31", "2024-12-30", "2024-09-02",
        ["VEJ 9008/2024 afsnit 2.2.8"],
        [step("Mødet holdes hvert år; her gælder kalenderåret", "2024-12-31", "VEJ 9008/2024 afsnit 2.2.8")],
        duty="shall-guidance", subject="2024")
    before = undated("piu-before-drafting", "Møde med patientinddragelsesudvalget før udkastet", "2022-07-01",
                     "2022-06-01", ["BEK 1248/2022 § 29, stk. 1"])
    procedure = undated("task", "Inddragelsen af patientinddragelsesudvalget fastlægges", "2022-11-19", "2022-11-01",
                        ["BEK 1248/2022 § 29, stk. 2"])
    policy = undated("task", "Vurdering af udkast til kommunal sundhedspolitik: Klynge NORD", "2024-11-08",
                     "2024-11-01", ["VEJ 9008/2024 afsnit 2.1.4"])
    adjusted = deadline(
        "adjusted-agreement", "Tilrettet aftale til Sundhedsstyrelsen", "2024-05-15", "2024-05-15", "2024-05-08",
        ["VEJ 9008/2024 afsnit 5.4"],
        [step("Der er sat en dato: onsdag den 15. maj 2024", "2024-05-15", "Sundhedsstyrelsens mail")],
        duty="shall-guidance")
    committee = {"body_name": "sundhedssamarbejdsudvalget", "year": 2024, "held": 2, "planned": 1, "minimum": 4}
    both = meetings | {
        "id": "meetings", "legal_on": "2024-11-27", "aim_on": "2024-11-27", "latest_on": "2024-12-31", "days_left": 26}
    two_days = committee | {"year_dates": ["2024-12-31", "2024-11-27"], "year_signed": ""}
    cluster = {"body_name": "det politiske niveau i Klynge NORD", "year": 2024, "held": 0, "planned": 0, "minimum": 2}
    return {
        "constitution to the region's secretariat": (
            "constitution",
            facts(REGIONAL_SECRETARIAT, "2021-12-01", constitution, duties=DUTIES, magistrates=["Aalborg Kommune"])),
        "constitution to a municipal council that decides itself who sits": (
            "constitution",
            facts(COUNCIL, "2021-12-01", constitution, duties=DUTIES, magistrates=["Aalborg Kommune"])),
        "duty to the region's secretariat, by the order": (
            "duty", facts(REGIONAL_SECRETARIAT, "2022-11-01", procedure, duty={
                "next": "Fastlæg, hvordan patientinddragelsesudvalget inddrages og høres, nu da mødet er holdt.",
                "force": "shall"})),
        "duty to a cluster, recommended": (
            "duty", facts(CLUSTER, "2024-11-01", policy, duty={
                "next": "Vurdér udkastet i klyngen.", "force": "should"})),
        "duty to the regional council, a date the Authority has given": (
            "duty", facts(REGIONAL_COUNCIL, "2024-05-08", adjusted)),
        "region-ends to a municipal council": (
            "region-ends",
            facts(COUNCIL, "2026-12-01", None,
                  event=event("region-ends", "2026-12-31", about_name="Region Østdanmark",
                              cite=["OVG §§ 10, 102 og 126"]) | {
                      "regions": ["Region Hovedstaden", "Region Sjælland"],
                      "title": "Region Hovedstaden og Region Sjælland ophører; Region Østdanmark overtager"})),
        "rosters-expire to the municipal secretariat": (
            "rosters-expire", facts(MUNICIPAL_SECRETARIAT, "2025-12-01", None, event=lapse)),
        "meetings-at-risk to the region's secretariat": (
            "meetings-at-risk", facts(REGIONAL_SECRETARIAT, "2024-11-01", meetings, quota=committee)),
        "meetings-at-risk to the municipal secretariat, a year of two readings": (
            "meetings-at-risk", facts(MUNICIPAL_SECRETARIAT, "2024-11-01", both, quota=two_days)),
        "meetings-at-risk to a cluster": (
            "meetings-at-risk",
            facts(CLUSTER, "2024-11-01",
                  meetings | {"title": "Mindst to møder om året", "cite": ["BEK 1248/2022 § 6, stk. 2"]},
                  quota=cluster)),
        "piu-meeting to the region's secretariat, yearly": (
            "piu-meeting", facts(REGIONAL_SECRETARIAT, "2024-09-02", yearly)),
        "piu-meeting to the patient committee, before drafting": (
            "piu-meeting", facts(PIU, "2022-06-01", before)),
    }


def _drafting() -> Cases:
    opened = event(
        "consultation-opened", "2023-06-28", due="2023-09-08", time="12:00", source="høringsbrev af 28. juni 2023")
    draft = version(number=1, state="in_consultation", sent_on=None, reply_by=None)
    closing = deadline(
        "consultation", "Høringen slutter", "2023-09-08", "2023-09-08", "2023-09-05",
        ["høringsbrevet"],
        [step("Høringen slutter fredag den 8. september 2023 kl. 12.00", "2023-09-08", "høringsbrevet")],
        duty="agreed")
    against = event(
        "council-rejected", "2023-06-19", about="0787", about_name="Thisted Kommune", source="referat, punkt 14")
    reported = event(
        "council-approved", "2023-06-19", about="0851", about_name="Aalborg Kommune",
    ) | {
        "by": "byraad@aalborg.example", "link": "https://aftalefrist.example/indberetninger/7",
        "cite": ["SUL § 205, stk. 1"],
    }
    asked = event("contacts-asked", "2023-01-16", source="") | {"by": "Anne Holm", "cite": [], "number": 3}
    blocked = {"version": version(state="blocked")}

    def answered(state: str) -> Facts:
        """The councils once Thisted has answered so."""
        return SOME_MISSING | {"against": [{"name": "Thisted Kommune", "state": state}]}

    hearing = {"event": opened, "version": draft}
    return {
        "drafting-start to the region's secretariat": (
            "drafting-start", facts(REGIONAL_SECRETARIAT, "2022-06-30", submission("2022-06-30"))),
        "drafting-start to a cluster": (
            "drafting-start", facts(CLUSTER, "2022-06-30", submission("2022-06-30"))),
        "consultation-opened to a municipal council": (
            "consultation-opened", facts(COUNCIL, "2023-06-28", closing | {"days_left": 72}, **hearing, **NEWS)),
        "consultation-opened to a cluster, no closing date": (
            "consultation-opened",
            facts(CLUSTER, "2023-06-28", None, event=opened | {"due": None, "time": ""}, version=draft, **NEWS)),
        "consultation-opened to the patient committee": (
            "consultation-opened", facts(PIU, "2023-06-28", None, **hearing, **NEWS)),
        "consultation-closing to the region's secretariat": (
            "consultation-closing", facts(REGIONAL_SECRETARIAT, "2023-09-05", closing, **hearing)),
        "consultation-closing to the patient committee": (
            "consultation-closing", facts(PIU, "2023-09-05", closing, **hearing)),
        "consultation-closed to the municipal secretariat": (
            "consultation-closed",
            facts(MUNICIPAL_SECRETARIAT, "2023-09-08", None, version=draft | {"state": "consultation_closed"},
                  event=event("consultation-closed", "2023-09-08", time="12:00"), **NEWS)),
        "council-against to the region's secretariat": (
            "council-against",
            facts(REGIONAL_SECRETARIAT, "2023-06-20", submission("2023-06-20"), event=against,
                  councils=answered("rejected"), **blocked, **NEWS)),
        "council-against to the chair": (
            "council-against",
            facts(CHAIR, "2023-06-20", submission("2023-06-20"),
                  event=against | {"event": "council-conditional"}, councils=answered("conditional"), **blocked,
                  **NEWS)),
        "council-against to the vice-chair": (
            "council-against",
            facts(VICE_CHAIR, "2023-06-20", submission("2023-06-20"),
                  event=against | {"event": "council-postponed", "source": ""}, councils=answered("postponed"),
                  **blocked, **NEWS)),
        "contacts-confirm to the municipal council": (
            "contacts-confirm", facts(COUNCIL, "2023-01-16", None, rung="confirm3", confirm=CONFIRM, event=asked)),
        "contacts-confirm to the chair": (
            "contacts-confirm", facts(CHAIR, "2023-01-16", None, rung="confirm4", confirm=CONFIRM, event=asked)),
        "decision-reported to the municipal council": (
            "decision-reported", facts(COUNCIL, "2023-06-20", None, event=reported, version=version(), rung="report7")),
        "decision-reported to the region's secretariat, with remarks": (
            "decision-reported",
            facts(REGIONAL_SECRETARIAT, "2023-06-20", None, version=version(), rung="report7",
                  event=reported | {"event": "council-remarks", "source": "punkt 12, med en protokolbemærkning"})),
        "decision-confirmed to the municipal council": (
            "decision-confirmed",
            facts(COUNCIL, "2023-06-21", None, version=version(), rung="report7",
                  event=reported | {"by": "Anne Holm", "source": "Protokol, punkt 12"})),
        "decision-confirmed to the region's secretariat, not an approval": (
            "decision-confirmed",
            facts(REGIONAL_SECRETARIAT, "2023-06-21", None, version=version(), rung="report7",
                  event=reported
                  | {"event": "council-conditional", "by": "Anne Holm", "source": "Protokol, punkt 12"})),
        "decision-returned to the municipal council": (
            "decision-returned",
            facts(COUNCIL, "2023-06-21", None, version=version(), rung="report7",
                  event=reported | {"by": "Anne Holm", "source": "Protokollen viser, at sagen blev udsat."})),
    }


LACKING = ["Målene er ikke knyttet til de nationale mål", "Ingen plan for opfølgning"]


def _authority() -> Cases:
    fulfils = {"id": "submission", "judged_on": "2024-01-01"}
    sent = event("submitted", "2023-12-21", fulfils=fulfils, source="følgebrev af 21. december 2023")
    late = event("submitted", "2024-01-04", fulfils=fulfils)
    submitted = version(state="submitted", submitted_on="2023-12-21")
    received = submitted | {"state": "received", "received_on": "2023-12-22"}
    asked = event("info-requested", "2024-01-15", due="2024-01-29", source="mail af 15. januar 2024")
    refused = event("sst-refused", "2024-02-09", due="2024-05-01", source="afslag af 9. februar 2024")
    back = event("withdrawn", "2023-06-20", source="brev af 20. juni 2023")
    missed = moved_submission("2024-01-05") | {"status": "met_late"}
    return {
        "submission-recorded to a municipal council": (
            "submission-recorded",
            facts(COUNCIL, "2023-12-22", sst("2023-12-22", received=False), event=sent, version=submitted, **NEWS)),
        "submission-recorded to the regional council, late": (
            "submission-recorded",
            facts(REGIONAL_COUNCIL, "2024-01-05", missed, event=late, version=submitted, **NEWS)),
        "submission-withdrawn to a municipal council": (
            "submission-withdrawn",
            facts(COUNCIL, "2023-06-20", submission("2023-06-20"), event=back,
                  version=version(withdrawn=True), **NEWS)),
        "submission-withdrawn to the region's secretariat": (
            "submission-withdrawn",
            facts(REGIONAL_SECRETARIAT, "2023-06-20", submission("2023-06-20"), event=back,
                  version=version(withdrawn=True), **NEWS)),
        "receipt-recorded to the region's secretariat": (
            "receipt-recorded",
            facts(REGIONAL_SECRETARIAT, "2023-12-27", sst("2023-12-27"), version=received,
                  event=event("received", "2023-12-22", source="kvitteringsskrivelse af 22. december 2023"), **NEWS)),
        "receipt-recorded to a municipal council": (
            "receipt-recorded",
            facts(COUNCIL, "2023-12-27", sst("2023-12-27"), version=received, event=event("received", "2023-12-22"),
                  **NEWS)),
        "receipt-missing to the regional council": (
            "receipt-missing",
            facts(REGIONAL_COUNCIL, "2024-01-02", sst("2024-01-02", received=False), version=submitted)),
        "info-requested to the region's secretariat": (
            "info-requested",
            facts(REGIONAL_SECRETARIAT, "2024-01-15", sst("2024-01-15"), event=asked, version=received, **NEWS)),
        "info-reminder to the municipal secretariat": (
            "info-reminder",
            facts(MUNICIPAL_SECRETARIAT, "2024-02-02", sst("2024-02-02"), event=asked, version=received)),
        "sst-approved to a municipal council": (
            "sst-approved",
            facts(COUNCIL, "2024-02-14", None, version=received | {"state": "sst_approved"},
                  event=event("sst-approved", "2024-02-14", source="brev af 14. februar 2024"), **NEWS)),
        "sst-silent to a municipal council": (
            "sst-silent",
            facts(COUNCIL, "2011-04-05", None, version=received | {"state": "sst_approved"},
                  event=event("sst-silent", "2011-04-04"), **NEWS)),
        "sst-silent to the region's secretariat": (
            "sst-silent",
            facts(REGIONAL_SECRETARIAT, "2011-04-05", None, version=received | {"state": "sst_approved"},
                  event=event("sst-silent", "2011-04-04"), **NEWS)),
        "refusal-discussed to the region's secretariat": (
            "refusal-discussed",
            facts(REGIONAL_SECRETARIAT, "2024-01-30", sst("2024-01-30"), version=received,
                  event=event("refusal-discussed", "2024-01-30", due="2024-03-01"), **NEWS)),
        "sst-refused to a municipal council": (
            "sst-refused",
            facts(COUNCIL, "2024-02-09", resubmission("2024-02-09"), event=refused,
                  version=received | {"state": "sst_refused"}, **NEWS)),
        "sst-refused to the municipal secretariat, with what was found lacking": (
            "sst-refused",
            facts(MUNICIPAL_SECRETARIAT, "2024-02-09", resubmission("2024-02-09"),
                  event=refused | {"lacking": LACKING},
                  version=received | {"state": "sst_refused"}, **NEWS)),
        "sst-refused to the region's secretariat": (
            "sst-refused",
            facts(REGIONAL_SECRETARIAT, "2024-02-09", resubmission("2024-02-09"), event=refused,
                  version=received | {"state": "sst_refused"}, **NEWS)),
    }


def _afterwards() -> Cases:
    concluded = event("submitted", "2023-12-21")
    own: Facts = {"what": "aftalen", "version": 3, "missing": [], "confirmed": 9, "total": 12}
    missing = own | {"missing": ["Læsø Kommune", "Aalborg Kommune", "Thisted Kommune"]}
    due = undated("publication", "Offentliggørelse på egen hjemmeside", "2024-01-04", "2023-12-21", PUBLISH)
    report = event("midterm-sent", "2025-12-10", about_name="midtvejsstatus", source="følgebrev")
    revised = event("revision-opened", "2025-10-03", source="udvalgets møde den 3. oktober 2025")
    end = {"on": "2026-07-01", "source": "sundhedssamarbejdsudvalget, møde 28. februar 2024"}
    return {
        "publish to a municipal council": (
            "publish", facts(COUNCIL, "2023-12-21", due, publication=own, event=concluded)),
        "publish to the regional council, a midterm status": (
            "publish",
            facts(REGIONAL_COUNCIL, "2025-12-24", due | {"days_left": -720},
                  publication=own | {"what": "midtvejsstatus", "version": None}, event=report)),
        "publication-missing to the region's secretariat": (
            "publication-missing",
            facts(REGIONAL_SECRETARIAT, "2024-01-04", due | {"days_left": 0}, publication=missing)),
        "share-results to the region's secretariat": (
            "share-results", facts(REGIONAL_SECRETARIAT, "2025-12-11", None, event=report, **NEWS)),
        "watch-agreements to the region's secretariat": (
            "watch-agreements", facts(REGIONAL_SECRETARIAT, "2024-06-10", None, **NEWS)),
        "revision-opened to the region's secretariat": (
            "revision-opened", facts(REGIONAL_SECRETARIAT, "2025-10-03", None, event=revised, **NEWS)),
        "revision-opened to a cluster": (
            "revision-opened", facts(CLUSTER, "2025-10-03", None, event=revised, **NEWS)),
        "revision-opened to the patient committee": (
            "revision-opened", facts(PIU, "2025-10-03", None, event=revised | {"source": ""}, **NEWS)),
        "hold-over to the region's secretariat, rules in doubt": (
            "hold-over",
            facts(REGIONAL_SECRETARIAT, "2026-07-02", None, nominal_end=end, regime=LATER_RULES, **NEWS)),
        "regime-ended to the municipal secretariat": (
            "regime-ended",
            facts(MUNICIPAL_SECRETARIAT, "2027-01-04", None,
                  regime=LATER_RULES | {"ends_on": "2027-01-01", "certainty": "bekræftet"}, **NEWS)),
        "regime-ended to a municipal council, nothing concluded": (
            "regime-ended",
            facts(COUNCIL, "2027-01-04", None,
                  regime=LATER_RULES | {"ends_on": "2027-01-01", "certainty": "bekræftet", "concluded": False},
                  **NEWS)),
        "regime-ended to a municipal council, a duty unmet": (
            "regime-ended",
            facts(COUNCIL, "2027-01-04", None,
                  regime=LATER_RULES | {"ends_on": "2027-01-01", "certainty": "bekræftet", "breached": [UNMET]},
                  **NEWS)),
        "regime-retracted to a municipal council": (
            "regime-retracted",
            facts(COUNCIL, "2026-11-26", None, regime=LATER_RULES, **NEWS,
                  event=event("correction", "2026-11-26", due="2026-01-01", source="Paragraffen var læst forkert."))),
        "mistake-taken-back to a municipal council": (
            "mistake-taken-back",
            facts(COUNCIL, "2026-12-01", sst("2026-12-01"), **NEWS,
                  event=event("correction", "2026-12-01", source="Brevet var et udkast.") | {"undone": {
                      "title": "Sundhedsaftalen er godkendt", "on": "2026-11-12", "again": None}})),
        "reading-signed to the region's secretariat": (
            "reading-signed",
            facts(REGIONAL_SECRETARIAT, "2026-11-24", None, **NEWS,
                  event=event("reading-signed", "2026-11-23", source="Aftalens § 1.") | {"reading": {
                      "question": "Hvornår udløber aftalerne 2024-2027?",
                      "said": "Med udgangen af 2027, efter aftalernes navn", "cite": "aftalens navn 2024-2027",
                      "by": "Anna Jensen, Juridisk kontor",
                      "dates": [{"title": "Slutstatus sendt til Sundhedsstyrelsen (vejledningen)",
                                 "legal_on": "2027-06-30"}]}})),
        "regime-unsettled to the region's secretariat": (
            "regime-unsettled",
            facts(REGIONAL_SECRETARIAT, "2026-11-30", None, regime=LATER_RULES | {"gone": [NOT_OWED]}, **NEWS)),
        "nominal-end-missing to the region's secretariat": (
            "nominal-end-missing", facts(REGIONAL_SECRETARIAT, "2024-01-15", None, **NEWS)),
    }


def one_of_several(letter: str, title: str, due: Facts | None, what_next: str, **changes: object) -> Facts:
    item: Facts = {
        "letter": letter, "title": title, "agreement_key": AGREEMENT["key"], "region_name": AGREEMENT["region_name"],
        "label": AGREEMENT["label"], "legal_on": None, "aim_on": None, "days_left": 0, "late": False,
        "what_next": what_next, "cite": ["BEK 1248/2022 § 18"], "answer": None,
        "quota": None,
    }
    item["dates"] = [due] if due else []
    if due:
        item |= {key: due[key] for key in ("legal_on", "aim_on", "days_left", "cite")}
    return item | changes


def _several() -> Cases:
    today = "2023-06-30"
    share = one_of_several(
        "share-results", "Del slutstatus med de andre regioner", None, "Send slutstatus til de andre udvalg.",
        agreement_key="nordjylland/2019-2023", label="2019-2023")
    submit = one_of_several(
        "submission-countdown", "Indsendelse af sundhedsaftalen til Sundhedsstyrelsen", submission(today),
        "Kontrollér, at alle råd har godkendt den samme version.", late=True)
    yearly = deadline(
        "annual-review", "Årlig gennemgang af sundhedsaftalen", "2023-12-31", "2023-12-29", today,
        ["BEK 1248/2022 § 22, stk. 1"], [step("Året er 2023", "2023-12-31", "BEK 1248/2022 § 22, stk. 1")])
    review = one_of_several("annual-review", yearly["title"], yearly, "Sæt gennemgangen på dagsordenen.")
    meetings = [
        one_of_several(
            "meetings-at-risk", f"Møder i det {level} niveau i Klynge NORD", review["dates"][0],
            "Fastsæt de møder, der mangler i år, og registrér dem.", cite=[cite],
            quota={"body_name": "", "year": 2023, "held": 1, "planned": 0, "minimum": least})
        for level, cite, least in (
            ("politiske", "BEK 1248/2022 § 6, stk. 2", 2), ("faglige", "BEK 1248/2022 § 13", 4))
    ]
    asked = reply(today)
    silent = one_of_several("council-silent", asked["title"], asked, "Behandl sagen på et møde.", answer=ANSWER)
    return {
        "digest to a council that answers by its link": (
            "digest", facts(COUNCIL, today, None, digest=[silent, silent | {"letter": "council-silent", "what_next":
                "Sørg for, at sagen kommer på et møde i rådet.", "answer": None}])),
        "digest to the region's secretariat, meetings that share a day": (
            "digest", facts(REGIONAL_SECRETARIAT, today, None, digest=[submit, *meetings, review])),
        "digest to the region's secretariat": (
            "digest", facts(REGIONAL_SECRETARIAT, today, None, digest=[review, submit])),
        "digest to the municipal secretariat, two agreements": (
            "digest", facts(MUNICIPAL_SECRETARIAT, today, None, digest=[share, submit])),
    }
