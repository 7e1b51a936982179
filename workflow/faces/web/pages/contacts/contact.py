"""One contact: add it, see it, change it, end it, put a deputy in, take it into use again, send it a trial mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, NotFound
from workflow.faces.web.gate.pace import Pace
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.contacts.contacts import state_of
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import in_words, noted, phrase, said_by, said_each, worded
from workflow.mail.writing.words import FUNCTIONS
from workflow.services.people.contacts import mailboxes
from workflow.services.people.contacts.contacts import bodies_of, regions_of
from workflow.services.people.contacts.contactwords import NAMES
from workflow.services.people.contacts.mailboxes import WrongFields, as_typed, find_contact, history_of, seen
from workflow.services.people.contacts.reach import mailboxes_of
from workflow.services.people.contacts.senders import find_sender
from workflow.services.people.contacts.stopped import letters_to
from workflow.services.people.contacts.strikes import restore
from workflow.services.people.contacts.trials import newest_trial, send_trial
from workflow.storage.facts.acts import Act
from workflow.storage.tables import Contact
from workflow.values import replace

Words = Annotated[str, Form(max_length=400)]
TRIES, SECONDS = 20, 600  # trial mails of one visitor
WHAT = {
    "added": noted("tilføjet"), "changed": noted("rettet"), "ended": noted("afsluttet"),
    "deputy": noted("sat ind som stedfortræder"),
    "removed": noted("taget ud ved en indlæsning"), "struck-off": noted("afvist for altid"),
    "restored": noted("taget i brug igen"),
    "asked": noted("spurgt, om postkassen er den rigtige"), "answered": noted("svaret på, hvor breve skal sendes hen"),
    "confirmed": noted("bekræftet af organet selv"), "turned-down": noted("svaret om postkassen afvist"),
}  # fmt: skip

LABELS = {
    **NAMES,
    "last": noted("sidste dag"),
    **{f"d_{name}": phrase("stedfortræderens %(field)s", field=text) for name, text in NAMES.items()},
}


def router(site: Site) -> APIRouter:
    """The routes of one contact; those with a word in place of the number come first."""
    routes, pace = APIRouter(prefix="/kontakter"), Pace(TRIES, SECONDS)
    keeps = site.visits(Action.MANAGE_CONTACTS)

    @routes.get("/ny")
    def blank(visit: Visit = keeps, organ: str = "", funktion: str = "", region: str = "") -> HTMLResponse:
        return _form(visit, {"body": organ, "function": funktion}, region)

    @routes.post("/ny")
    def add(
        visit: Visit = keeps, body: Words = "", function: Words = "", name: Words = "", email: Words = "",
        priority: Words = "", valid_from: Words = "", valid_to: Words = "", language: Words = "", do: Words = "",
    ) -> Response:  # fmt: skip
        typed = {"body": body, "function": function, "name": name, "email": email, "priority": priority,
                 "valid_from": valid_from, "valid_to": valid_to, "language": language}  # fmt: skip
        wrong = {} if _keeps(visit, body) else {"body": phrase("Vælg et organ i din region.")}
        if function not in FUNCTIONS:
            wrong["function"] = phrase("Vælg, hvad postkassen er til.")
        if wrong:
            return _form(visit, typed, wrong=wrong, status=422)
        try:
            made = mailboxes.add_contact(
                visit.place.engine, visit.rulebook, typed, visit.visitor.signature, visit.at
            )
        except WrongFields as error:
            return _form(visit, typed, wrong=error.wrong, status=422)
        except Conflict as error:
            return _form(visit, typed, refused=said_by(error), status=409)
        return _done(visit, made, do, "tilfoejet")

    @routes.get("/{number}")
    def show(number: int, visit: Visit = site.visits(Action.READ_CONTACTS), gemt: str = "") -> HTMLResponse:
        return _page(visit, _find(visit, number, Action.READ_CONTACTS), saved=gemt)

    @routes.post("/{number}")
    def change(
        number: int, visit: Visit = keeps, name: Words = "", email: Words = "", priority: Words = "",
        valid_from: Words = "", valid_to: Words = "", language: Words = "", was: Words = "", do: Words = "",
    ) -> Response:  # fmt: skip
        typed = {
            "name": name,
            "email": email,
            "priority": priority,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "language": language,
        }
        return act(visit, number, typed, do, "rettet", lambda by: mailboxes.change_contact(
            visit.place.engine, visit.rulebook, number, typed, by, visit.at, was
        ))  # fmt: skip

    @routes.post("/{number}/afslut")
    def end(number: int, visit: Visit = keeps, last: Words = "", was: Words = "") -> Response:
        return act(visit, number, {"last": last}, "", "afsluttet", lambda by: mailboxes.end_contact(
            visit.place.engine, number, last, by, visit.at, was
        ))  # fmt: skip

    @routes.post("/{number}/stedfortraeder")
    def substitute(
        number: int, visit: Visit = keeps, d_name: Words = "", d_email: Words = "", d_valid_from: Words = "",
        d_valid_to: Words = "",
    ) -> Response:  # fmt: skip
        typed = {"name": d_name, "email": d_email, "valid_from": d_valid_from, "valid_to": d_valid_to}

        def put(by: str) -> Contact:
            try:
                return mailboxes.put_deputy(visit.place.engine, visit.rulebook, number, typed, by, visit.at)
            except WrongFields as error:  # the same fields stand in the form above
                raise WrongFields({f"d_{name}": text for name, text in error.wrong.items()}) from error

        return act(
            visit, number, {f"d_{name}": text for name, text in typed.items()}, "", "stedfortraeder", put
        )

    @routes.post("/{number}/genoptag")
    def use_again(number: int, visit: Visit = keeps) -> Response:
        found = _find(visit, number, Action.MANAGE_CONTACTS)
        if found.refused_at is not None:
            restore(visit.place.engine, [found.email], None, visit.visitor.signature, visit.at, [found.body])
        return RedirectResponse(f"/kontakter/{number}?gemt=genoptaget", 303)

    @routes.post("/{number}/proev")
    def test(number: int, visit: Visit = keeps) -> Response:
        return try_out(visit, _find(visit, number, Action.MANAGE_CONTACTS))

    def try_out(visit: Visit, contact: Contact) -> Response:
        pace.take(visit.visitor.account, visit.at)
        road = replace(visit.place.road, name=_sender_name(visit, contact))
        send_trial(visit.place.engine, road, contact.email, visit.visitor.signature, visit.at)
        return RedirectResponse(f"/kontakter/{contact.id}#proevemail", 303)

    def act(
        visit: Visit,
        number: int,
        typed: dict[str, str],
        do: str,
        saved: str,
        change: Callable[[str], Contact],
    ) -> Response:
        found = _find(visit, number, Action.MANAGE_CONTACTS)
        try:
            made = change(visit.visitor.signature)
        except WrongFields as error:
            return _page(visit, found, typed, wrong=error.wrong, status=422)
        except Conflict as error:
            return _page(visit, find_contact(visit.place.engine, number), refused=said_by(error), status=409)
        return _done(visit, made, do, saved)

    def _done(visit: Visit, made: Contact, do: str, saved: str) -> Response:
        if do == "proev":
            return try_out(visit, made)
        return RedirectResponse(f"/kontakter/{made.id}?gemt={saved}", 303)

    return routes


def _keeps(visit: Visit, body: str) -> bool:
    return any(visit.may(Action.MANAGE_CONTACTS, region, body) for region in regions_of(visit.rulebook, body))


def _find(visit: Visit, number: int, action: Action) -> Contact:
    """:class:`NotFound` for a contact that is not there or out of reach: which is not told."""
    sorry = NotFound(phrase("Siden findes ikke, eller du har ikke adgang til den."))
    try:
        found = find_contact(visit.place.engine, number)
    except NotFound as error:
        raise sorry from error
    regions = regions_of(visit.rulebook, found.body)
    if not any(visit.visitor.sees(action, region=region, body=found.body) for region in regions):
        raise sorry
    return found


def _sender_name(visit: Visit, contact: Contact) -> str:
    """What its region's letters come under."""
    regions = sorted(regions_of(visit.rulebook, contact.body))
    names = (find_sender(visit.place.engine, visit.rulebook, region).name for region in regions)
    return next(filter(None, names), "")


def _form(
    visit: Visit, typed: Mapping[str, str], region: str = "", *, wrong: Mapping[str, str] | None = None,
    refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    mine = visit.regions(Action.MANAGE_CONTACTS)
    groups = [
        (
            visit.rulebook.region(one).name,
            [(body, _called(visit, body, one)) for body in bodies_of(visit.rulebook, one)],
        )
        for one in mine
        if not region or one == region
    ]
    return visit.page(
        "contacts/contact-new.html",
        status=status, groups=groups, functions=FUNCTIONS, typed=typed, wrong=wrong or {},
        labels=said_each(NAMES), refused=refused,
    )  # fmt: skip


def _called(visit: Visit, body: str, region: str) -> str:
    name = visit.name_of(body)
    if body == region:
        return worded(phrase("%(name)s, sekretariat og udvalg", name=name))
    return (
        worded(phrase("%(name)s, regionsrådet", name=name))
        if body == visit.rulebook.region(region).code
        else name
    )


def _page(
    visit: Visit, contact: Contact, typed: dict[str, str] | None = None, *, wrong: Mapping[str, str] | None = None,
    refused: str = "", saved: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    function, engine = f"{contact.body}/{contact.function}", visit.place.engine
    regions = [
        region for region in regions_of(visit.rulebook, contact.body)
        if visit.visitor.sees(Action.READ_CONTACTS, region=region, body=contact.body)
    ]  # fmt: skip
    coming = letters_to(engine, visit.rulebook, regions, visit.today).get(function, [])
    return visit.page(
        "contacts/contact.html",
        status=status, contact=contact, function=function, region=min(regions), saved=saved,
        typed=as_typed(contact) | (typed or {}), wrong=wrong or {}, refused=refused,
        labels=said_each(LABELS),
        state=state_of(contact, visit.today), seen=seen(contact), coming=coming, keeps=_keeps(visit, contact.body),
        uses=mailboxes_of(engine, [function], visit.today)[function], trial=newest_trial(engine, contact.email),
        reads_returns=visit.place.settings.bounce_maildir is not None,
        history=[(one, told(one)) for one in history_of(engine, contact)], what=WHAT,
    )  # fmt: skip


def told(act: Act) -> list[str]:
    """What an act changed, in the language of the moment: ``"adresse: a@b.dk, før c@b.dk"``."""
    was, becomes = (_object(act.told.get(side)) for side in ("was", "becomes"))
    return [
        worded(
            phrase(
                "%(field)s: %(now)s, før %(before)s",
                field=NAMES[name], now=_said(name, value), before=_said(name, was[name]),
            )
        )
        if name in was
        else f"{worded(NAMES[name])}: {_said(name, value)}"
        for name, value in becomes.items() if name in NAMES and (value or was.get(name))
    ]  # fmt: skip


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _said(name: str, value: object) -> str:
    if value in (None, ""):
        return worded(noted("ingen"))
    return in_words(date.fromisoformat(str(value)), False) if name.startswith("valid_") else str(value)
