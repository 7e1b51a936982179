"""Facts of the letters that any dated duty has, of another kind of agreement: the rammeaftale of 2026."""

from __future__ import annotations

from dataclasses import asdict

from tests.mail.sample_facts import (
    AGREEMENT,
    ALL_APPROVED,
    COUNCIL,
    MUNICIPAL_SECRETARIAT,
    REGIONAL_COUNCIL,
    REGIONAL_SECRETARIAT,
    SOME_MISSING,
    Facts,
    deadline,
    event,
    facts,
    step,
    version,
)
from workflow.rules.words import Verb, Words, noun

WORDS: Facts = asdict(
    Words(
        document=noun(
            "rammeaftale", "rammeaftalen", plural="rammeaftaler", plurals="rammeaftalerne", short="aftalen"
        ),
        authority=noun("Social- og Boligstyrelsen", short="styrelsen"),
        committee=noun("KKR"),
        parties=noun("regionsrådet og alle kommunalbestyrelser"),
        submit=Verb("sende", "sender", "sendt", "send", "sendes", "afsendelse", "send"),
    )
)
ABOUT = AGREEMENT | {
    "key": "nordjylland/2027-2028", "label": "2027-2028", "term": "2026-2029", "committee": "KKR",
    "instrument": "BEK 1561/2025", "other_bodies": [], "answered": False,
    "times": {"publish": "umiddelbart efter indgåelsen"}, "concludes": True, "sends": "umiddelbart efter indgåelsen",
}  # fmt: skip
PROVISIONS = dict.fromkeys(("submit", "publish"), "BEK 1561/2025 § 8") | {
    "unanimity": "Serviceloven § 6, stk. 1", "revision": "BEK 1561/2025 § 2",
}  # fmt: skip
CITE = ["BEK 1561/2025 § 8", "Serviceloven § 6, stk. 1"]


def concluded(today: str) -> Facts:
    why = [step("Fristen er tirsdag den 1. december 2026", "2026-12-01", CITE[0])]
    return deadline(
        "concluded-first",
        "Rammeaftalen indgået",
        "2026-12-01",
        "2026-12-01",
        today,
        CITE,
        why,
        who="councils",
        do="få rammeaftalen godkendt af regionsrådet og alle kommunalbestyrelser og indgået",
    )


def published(today: str) -> Facts:
    words = "Regionen og hver kommune lægger rammeaftalen på sin egen hjemmeside; reglerne siger "
    words += "»umiddelbart efter indgåelsen«"
    return deadline(
        "publication", "Offentliggørelse af rammeaftalen", "2026-12-01", "2026-12-01", today, CITE[:1],
        [step(words, "2026-12-01", CITE[0])], duty="none", subject="v3",
    )  # fmt: skip


def answer(today: str) -> Facts:
    why = [step("8 uger efter er mandag den 1. februar 2027", "2027-02-01", CITE[0], "8 weeks")]
    return deadline("answer", "Styrelsens svar", "2027-02-01", "2027-02-01", today, CITE, why, who="sst")


def wanted(today: str) -> Facts:
    why = [
        step(
            "Rådene er bedt om at svare senest fredag den 20. november 2026",
            "2026-11-20",
            "brevet til rådene",
        )
    ]
    return deadline(
        "council-reply", "Svar fra rådene", "2026-11-20", "2026-11-20", today, ["brevet til rådene"], why,
        duty="agreed", who="councils", subject="v3",
    )  # fmt: skip


def rammeaftale() -> dict[str, tuple[str, Facts]]:
    """Case -> (letter, facts)."""
    out = {
        "agreement": ABOUT,
        "provisions": PROVISIONS,
        "words": WORDS,
        "version": version(),
        "councils": SOME_MISSING,
    }
    done = concluded("2026-11-24") | {"status": "met"}
    approved = out | {"councils": ALL_APPROVED, "version": version(state="fully_approved")}
    fulfils = {"id": done["id"], "judged_on": "2026-12-01", "latest_on": None}
    return {
        "countdown of a rammeaftale to the region's secretariat": (
            "countdown", facts(REGIONAL_SECRETARIAT, "2026-11-17", concluded("2026-11-17"), **out)),
        "countdown of a rammeaftale to a municipal council": (
            "countdown", facts(COUNCIL, "2026-11-17", concluded("2026-11-17"), **out)),
        "due: a rammeaftale, to the region's secretariat": (
            "due", facts(REGIONAL_SECRETARIAT, "2026-12-01", concluded("2026-12-01"), **out) | {"rung": "+0d"}),
        "overdue: a rammeaftale, to the regional council": (
            "overdue", facts(REGIONAL_COUNCIL, "2026-12-03", concluded("2026-12-03"), **out) | {"rung": "+2d"}),
        "answer-due before its day, to the municipal secretariat": (
            "answer-due", facts(MUNICIPAL_SECRETARIAT, "2027-01-25", answer("2027-01-25"), **out)),
        "answer-due after its day, to the region's secretariat": (
            "answer-due", facts(REGIONAL_SECRETARIAT, "2027-02-03", answer("2027-02-03"), **out) | {"rung": "+2d"}),
        "ready-to-submit of a rammeaftale to the regional council": (
            "ready-to-submit", facts(REGIONAL_COUNCIL, "2026-11-24", concluded("2026-11-24"), **approved)),
        "ready-to-submit of a rammeaftale to the municipal secretariat, too late": (
            "ready-to-submit", facts(MUNICIPAL_SECRETARIAT, "2026-12-09", concluded("2026-12-09"), **approved)),
        "overdue: a rammeaftale, to the region's secretariat, the last": (
            "overdue",
            facts(REGIONAL_SECRETARIAT, "2027-01-21", concluded("2027-01-21"), **out) | {"rung": "+51d", "last": True}),
        "met: a rammeaftale, to the region's secretariat": (
            "met",
            facts(REGIONAL_SECRETARIAT, "2026-11-24", done, **out)
            | {"rung": "fact9", "since": [], "event": event("concluded", "2026-11-24") | {"fulfils": fulfils}}),
        "council-pending of a rammeaftale to a municipal council": (
            "council-pending",
            facts(COUNCIL, "2026-11-10", wanted("2026-11-10"), **out)),
        "submission-recorded of a rammeaftale to the region's secretariat": (
            "submission-recorded",
            facts(REGIONAL_SECRETARIAT, "2026-12-02", None, **out)
            | {"rung": "fact9", "since": [], "event": event("submitted", "2026-12-01")}),
        "publish: a rammeaftale, to a municipal council": (
            "publish",
            facts(COUNCIL, "2026-12-01", published("2026-12-01"), **out)
            | {"rung": "+0d", "publication": {"what": "aftalen", "version": 3, "missing": ["Aalborg Kommune"],
               "confirmed": 11, "total": 12}}),
        "revision-opened of a rammeaftale to the region's secretariat": (
            "revision-opened",
            facts(REGIONAL_SECRETARIAT, "2027-02-02", None, **out)
            | {"rung": "fact9", "since": [], "event": event("revision-opened", "2027-02-01")}),
        "hold-over of a rammeaftale to the region's secretariat": (
            "hold-over",
            facts(REGIONAL_SECRETARIAT, "2029-01-02", None, **out)
            | {"rung": "+1d", "nominal_end": {"on": "2029-01-01", "source": "BEK 1561/2025 § 8"}}),
    }  # fmt: skip
