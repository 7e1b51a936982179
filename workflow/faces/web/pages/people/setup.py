"""*Opsætning*: the first hour of a fresh installation, step by step to its first letter. Each step says what was looked
up: done, or what is missing. The mail server can be chosen here where the operator's files leave it open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from workflow.errors import Misconfigured
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import noted, phrase, said_each
from workflow.mail.writing.mime import address
from workflow.services.people.contacts.trials import send_trial
from workflow.services.views.firsthour import first_hour
from workflow.settings import PLACEHOLDER
from workflow.storage.database import sqlite_path, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.ownsettings import OWN, own_file, read_own, write_own
from workflow.values import dataclass

ROOM = "settings"  # in the journal of acts
Word = Annotated[str, Form(max_length=300)]
_LABELS = {
    "smtp_host": noted("Mailserverens navn"), "smtp_port": noted("Port"), "smtp_starttls": noted("Kryptering"),
    "smtp_username": noted("Brugernavn"), "smtp_password": noted("Adgangskode"), "sender": noted("Afsender"),
    "reply_to": noted("Svar til"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server as it is set: what was ``typed`` or holds, which names are ``fixed`` by the operator's own
    files, and where the page writes; ``shared`` where every host has a file of its own, and none is written."""

    typed: dict[str, str]
    fixed: frozenset[str]
    file: str
    shared: bool
    has_password: bool


def router(site: Site) -> APIRouter:
    """The page and what it saves."""
    routes = APIRouter()
    manages = site.visits(Action.MANAGE)

    @routes.get("/opsaetning")
    def steps(visit: Visit = manages) -> HTMLResponse:
        return _page(visit)

    @routes.post("/opsaetning")
    def save(
        request: Request, visit: Visit = manages, do: Word = "", smtp_host: Word = "", smtp_port: Word = "",
        smtp_starttls: Word = "", smtp_username: Word = "", smtp_password: Word = "", sender: Word = "",
        reply_to: Word = "",
    ) -> Response:  # fmt: skip
        if do == "proeve":
            send_trial(
                visit.place.engine, visit.place.road, visit.visitor.email, visit.visitor.signature, visit.at
            )
            return RedirectResponse("/opsaetning#prove", 303)
        typed = {
            "smtp_host": smtp_host.strip(), "smtp_port": smtp_port.strip(), "smtp_starttls": smtp_starttls,
            "smtp_username": smtp_username.strip(), "smtp_password": smtp_password, "sender": sender.strip(),
            "reply_to": reply_to.strip(),
        }  # fmt: skip
        wrong = _save(visit, typed, request.app.state.settle)
        if wrong:
            return _page(visit, typed=typed, wrong=wrong, status=422)
        return RedirectResponse("/opsaetning#prove", 303)

    return routes


def _page(
    visit: Visit,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    relay = _relay(visit.place, typed)
    found = first_hour(visit.place.engine, visit.rulebook, visit.today)
    return visit.page(
        "people/setup.html",
        status=status, found=found, server=relay, wrong=wrong or {}, labels=said_each(_LABELS),
        away=bool(visit.place.settings.smtp_host),
        base_url=visit.place.settings.base_url,
    )  # fmt: skip


def _relay(place: Workplace, typed: dict[str, str] | None) -> Relay:
    settings = place.settings
    own = read_own(settings.data_dir)
    held = {name: str(getattr(settings, name)) for name in OWN if name != "smtp_password"}
    above = [name for name in OWN if name in settings.model_fields_set]
    fixed = frozenset(
        name for name in above if name not in own or str(own[name]) != held.get(name, str(own[name]))
    )
    if held["sender"] == PLACEHOLDER:
        held["sender"] = ""
    secret = bool(settings.smtp_password.get_secret_value())
    shared = sqlite_path(settings.db) is None
    return Relay(held | (typed or {}), fixed, str(own_file(settings.data_dir)), shared, secret)


def _save(visit: Visit, typed: dict[str, str], settle: Callable[[Workplace], None] | None) -> dict[str, str]:
    """Write what was typed and go on with it; what is wrong, beside its field."""
    place = visit.place
    relay = _relay(place, None)
    if relay.shared:
        return {"smtp_host": phrase("Skriv det i aftale.toml på hver maskine: databasen deles af flere.")}
    if wrong := _mistakes(typed, relay):
        return wrong
    chosen: dict[str, str | int] = {name: value for name, value in typed.items() if name not in relay.fixed}
    if "smtp_port" in chosen:
        chosen["smtp_port"] = int(chosen["smtp_port"])
    if not typed["smtp_password"] and "smtp_password" in chosen:  # left empty: as it was
        chosen["smtp_password"] = place.settings.smtp_password.get_secret_value()
    try:
        new = place.with_own(chosen, visit.site.clock)
        write_own(place.settings.data_dir, chosen)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        return {name if name in OWN else "smtp_host": phrase("Det kan mailserveren ikke sættes til.")}
    except Misconfigured:
        return {"sender": phrase("Skriv afsenderen, brevene kommer fra.")}
    except OSError as error:
        return {
            "smtp_host": phrase(
                "Filen %(file)s kan ikke skrives: %(reason)s. Intet er ændret.",
                file=relay.file,
                reason=error.strerror,
            )
        }
    said = {name: value for name, value in chosen.items() if name != "smtp_password"}
    with writing(place.engine) as session:
        record_act(session, ROOM, "mail", "changed", said, visit.visitor.signature, visit.at)
    if settle is not None:
        settle(new)
    return {}


def _mistakes(typed: dict[str, str], relay: Relay) -> dict[str, str]:
    wrong = dict[str, str]()
    if not typed["smtp_host"] and "smtp_host" not in relay.fixed:
        wrong["smtp_host"] = phrase("Skriv mailserverens navn, som smtp.region.dk.")
    port = typed["smtp_port"]
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535) and "smtp_port" not in relay.fixed:
        wrong["smtp_port"] = phrase("Skriv et tal fra 1 til 65535; oftest 587.")
    if typed["smtp_starttls"] not in ("auto", "required", "never") and "smtp_starttls" not in relay.fixed:
        wrong["smtp_starttls"] = phrase("Vælg en af mulighederne.")
    for name in ("sender", "reply_to"):
        if name not in relay.fixed and (typed[name] or name == "sender"):
            try:
                address(typed[name])
            except ValueError:
                wrong[name] = phrase("Skriv én mailadresse, som frister@region.dk.")
    return wrong
