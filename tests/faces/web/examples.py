"""One example a route, and what the policy lets each visitor do with it. The matrix of tests is made of these.

A route that is added needs one row in :data:`EXAMPLES` (a test says which is missing): what its parts are for each of
:data:`CASES`, and what it answers when all is well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.faces.web.gate.policy import Action, Reach, Role
from workflow.faces.web.gate.visitor import Visitor
from workflow.faces.web.pages.papers.sheet import printer

CASES = ("own", "other body", "other region", "gone", "malformed")
OWN, OTHER = "nordjylland", "midtjylland"
LABEL = "2024-2027"
BATCH = 6  # the first approvals that were recorded at once, on either region's agreement
BODY, OTHER_BODY, FAR_BODY = "0851", "0813", "0751"  # Aalborg; Frederikshavn beside it; Aarhus far away
VISITORS = {
    **{role.value: Visitor("x", role) for role in Role},
    "secretariat": Visitor("x", Role.SECRETARIAT, OWN),
    "council": Visitor("x", Role.COUNCIL, OWN, BODY),
    "coordinator": Visitor("x", Role.COORDINATOR, OWN),
    "region-administrator": Visitor("x", Role.REGION_ADMINISTRATOR, OWN),
    "token": Visitor("x", Role.COORDINATOR, OWN, via="token"),
}


@dataclass(frozen=True)
class World:
    """What lies in the tests' database: letters by the council they went to, a document sent to the authority by
    each region, feeds by who made them, and a council's report by region."""

    letters: Mapping[str, int]
    document: str
    feeds: Mapping[str, int] = field(default_factory=dict)
    reports: Mapping[str, int] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)  # a secretary of each region
    contacts: Mapping[str, int] = field(default_factory=dict)
    questions: Mapping[str, int] = field(default_factory=dict)  # put to a body of each region


Parts = Callable[[World, str, str], dict[str, Any]]


@dataclass(frozen=True)
class Example:
    """How one route is called. ``parts`` gives the path's parts, and for a POST the form or ``json``, for a case and
    a visitor.

    ``whose`` says what belongs to somebody: ``"region"``, a ``"lane"`` in it, a ``"person"``; ``""`` is a list or
    public law, which shows each what one may see and has no case but its own.
    """

    parts: Parts | None = None
    whose: str = ""
    fine: int = 200
    form: Parts | None = None
    json: dict[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that differ for this route."""
        return CASES if self.whose else ("own",) if self.parts is None else ("own", "gone", "malformed")


# What each route does, said by address and not asked of the route: the first line that fits counts. A route that only
# says that it reads must not be able to write because it says so.
MEANT = (
    (
        "",
        r"^/aftaler/ny|/registrer|/fortid|/noter$|/link$|/raad/ret|/raad/fortryd|/ring$|/hvad-nu-hvis/gem$",
        Action.RECORD,
    ),
    ("POST", r"/facts$|/(hoering|hearing)/", Action.RECORD),
    ("GET", r"/hoering/(part|notat|dokument)|/hearing/(parties|remarks|note)", Action.READ_HEARING),
    ("", r"/frister/\{rule\}/mail$", Action.SHARE),
    ("POST", r"/del$|/del/ophaev$", Action.SHARE),
    ("POST", r"^/min-uge", Action.SUBSCRIBE),
    ("POST", r"/kvitter$", Action.ACKNOWLEDGE),
    ("POST", r"^/moeder", Action.KEEP_MEETINGS),
    ("", r"^/personer/mig$", Action.ACCOUNT),
    ("", r"^/personer", Action.PEOPLE),
    ("", r"^/kontakter/(ny|indlaes|bekraeftelser)", Action.MANAGE_CONTACTS),
    ("", r"^/indstillinger", Action.SETTINGS),
    ("POST", r"^/kontakter", Action.MANAGE_CONTACTS),
    ("", r"^/svar", Action.REPORT),
    ("", r"^/indberetninger", Action.VERIFY),
    ("", r"^/kalendere", Action.SUBSCRIBE),
    ("GET", r"/eksport/", Action.EXPORT),
    ("", r"^/alarmer/slip$", Action.MANAGE),
    ("POST", r"^/breve|^/alarmer", Action.HANDLE),
    ("GET", r"^/alarmer$", Action.READ_LETTERS),
    ("GET", r"/breve|/notices$", Action.READ_LETTERS),
    ("GET", r"^/kontakter", Action.READ_CONTACTS),
    ("GET", r"^/modtaget", Action.READ_RECEIVED),
    ("", r"^/opsaetning(/spor)?$", Action.MANAGE),
    ("", r"^/regler/nye$|^/regler/.+/ophoer|^/regler/laesninger/", Action.MANAGE),
    ("GET", r"^/regler|/regimes|/bodies|/closed-days", Action.READ_RULES),
    ("GET", r"", Action.READ),
)


def meant(method: str, path: str) -> Action:
    """What the route at ``path`` (with its parts in braces) is for."""
    return next(action for verb, part, action in MEANT if verb in ("", method) and re.search(part, path))


def allowed(example: Example, action: Action, who: str, case: str) -> bool:
    """Whether the policy lets this visitor do it, worked out from the table and not from the code that asks it."""
    reach = VISITORS[who].reach(action)
    if reach is None or case in ("gone", "malformed"):
        return False
    if example.whose == "person":
        return case == "own" or VISITORS[who].reach(Action.MANAGE) is not None
    if case == "other region":
        return reach is Reach.ALL
    if case == "other body" and example.whose == "lane":
        return reach is not Reach.OWN
    return True


def agreement(_world: World, case: str, _who: str) -> dict[str, str]:
    """An agreement's key. A region's councils share one, so another body's is one's own."""
    region = {"other region": OTHER, "malformed": "..%00"}.get(case, OWN)
    return {"region": region, "label": {"gone": "1999-2001", "malformed": "'--"}.get(case, LABEL)}


def of(**more: str) -> Parts:
    """An agreement and some parts that are the same in each case."""
    return lambda world, case, who: agreement(world, case, who) | more


def coming(world: World, case: str, who: str) -> dict[str, str]:
    """A date that lies ahead: the next round's submission, whose rules are said to last here."""
    found = agreement(world, case, who) | {"rule": "submission"}
    return found | {"label": found["label"].replace(LABEL, "2027-2031")}


def heard(**more: str) -> Parts:
    """The next round, whose text is in hearing here, and some parts that are the same in each case."""
    return lambda world, case, who: {k: v for k, v in coming(world, case, who).items() if k != "rule"} | more


def party(name: str) -> Parts:
    """A council that is asked in a hearing, or has a case: one's own, or one of the region far away."""

    def parts(world: World, case: str, who: str) -> dict[str, str]:
        key = heard() if name == "party" else agreement
        return key(world, case, who) | {name: FAR_BODY if case == "other region" else BODY}

    return parts


def letter(world: World, case: str, _who: str) -> dict[str, Any]:
    """A letter to one's own council, to a neighbour's, to one far away."""
    body = {"own": BODY, "other body": OTHER_BODY, "other region": FAR_BODY}.get(case)
    return {"number": world.letters[body] if body else {"gone": 999_999}.get(case, 2**63)}


def document(world: World, case: str, who: str) -> dict[str, str]:
    """The document that each region sent."""
    return agreement(world, case, who) | {"digest": world.document}


def regime(_world: World, case: str, _who: str) -> dict[str, str]:
    """Public law: nobody's own."""
    return {"regime": {"own": "bek-1248-2022", "gone": "bek-1-1900"}.get(case, "..%00")}


def kind(_world: World, case: str, _who: str) -> dict[str, str]:
    """A kind of letter: nobody's own."""
    return {"letter": {"own": "council-pending", "gone": "council-nix"}.get(case, "..%00")}


def silence(_world: World, case: str, _who: str) -> dict[str, str]:
    """What the law leaves open: nobody's own."""
    return {"silence": {"own": "om-aaret", "gone": "nix"}.get(case, "..%00")}


def council(_world: World, case: str, _who: str) -> dict[str, str]:
    """A council, its neighbour's, and one far away."""
    body = {"own": BODY, "other body": OTHER_BODY, "other region": FAR_BODY, "gone": "9999"}.get(case, "%00")
    return {"body": body}


def region(_world: World, case: str, _who: str) -> dict[str, str]:
    """A body, which is public."""
    return {"region": {"own": OWN, "gone": "jylland"}.get(case, "%00")}


def own_feed(world: World, case: str, who: str) -> dict[str, Any]:
    """A calendar this visitor made, or another one."""
    made_by = {"own": who, "other body": "neighbour", "other region": "stranger"}.get(case)
    return {"number": world.feeds[made_by] if made_by else {"gone": 999_999}.get(case, "x")}


def to_come(_world: World, case: str, _who: str) -> dict[str, str]:
    """A letter that nobody owes, of an agreement of each region."""
    region = {"other region": OTHER, "gone": "jylland", "malformed": "\x00"}.get(case, OWN)
    return {"hvad": "skip", "why": "x", "noegle": f"{region}/{LABEL}|||r0@|x|-1d|{BODY}/council"}


def new_feed(_world: World, case: str, _who: str) -> dict[str, str]:
    """What one would subscribe to."""
    which = {"other region": OTHER, "gone": "jylland", "malformed": "\x00"}.get(case, OWN)
    return {"of": f"region:{which}", "name": "x"}


def person(world: World, case: str, _who: str) -> dict[str, Any]:
    """Somebody who may sign in, of each region."""
    region = {"own": OWN, "other body": OWN, "other region": OTHER}.get(case)
    return {"number": world.persons[region] if region else {"gone": 999_999}.get(case, 2**63)}


def new_round(_world: World, case: str, _who: str) -> dict[str, str]:
    """A round one would open."""
    return {"region": {"other region": OTHER, "gone": "jylland", "malformed": "\x00"}.get(case, OWN)}


def report(world: World, case: str, _who: str) -> dict[str, Any]:
    """What a council of each region reported. The secretariat verifies for all of its councils."""
    region = {"own": OWN, "other body": OWN, "other region": OTHER}.get(case)
    return {"number": world.reports[region] if region else {"gone": 999_999}.get(case, 2**63)}


def contact(world: World, case: str, _who: str) -> dict[str, Any]:
    """The mailbox of one's own council, of a neighbour, of one far away."""
    body = {"own": BODY, "other body": OTHER_BODY, "other region": FAR_BODY}.get(case)
    return {"number": world.contacts[body] if body else {"gone": 999_999}.get(case, 2**63)}


def asked(world: World, case: str, _who: str) -> dict[str, Any]:
    """What a body of each region was asked about its mailbox."""
    region = {"own": OWN, "other body": OWN, "other region": OTHER}.get(case)
    return {"number": world.questions[region] if region else {"gone": 999_999}.get(case, 2**63)}


def question(world: World, case: str, who: str) -> dict[str, Any]:
    """A text that was with the councils, and the council that is asked."""
    body = {"other body": OTHER_BODY, "other region": FAR_BODY}.get(case, BODY)
    return agreement(world, case, who) | {"version": 1, "council": body}


def table(_world: World, case: str, _who: str) -> dict[str, str]:
    """Everything one may see as a table to take away."""
    return {"what": {"gone": "raad"}.get(case, "breve"), "kind": {"malformed": "pdf"}.get(case, "csv")}


def case_number(_world: World, case: str, _who: str) -> dict[str, str]:
    """The number of a council's document, which a secret signs: nobody has one here."""
    return {"number": {"malformed": "3-0851"}.get(case, "3-0851-2-7F3A91BC-0A4E12D9")}


def batch(world: World, case: str, who: str) -> dict[str, Any]:
    """What was recorded of councils in one act: in each region's journal a line has that number."""
    return agreement(world, case, who) | {"first": BATCH}


def typed(**fields: str) -> Parts:
    """A form filled in the same way in each case."""
    return lambda *_: dict(fields)


OF_REGION, OF_LANE, OF_LAW = Example(of(), "region"), Example(letter, "lane"), Example(regime)
LIST = Example()
FRIST, AFTALE, API = "/aftaler/{region}/{label}/frister/{rule}", "/aftaler/{region}/{label}", "/api/v1"
ANSWER = "/svar/{region}/{label}/{version}/{council}"
API_AFTALE = f"{API}/agreements/{{region}}/{{label}}"
FACT: dict[str, object] = {"event": "submitted", "on": "2026-11-20"}  # was submitted long ago: 409

EXAMPLES: dict[tuple[str, str], Example] = {
    ("GET", "/"): LIST,
    ("GET", "/aftaler"): LIST,
    ("GET", "/frister"): LIST,
    ("GET", "/soeg"): LIST,
    ("GET", "/min-uge"): LIST,
    ("POST", "/min-uge/mandagsmail"): Example(fine=303, form=typed(vil="nej")),
    ("GET", "/moeder"): LIST,
    ("GET", "/moeder/{body}"): Example(council, "region"),
    ("POST", "/moeder/{body}"): Example(council, "lane", fine=422, form=typed(text=" ")),
    ("POST", "/moeder/{body}/gem"): Example(council, "lane", fine=409, form=typed(forslag="x")),
    ("POST", "/moeder/{body}/fjern"): Example(council, "lane", fine=422, form=typed(on="2027-06-16")),
    ("GET", "/kontakter"): LIST,
    ("GET", "/eksport/{what}.{kind}"): Example(table),
    ("GET", AFTALE): OF_REGION,
    ("GET", f"{AFTALE}/raad"): OF_REGION,
    ("GET", f"{AFTALE}/breve"): OF_REGION,
    ("GET", f"{AFTALE}/journal"): OF_REGION,
    ("GET", f"{AFTALE}/rundeplan"): OF_REGION,
    ("GET", f"{AFTALE}/log"): OF_REGION,
    ("GET", f"{AFTALE}/hoering"): Example(heard(), "region"),
    ("GET", f"{AFTALE}/hoering/part/{{party}}"): Example(party("party"), "region"),
    ("GET", f"{AFTALE}/hoering/notat"): Example(heard(), "region"),
    ("GET", f"{AFTALE}/hoering/notat.docx"): Example(heard(), "region"),
    ("GET", f"{AFTALE}/hoering/notat.txt"): Example(heard(), "region"),
    ("GET", f"{AFTALE}/hoering/offentliggjort"): Example(
        heard(), "region", fine=404
    ),  # nothing was published yet
    ("GET", f"{AFTALE}/hoering/dokument/{{digest}}"): Example(
        heard(digest="0" * 64), "region", fine=404
    ),  # no answer's file
    ("POST", f"{AFTALE}/hoering/part"): Example(heard(), "region", fine=422, form=typed(asked_on="x")),
    ("POST", f"{AFTALE}/hoering/notat"): Example(heard(), "region", fine=422, form=typed(on="x")),
    ("POST", f"{AFTALE}/hoering/part/{{party}}/svar"): Example(
        party("party"), "region", fine=422, form=typed(on="x")
    ),
    ("POST", f"{AFTALE}/hoering/part/{{party}}/bemaerkning"): Example(
        party("party"), "region", fine=409, form=typed(text="x")
    ),
    ("POST", f"{AFTALE}/hoering/part/{{party}}/afgoer"): Example(
        party("party"), "region", fine=422, form=typed(taken="x")
    ),
    ("POST", f"{AFTALE}/hoering/part/{{party}}/slet"): Example(
        party("party"), "region", fine=422, form=typed(why=" ")
    ),
    ("POST", f"{AFTALE}/hoering/part/{{party}}/brev"): Example(
        party("party"), "region", fine=422, form=typed(to=" ")
    ),
    ("GET", f"{AFTALE}/sager"): OF_REGION,
    ("GET", f"{AFTALE}/sager.zip"): Example(of(), "region", fine=409),  # its file was never handed in
    ("GET", f"{AFTALE}/sager/{{council}}.docx"): Example(party("council"), "region", fine=409),
    ("GET", f"{AFTALE}/maanedsrapport"): OF_REGION,
    ("GET", f"{AFTALE}/maanedsrapport.pdf"): Example(of(), "region", fine=200 if printer() else 404),
    ("GET", f"{AFTALE}/maanedsrapport.docx"): OF_REGION,
    ("GET", f"{AFTALE}/ring"): OF_REGION,
    ("POST", f"{AFTALE}/ring"): Example(of(), "region", fine=409, form=typed(council="0851", text="x")),
    ("POST", f"{AFTALE}/noter"): Example(of(), "region", fine=422, form=typed(text=" ")),
    ("GET", f"{AFTALE}/hvad-nu-hvis"): OF_REGION,
    ("POST", f"{AFTALE}/hvad-nu-hvis/gem"): Example(
        of(), "region", fine=422, form=typed(gren="alle-godkender", kilde=" ")
    ),
    ("GET", f"{AFTALE}/statusark"): OF_REGION,
    ("GET", f"{AFTALE}/statusark.pdf"): Example(of(), "region", fine=200 if printer() else 404),
    ("GET", f"{AFTALE}/dokumenter/{{digest}}"): Example(document, "region"),
    ("GET", f"{AFTALE}/eksport/{{what}}.{{kind}}"): Example(of(what="raad", kind="csv"), "region"),
    ("GET", f"{AFTALE}/registrer"): OF_REGION,
    ("GET", f"{AFTALE}/registrer/{{event}}"): Example(of(event="goals-set"), "region"),
    ("POST", f"{AFTALE}/registrer/{{event}}"): Example(
        of(event="goals-set"), "region", fine=422, form=typed(on="")
    ),
    ("POST", f"{AFTALE}/registrer"): Example(of(), "region", fine=422, form=typed(forslag="x")),
    ("GET", f"{AFTALE}/fortid"): OF_REGION,
    ("POST", f"{AFTALE}/fortid"): Example(
        of(), "region", fine=422, form=typed(svar="drop", alle="1", why=" ")
    ),
    ("GET", "/aftaler/ny"): LIST,
    ("POST", "/aftaler/ny"): Example(lambda *_: {}, "region", fine=422, form=new_round),
    ("POST", "/aftaler/ny/gem"): Example(fine=422, form=typed(forslag="x")),
    ("GET", f"{AFTALE}/raad/ret"): OF_REGION,
    ("POST", f"{AFTALE}/raad/ret"): Example(of(), "region", fine=422, form=typed(blok="Odense 1/1-27")),
    ("POST", f"{AFTALE}/raad/ret/gem"): Example(of(), "region", fine=422, form=typed(forslag="x")),
    ("GET", f"{AFTALE}/raad/fortryd/{{first}}"): Example(batch, "region"),
    ("POST", f"{AFTALE}/raad/fortryd/{{first}}"): Example(batch, "region", fine=422, form=typed(hvorfor=" ")),
    ("GET", "/indberetninger/{number}"): Example(report, "region"),
    ("GET", "/indberetninger/{number}/udskrift"): Example(report, "region", fine=404),  # none came along
    ("POST", "/indberetninger/{number}"): Example(
        report, "region", fine=422, form=typed(do="bekraeft", source=" ")
    ),
    ("GET", "/svar"): LIST,
    ("GET", ANSWER): Example(question, "lane"),
    ("POST", ANSWER): Example(question, "lane", fine=422, form=typed(event="submitted")),
    ("GET", f"{ANSWER}/tekst"): Example(question, "lane", fine=404),  # its file was never handed in
    ("GET", f"{ANSWER}/sag"): Example(question, "lane", fine=404),
    ("GET", f"{ANSWER}/link"): Example(question, "region"),
    ("POST", f"{ANSWER}/link"): Example(question, "region", fine=422, form=typed(why=" ")),
    ("POST", "/breve/{number}/kvitter"): Example(letter, "lane", fine=409, form=typed()),  # it was never sent
    ("GET", FRIST): Example(of(rule="submission"), "region"),
    ("GET", f"{FRIST}/{{subject}}"): Example(of(rule="annual-review", subject="2026"), "region"),
    ("GET", f"{FRIST}/grund.txt"): Example(of(rule="submission"), "region"),
    ("GET", f"{FRIST}/grund.pdf"): Example(of(rule="submission"), "region", fine=200 if printer() else 404),
    ("GET", f"{FRIST}/{{subject}}/grund.txt"): Example(of(rule="annual-review", subject="2026"), "region"),
    ("GET", f"{FRIST}/{{subject}}/grund.pdf"): Example(
        of(rule="annual-review", subject="2026"), "region", fine=200 if printer() else 404
    ),
    ("GET", f"{FRIST}/mail"): Example(of(rule="submission"), "region"),
    ("POST", f"{FRIST}/mail"): Example(of(rule="submission"), "region", fine=422, form=typed(til="x")),
    ("POST", f"{FRIST}/del"): Example(of(rule="submission"), "region", fine=201, form=typed(dage="7")),
    ("POST", f"{FRIST}/del/ophaev"): Example(
        of(rule="submission"), "region", fine=404, form=typed(number="999")
    ),
    ("GET", f"{FRIST}/frist.ics"): Example(coming, "region"),
    ("GET", f"{FRIST}/{{subject}}/frist.ics"): Example(of(rule="annual-review", subject="2026"), "region"),
    ("GET", "/breve"): LIST,
    ("GET", "/alarmer"): LIST,
    ("POST", "/alarmer/slip"): Example(fine=303, form=typed()),
    ("POST", "/alarmer/{number}"): Example(lambda *_: {"number": 999_999}, fine=404, form=typed(why="x")),
    ("GET", "/breve/kommende"): LIST,
    ("POST", "/breve/kommende"): Example(lambda *_: {}, "region", fine=409, form=to_come),
    ("GET", "/breve/{number}"): OF_LANE,
    ("POST", "/breve/{number}"): Example(letter, "region", fine=422, form=typed(hvad="note", text=" ")),
    ("GET", "/breve/{number}/brev.eml"): OF_LANE,
    ("GET", "/breve/{number}/bevis.zip"): OF_LANE,
    ("GET", "/opsaetning"): LIST,
    ("GET", "/opsaetning/spor"): LIST,
    ("POST", "/opsaetning"): Example(fine=422, form=typed(smtp_host=" ")),
    ("GET", "/personer"): LIST,
    ("POST", "/personer"): Example(fine=422, form=typed(email="x")),
    ("GET", "/personer/mig"): LIST,
    ("POST", "/personer/mig"): Example(fine=303, form=typed(session="0000000000000000")),
    ("GET", "/personer/{number}"): Example(person, "region"),
    ("POST", "/personer/{number}"): Example(person, "region", fine=422, form=typed(do="ret", name=" ")),
    ("GET", "/regler"): LIST,
    ("GET", "/regler/lukkedage"): LIST,
    ("GET", "/regler/pligter"): LIST,
    ("POST", "/kontakter/genoptag"): Example(fine=303, form=typed(day="2027-03-01")),
    ("GET", "/kontakter/bekraeftelser"): LIST,
    ("POST", "/kontakter/bekraeftelser"): Example(fine=303, form=typed()),
    ("POST", "/kontakter/bekraeftelser/{number}"): Example(
        asked, "region", fine=422, form=typed(do="afvis", why=" ")
    ),
    ("GET", "/kontakter/ny"): LIST,
    ("GET", "/indstillinger/afsender"): LIST,
    ("GET", "/indstillinger"): LIST,
    ("GET", "/indstillinger/sager"): LIST,
    ("POST", "/indstillinger/sager"): Example(fine=422, form=typed(text="{x}")),
    ("POST", "/indstillinger/fortryd"): Example(fine=409, form=typed()),
    ("GET", "/indstillinger/breve/{letter}"): Example(kind),
    ("POST", "/indstillinger/breve/{letter}"): Example(kind, fine=422, form=typed(before="x")),
    ("POST", "/indstillinger/afsender"): Example(fine=422, form=typed(reply_to="x")),
    ("POST", "/kontakter/ny"): Example(fine=422, form=typed(email="x")),
    ("GET", "/kontakter/indlaes"): LIST,
    ("POST", "/kontakter/indlaes"): Example(fine=422, form=typed(text=" ")),
    ("POST", "/kontakter/indlaes/gem"): Example(fine=409, form=typed(forslag="x")),
    ("GET", "/kontakter/{number}"): Example(contact, "lane"),
    ("POST", "/kontakter/{number}"): Example(contact, "region", fine=422, form=typed(email="x")),
    ("POST", "/kontakter/{number}/afslut"): Example(contact, "region", fine=422, form=typed(last=" ")),
    ("POST", "/kontakter/{number}/stedfortraeder"): Example(
        contact, "region", fine=422, form=typed(d_email="x")
    ),
    ("POST", "/kontakter/{number}/genoptag"): Example(contact, "region", fine=303, form=typed()),
    ("POST", "/kontakter/{number}/proev"): Example(contact, "region", fine=303, form=typed()),
    ("GET", "/regler/nye"): LIST,
    ("POST", "/regler/nye"): Example(fine=409, form=typed(do="tag")),
    ("GET", "/regler/laesninger"): LIST,
    ("GET", "/regler/laesninger/{silence}"): Example(silence),
    ("POST", "/regler/laesninger/{silence}"): Example(silence, fine=422, form=typed(reading="x")),
    ("GET", "/regler/{regime}/ophoer"): OF_LAW,
    ("POST", "/regler/{regime}/ophoer"): Example(regime, fine=422, form=typed(ends="2026-01-01")),
    ("POST", "/regler/{regime}/ophoer/ogsaa"): Example(regime, fine=409, form=typed()),
    ("POST", "/regler/{regime}/ophoer/tilbage"): Example(regime, fine=422, form=typed()),
    ("GET", "/regler/{regime}"): OF_LAW,
    ("GET", "/modtaget"): LIST,
    ("GET", "/modtaget/{region}/{label}"): OF_REGION,
    ("GET", "/modtaget/{region}/{label}/dokumenter/{digest}"): Example(document, "region"),
    ("GET", "/kalendere"): LIST,
    ("POST", "/kalendere"): Example(lambda *_: {}, "region", fine=201, form=new_feed),
    ("POST", "/kalendere/{number}/forny"): Example(own_feed, "person", fine=303, form=lambda *_: {}),
    ("POST", "/kalendere/{number}/ophaev"): Example(own_feed, "person", fine=303, form=lambda *_: {}),
    ("GET", f"{API}/agreements"): LIST,
    ("GET", API_AFTALE): OF_REGION,
    ("GET", f"{API_AFTALE}/versions"): OF_REGION,
    ("GET", f"{API_AFTALE}/councils"): OF_REGION,
    ("GET", f"{API_AFTALE}/readiness"): OF_REGION,
    ("GET", f"{API_AFTALE}/plan"): Example(of(), "region", fine=409),  # it is submitted: nothing to plan
    ("GET", f"{API_AFTALE}/deadlines"): OF_REGION,
    ("GET", f"{API_AFTALE}/deadlines/{{deadline}}"): Example(of(deadline="submission"), "region"),
    ("GET", f"{API_AFTALE}/deadlines/{{deadline}}/why"): Example(of(deadline="submission"), "region"),
    ("GET", f"{API_AFTALE}/facts"): OF_REGION,
    ("POST", f"{API_AFTALE}/facts"): Example(
        of(), "region", fine=409, json=FACT, headers={"Idempotency-Key": "0123456789"}
    ),
    ("GET", f"{API_AFTALE}/hearing"): Example(heard(), "region"),
    ("GET", f"{API_AFTALE}/hearing/remarks"): Example(heard(), "region"),
    ("GET", f"{API_AFTALE}/hearing/parties/{{party}}"): Example(party("party"), "region"),
    ("GET", f"{API_AFTALE}/hearing/note"): Example(heard(), "region"),
    ("GET", f"{API_AFTALE}/hearing/published"): Example(heard(), "region", fine=404),  # nothing was yet
    ("POST", f"{API_AFTALE}/hearing/parties"): Example(
        heard(), "region", fine=422, json={"on": "x"}, headers={"Idempotency-Key": "0123456789"}
    ),
    ("POST", f"{API_AFTALE}/hearing/parties/{{party}}/answers"): Example(
        party("party"), "region", fine=422, json={"on": "x"}, headers={"Idempotency-Key": "0123456789"}
    ),
    ("POST", f"{API_AFTALE}/hearing/parties/{{party}}/remarks"): Example(
        party("party"), "region", fine=409, json={"text": "x"}, headers={"Idempotency-Key": "0123456789"}
    ),
    ("POST", f"{API_AFTALE}/hearing/parties/{{party}}/replies"): Example(
        party("party"), "region", fine=422, json={"to": " "}, headers={"Idempotency-Key": "0123456789"}
    ),
    ("POST", f"{API_AFTALE}/hearing/remarks/{{item}}/decisions"): Example(
        heard(item="1"), "region", fine=404, json={"taken": True}, headers={"Idempotency-Key": "0123456789"}
    ),
    ("POST", f"{API_AFTALE}/hearing/publications"): Example(
        heard(),
        "region",
        fine=422,
        json={"on": "2026-11-23", "where": " "},
        headers={"Idempotency-Key": "0123456789"},
    ),
    ("POST", f"{API_AFTALE}/hearing/struck"): Example(
        heard(),
        "region",
        fine=404,
        json={"line": 999_999, "why": "x"},
        headers={"Idempotency-Key": "0123456789"},
    ),
    ("GET", f"{API_AFTALE}/cases"): Example(of(), "region", fine=409),  # its file was never handed in
    ("GET", f"{API}/cases/{{number}}"): Example(case_number, fine=404),  # signed by nobody
    ("GET", f"{API}/deadlines"): LIST,
    ("GET", f"{API}/notices"): LIST,
    ("GET", f"{API}/bodies"): LIST,
    ("GET", f"{API}/bodies/{{region}}"): Example(region),
    ("GET", f"{API}/regimes"): LIST,
    ("GET", f"{API}/regimes/{{regime}}"): OF_LAW,
    ("GET", f"{API}/closed-days"): LIST,
}
