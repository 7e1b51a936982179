"""*Personer*: who may sign in. A colleague is invited, gets another access, ends. Each administrator has the people of
one's own region, one without a region has everybody."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.daemon.handing import send_invitation
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.fields import a_day
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import gettext as _
from workflow.language import phrase, said_by, worded
from workflow.mail.addresses import deliverable
from workflow.mail.writing.words import clean
from workflow.services.people.grasp import Grasp
from workflow.services.people.inviting import Invitation, invite, invite_again
from workflow.services.people.persons import (
    MOST_NAME,
    add_person,
    end_person,
    person_numbered,
    persons_of,
)
from workflow.services.views import titles
from workflow.storage.people.people import Person
from workflow.values import dataclass

EVERY = "alle"  # the tab of those who see more than one region
Word = Annotated[str, Form(max_length=300)]


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may be given; ``value`` is how the form says it."""

    value: str
    name: str


def router(site: Site) -> APIRouter:
    """The list, the invitation, and one person's page."""
    routes = APIRouter()
    gives = site.visits(Action.PEOPLE)

    @routes.get("/personer")
    def every(visit: Visit = gives, region: str = "") -> HTMLResponse:
        return _list(visit, _tab(visit, region))

    @routes.post("/personer")
    def invites(
        visit: Visit = gives, region: Word = "", email: Word = "", name: Word = "", access: Word = "", until: Word = "",
    ) -> Response:  # fmt: skip
        typed = {"email": email, "name": name, "access": access, "until": until}
        shown, wrong = _tab(visit, region), dict[str, str]()
        last = _checked(visit, typed, wrong)
        if not wrong:
            role, place, body = _said(access)
            try:
                made = invite(
                    visit.place.engine, visit.rulebook, email=email, name=clean(name), role=role, region=place,
                    body=body, valid_to=last, at=visit.at, grasp=grasp_of(visit),
                )  # fmt: skip
                return _sent(visit, made)
            except Conflict as error:
                wrong["email"] = _sentence(error)
            except (Invalid, NotFound):
                wrong["access"] = phrase("Vælg en adgang fra listen.")
        return _list(visit, shown, typed=typed, wrong=wrong, status=422)

    @routes.get("/personer/{number}")
    def one(number: int, visit: Visit = gives, mail: str = "") -> HTMLResponse:
        return _one(visit, _person(visit, number), sent=mail == "ja")

    @routes.post("/personer/{number}")
    def change(
        number: int, visit: Visit = gives, do: Word = "", name: Word = "", access: Word = "", until: Word = "",
    ) -> Response:  # fmt: skip
        person = _person(visit, number)
        try:
            if do == "inviter":
                return _sent(
                    visit, invite_again(visit.place.engine, visit.rulebook, number, visit.at, grasp_of(visit))
                )
            if do == "afslut":
                end_person(visit.place.engine, person.email, visit.at, visit.rulebook, grasp_of(visit))
                return RedirectResponse(f"/personer/{number}", 303)
            if do == "ret":
                typed = {"email": person.email, "name": name, "access": access, "until": until}
                return _changed(visit, person, typed)
        except NotPossible as error:
            return _one(visit, person, refused=_sentence(error), status=409)
        raise Invalid(phrase("vælg, hvad der skal ske med personens adgang"))

    return routes


def grasp_of(visit: Visit) -> Grasp:
    """Whose access this visitor may give."""
    reached = visit.visitor.regions(Action.PEOPLE)
    return Grasp(reached, visit.visitor.signature)


def _changed(visit: Visit, person: Person, typed: dict[str, str]) -> Response:
    wrong = dict[str, str]()
    last = _checked(visit, typed, wrong)
    if not wrong:
        role, place, body = _said(typed["access"])
        try:
            add_person(
                visit.place.engine, visit.rulebook, email=person.email, name=clean(typed["name"]), role=role,
                region=place, body=body, valid_to=last, at=visit.at, grasp=grasp_of(visit),
            )  # fmt: skip
            return RedirectResponse(f"/personer/{person.id}", 303)
        except (Invalid, NotFound):
            wrong["access"] = phrase("Vælg en adgang fra listen.")
    return _one(visit, person, typed=typed, wrong=wrong, status=422)


def _checked(visit: Visit, typed: dict[str, str], wrong: dict[str, str]) -> date | None:
    """What is wrong with a form, beside its fields; the last day that was typed, if one was."""
    try:
        deliverable(typed["email"])
    except ValueError:
        wrong["email"] = phrase(
            "Skriv en mailadresse som anne@kommune.dk. Der må ikke stå æ, ø eller å før @."
        )
    if not clean(typed["name"]):
        wrong["name"] = phrase("Skriv personens navn.")
    elif len(clean(typed["name"])) > MOST_NAME:
        wrong["name"] = phrase("Skriv højst %(most)s tegn.", most=MOST_NAME)
    if typed["access"] not in {one.value for each in _offered(visit).values() for one in each}:
        wrong["access"] = phrase("Vælg en adgang fra listen.")
    last = a_day(typed, "until", False, wrong)
    if last and last < visit.today:
        wrong["until"] = phrase("Dagen er forbi. Lad feltet stå tomt, eller skriv en dag, der kommer.")
    return last


def _said(access: str) -> tuple[str, str, str]:
    """Role, region and body of a choice in the form."""
    role, __, where = access.partition(":")
    return (role, "", where) if role == "council" else (role, where, "")


def _offered(visit: Visit) -> dict[str, list[Access]]:
    """What this visitor may give, under its heading: never more than the visitor has."""
    offered = dict[str, list[Access]]()
    for region in visit.regions(Action.PEOPLE):
        place = visit.rulebook.region(region)
        parties = visit.rulebook.parties(region, visit.today)
        if not parties:  # it has merged into another
            continue
        offered[place.name] = [
            Access(f"secretariat:{region}", _("Sekretariat")),
            Access(f"coordinator:{region}", _("Koordinator, som kun læser")),
            Access(f"administrator:{region}", _("Administrator i regionen")),
            *(
                Access(f"council:{party.code}", _("Råd: %(name)s") % {"name": party.name})
                for party in parties
            ),
        ]
    if visit.visitor.regions(Action.PEOPLE) is None:
        offered[_("Hele landet")] = [
            Access("coordinator:", _("Koordinator i alle regioner, som kun læser")),
            Access("authority:", _("Myndigheden, som læser, hvad den har modtaget")),
            Access("administrator:", _("Administrator af hele siden")),
        ]
    return offered


def _tab(visit: Visit, region: str) -> str:
    mine = visit.regions(Action.PEOPLE)
    every = visit.visitor.regions(Action.PEOPLE) is None
    if region and region not in mine and not (every and region == EVERY):
        raise NotFound(phrase("ingen region af det navn her"))
    return region or next(iter(mine), "")


def _list(
    visit: Visit, region: str, *, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    within = grasp_of(visit)
    found = persons_of(visit.place.engine, visit.rulebook, within, visit.today)
    here = Grasp((region,))
    shown = [
        one for one in found
        if here.holds(visit.rulebook, one.role, one.region, one.body, visit.today) != (region == EVERY)
        and (region != EVERY or (not one.region and one.role != "council"))
    ]  # fmt: skip
    known = {"email": "", "name": "", "access": f"secretariat:{region}", "until": ""}
    return visit.page(
        "people/people.html",
        status=status, regions=visit.regions(Action.PEOPLE), region=region, every=within.regions is None,
        here=_("hele landet") if region == EVERY else visit.rulebook.region(region).name, persons=shown,
        offered=_offered(visit), typed=typed or known, wrong=wrong or {}, called=lambda one: called(visit, one),
    )  # fmt: skip


def _one(
    visit: Visit, person: Person, *, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None,
    refused: str = "", sent: bool = False, failed: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    where = person.body if person.role == "council" else person.region
    known = {
        "name": person.name, "access": f"{person.role}:{where}", "until": str(person.valid_to or ""),
    }  # fmt: skip
    return visit.page(
        "people/people-one.html",
        status=status, person=person, called=called(visit, person), offered=_offered(visit),
        typed=typed or known, wrong=wrong or {}, refused=refused, sent=sent, failed=failed,
        ended=person.valid_to is not None and person.valid_to < visit.today,
    )  # fmt: skip


def _person(visit: Visit, number: int) -> Person:
    return person_numbered(visit.place.engine, visit.rulebook, number, grasp_of(visit), visit.today)


def _sent(visit: Visit, made: Invitation) -> Response:
    failed = send_invitation(visit.place, visit.site.clock, made, visit.visitor.name)
    if failed:
        return _one(visit, made.person, failed=failed, status=502)
    return RedirectResponse(f"/personer/{made.person.id}?mail=ja", 303)


def called(visit: Visit, person: Person) -> str:
    """What a person has access as, in words."""
    return worded(titles.access(visit.rulebook, person.role, person.region, person.body))


def _sentence(error: Exception) -> str:
    text = said_by(error)
    return f"{text[0].upper()}{text[1:]}."
