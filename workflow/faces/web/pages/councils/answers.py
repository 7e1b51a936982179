"""*From the mail*: a council says what it decided, and a reader acknowledges a reminder. The link is the key.

GET and HEAD only show, however often a mail scanner asks. The forms post.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.fromletters import opened_link
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, anyone, may
from workflow.faces.web.pages.facts.attaching import attachment
from workflow.faces.web.pages.facts.fields import a_day
from workflow.faces.web.pages.letters.letter import LARGEST
from workflow.faces.web.pages.papers.cases import case_about, case_file
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.site import Site
from workflow.faces.web.tongue import speak_to_mailbox
from workflow.language import phrase
from workflow.mail.links import Ask, opened_ask, opened_file, opened_notice
from workflow.rules.days import danish_day
from workflow.services.councils import acknowledging, asking, reporting, texts
from workflow.services.councils.asking import MOST_WORDS
from workflow.services.councils.reporting import ANSWERS, POSTPONED, SCHEDULED, Beside
from workflow.services.papers import lending
from workflow.storage.facts.documents import MOST_BYTES

Words = Annotated[str, Form(max_length=4000)]
Minutes = Annotated[UploadFile | None, File()]
TRIES, SECONDS = 30, 600  # posts of one client


def typed_answer(
    event: Words = "", on: Words = "", due: Words = "", remark: Words = "", takes_over: Words = "",
    shown: Annotated[str, Form(max_length=64)] = "",
) -> dict[str, str]:  # fmt: skip
    """What the form of an answer holds."""
    return {"event": event, "on": on, "due": due, "remark": remark, "takes_over": takes_over, "shown": shown}


def router(site: Site) -> APIRouter:
    """The routes behind the links of letters, and the button on a letter's own page."""
    routes, pace = APIRouter(), Pace(TRIES, SECONDS)
    public = [Depends(anyone)]

    def ask(token: str) -> Ask | None:
        return opened_link(site.place(), token, opened_ask)

    @routes.get("/svar/{token}", dependencies=public)
    def show(request: Request, token: str) -> Response:
        return question_page(site, request, ask(token))

    @routes.post("/svar/{token}", dependencies=public, max_body_size=MOST_BYTES + 100_000)
    def answer(
        request: Request, token: str, typed: dict[str, str] = Depends(typed_answer), minutes: Minutes = None
    ) -> Response:
        pace.take(client_of(request), site.clock())
        return take_answer(site, request, ask(token), typed, minutes)

    @routes.get("/svar/{token}/tekst", dependencies=public)
    def text(token: str, fil: str = "") -> Response:
        return text_file(site, ask(token), fil)

    @routes.get("/svar/{token}/sag", dependencies=public)
    def case(token: str) -> Response:
        return council_case(site, ask(token))

    @routes.get("/fil/{token}", dependencies=public)
    def file(token: str) -> Response:
        place = site.place()
        named = opened_link(place, token, opened_file)
        name, content = lending.lent(place.engine, named, danish_day(site.clock()))
        return download(content, name, "application/octet-stream")

    @routes.get("/kvitter/{token}", dependencies=public)
    def look(request: Request, token: str) -> Response:
        place = site.place()
        found = acknowledging.reminder_of(
            place.engine, opened_link(place, token, opened_notice), danish_day(site.clock())
        )
        return site.sheets.page(request, "councils/acknowledge.html", reminder=found, token=token)

    @routes.post("/kvitter/{token}", dependencies=public)
    def acknowledge(request: Request, token: str) -> Response:
        at, place = site.clock(), site.place()
        pace.take(client_of(request), at)
        found = acknowledging.reminder_of(
            place.engine, opened_link(place, token, opened_notice), danish_day(site.clock())
        )
        acknowledging.acknowledge(place.engine, found.id, "modtageren gennem linket i mailen", at)
        return RedirectResponse(f"/kvitter/{token}", 303)

    @routes.post("/breve/{number}/kvitter")
    def acknowledge_letter(
        request: Request, number: int, visitor: Visitor = Depends(may(Action.ACKNOWLEDGE))
    ) -> Response:
        at, place = site.clock(), site.place()
        if not 0 < number < LARGEST:
            raise NotFound(phrase("brevet findes ikke"))
        found = acknowledging.reminder(place.engine, number)
        body = found.recipient.partition("/")[0]
        visitor.require(Action.ACKNOWLEDGE, region=found.region, body=body)
        acknowledging.acknowledge(place.engine, number, visitor.name, at)
        return RedirectResponse(f"/breve/{number}", 303)

    return routes


def question_page(
    site: Site, request: Request, ask: Ask | None, person: str = "", typed: Mapping[str, str] | None = None, *,
    wrong: Mapping[str, str] | None = None, refused: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """The question with its form, or how it was answered; ``person`` is who is signed in for the council. A link that
    was withdrawn shows nothing but that, and whom to ask."""
    place, today = site.place(), danish_day(site.clock())
    asked = asking.question(place.engine, place.rulebook, ask, today, person)
    speak_to_mailbox(request, asked.language)
    if asked.dead:
        return site.sheets.page(request, "councils/answer-withdrawn.html", status=410, q=asked)
    return site.sheets.page(
        request, "councils/answer.html", status=status, q=asked, path=request.url.path, typed=typed or {},
        wrong=wrong or {}, refused=refused, decisions=ANSWERS, today=today, papers=texts.papers_of(place.engine, asked),
        changed=texts.changed_since(place.engine, asked), case=case_about(place, asked),
    )  # fmt: skip


def text_file(site: Site, ask: Ask | None, digest: str, person: str = "") -> Response:
    """One file of the text that is asked about, to be saved."""
    place, today = site.place(), danish_day(site.clock())
    name, content = texts.paper(place.engine, place.rulebook, ask, digest, today, person)
    return download(content, name, "application/octet-stream")


def council_case(site: Site, ask: Ask | None, person: str = "") -> Response:
    """The council's case about the text that it is asked about, for Word."""
    place = site.place()
    asked = asking.question(place.engine, place.rulebook, ask, danish_day(site.clock()), person)
    case = None if asked.dead else case_about(place, asked)
    if case is None:
        raise NotFound(phrase("der er ingen sag om den tekst"))
    return case_file([case])


def take_answer(
    site: Site,
    request: Request,
    ask: Ask | None,
    typed: dict[str, str],
    minutes: UploadFile | None,
    person: str = "",
) -> Response:
    """Report what was typed and show it; nothing is kept where something is wrong."""
    at, place, wrong = site.clock(), site.place(), dict[str, str]()
    coming = typed["event"] == SCHEDULED  # nothing is decided yet: what is told is the day of the meeting
    day = danish_day(at) if coming else a_day(typed, "on", True, wrong)
    due = a_day(typed, "due", coming, wrong) if typed["event"] in (SCHEDULED, POSTPONED) else None
    attached = attachment(place, minutes, wrong, "minutes")
    if typed["event"] not in ANSWERS:
        wrong["event"] = phrase("Vælg, hvad rådet besluttede.")
    if len(typed["remark"]) > MOST_WORDS:
        wrong["remark"] = phrase("Skriv højst %(most)s tegn.", most=MOST_WORDS)
    if len(typed["takes_over"]) > MOST_WORDS:
        wrong["takes_over"] = phrase("Skriv højst %(most)s tegn.", most=MOST_WORDS)
    if wrong or day is None:
        return question_page(site, request, ask, person, typed, wrong=wrong, status=422)
    try:
        reporting.report(
            place.engine, place.rulebook, ask, typed["event"], day, typed["remark"], at=at,
            link=place.settings.base_url, person=person,
            beside=Beside(due, attached, typed["takes_over"], typed["shown"]),
        )  # fmt: skip
    except Invalid as error:
        wrong = {"due" if due or coming else "on": phrase("%(why)s.", why=error.args[0])}
        return question_page(site, request, ask, person, typed, wrong=wrong, status=422)
    except (Conflict, NotPossible) as error:
        return question_page(site, request, ask, person, typed, refused=error.args[0], status=409)
    return RedirectResponse(request.url.path, 303)
