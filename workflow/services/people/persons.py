"""The people who may sign in: add, change, list, end. Ending is at once, everywhere: sessions, links and the
calendars they made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.addresses import deliverable, folded
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day
from workflow.services.people.grasp import EVERYBODY, Grasp
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people import people
from workflow.storage.people.people import ROLES, Person

ROOM = "person"  # in the journal of acts
MOST_NAME = 120  # characters
_NEEDS = {  # role -> (region, body): must it be given, may it, or may it not
    "secretariat": ("must", "no"),
    "council": ("no", "must"),
    "coordinator": ("may", "no"),
    "authority": ("no", "no"),
    "administrator": ("may", "no"),
}


def add_person(
    engine: Engine,
    rulebook: Rulebook,
    *,
    email: str,
    name: str,
    role: str,
    region: str = "",
    body: str = "",
    valid_to: date | None = None,
    at: datetime,
    grasp: Grasp = EVERYBODY,
    new: bool = False,
) -> Person:
    """Let a person sign in, or change what one may do; a change ends that person's sessions and
    calendars, since they may show what is no longer to be seen, and forgets the work account.

    :class:`Invalid` for an unknown role, a bad address, or a region or body the role does not take;
    :class:`NotFound` for an unknown region or council, or one outside ``grasp``; :class:`Conflict` where ``new`` and
    somebody has the address, or it is a person's outside ``grasp``; :class:`NotPossible` for the last administrator.
    """
    with writing(engine) as session:
        return put_person(
            session, rulebook, email=email, name=name, role=role, region=region, body=body, valid_to=valid_to, at=at,
            grasp=grasp, new=new,
        )  # fmt: skip


def put_person(
    session: Session, rulebook: Rulebook, *, email: str, name: str, role: str, region: str, body: str,
    valid_to: date | None, at: datetime, grasp: Grasp = EVERYBODY, new: bool = False, from_group: str = "",
) -> Person:  # fmt: skip
    """:func:`add_person` in the caller's transaction; ``from_group`` is the directory's group that gave the role."""
    _check(rulebook, role, region, body)
    today, address, called = danish_day(at), _address(email), clean(name)
    if not called or len(called) > MOST_NAME:
        raise Invalid(f"--name is empty or longer than {MOST_NAME} characters; write the person's name")
    if not grasp.holds(rulebook, role, region, body, today):
        raise NotFound(phrase("den adgang findes ikke, eller du kan ikke give den"))
    person = session.scalars(select(Person).where(col(Person.email) == address)).first()
    before = dict[str, object]()
    if person is None:
        person = Person(email=address, name=called, role=role, added_at=at)
    else:
        before = _told(person)
        _must_be_free(rulebook, person, grasp, today, new)
        if (role, region) != ("administrator", "") or (valid_to and valid_to < today):
            _must_stay_one(session, person, today)
        people.shut_out(session, person, at)
    person.name, person.role, person.region, person.body = called, role, region, body
    person.valid_to, person.given_by, person.from_group = valid_to, grasp.by, from_group
    person.issuer = person.subject = ""
    session.add(person)
    session.flush()
    said = {"before": before, "after": _told(person)}
    record_act(session, ROOM, address, "changed" if before else "added", said, grasp.by, at)
    return person


def list_persons(engine: Engine) -> list[Person]:
    """Everybody who may or might sign in, by role and address."""
    with reading(engine) as session:
        return list(people.everybody(session))


def persons_of(engine: Engine, rulebook: Rulebook, grasp: Grasp, on: date) -> Sequence[Person]:
    """Those of :func:`list_persons` within ``grasp`` on that Danish day."""
    return [one for one in list_persons(engine) if grasp.holds(rulebook, one.role, one.region, one.body, on)]


def person_numbered(engine: Engine, rulebook: Rulebook, number: int, grasp: Grasp, on: date) -> Person:
    """One person; :class:`NotFound` for none, and for one outside ``grasp``."""
    with reading(engine) as session:
        person = session.get(Person, number) if 0 < number < 2**31 else None
    if person is None:
        raise NotFound(phrase("Personen findes ikke, eller du har ikke adgang til den."))
    grasp.must_hold(rulebook, person, on)
    return person


def end_person(
    engine: Engine, email: str, at: datetime, rulebook: Rulebook | None = None, grasp: Grasp = EVERYBODY
) -> Person:
    """End a person's access now, as an act in the journal. A group that gave the access gives it no more.

    :class:`NotFound` for an unknown address or one outside ``grasp`` (which asks ``rulebook``), :class:`NotPossible`
    for the last administrator."""
    today = danish_day(at)
    with writing(engine) as session:
        person = session.scalars(select(Person).where(col(Person.email) == folded(email))).first()
        if person is None:
            raise NotFound(f"no person has the address {email!r}; see: aftale person list")
        if rulebook is not None:
            grasp.must_hold(rulebook, person, today)
        if person.valid_to and person.valid_to < today and not person.from_group:
            return person  # pressed twice
        return end_in(session, person, at, grasp)


def end_in(
    session: Session, person: Person, at: datetime, grasp: Grasp, *, keeps_group: bool = False
) -> Person:
    """:func:`end_person` in the caller's transaction; with ``keeps_group`` the directory's group may give it again."""
    today = danish_day(at)
    _must_stay_one(session, person, today)
    people.shut_out(session, person, at)
    person.valid_to = today - timedelta(days=1)
    if not keeps_group:
        person.from_group = ""
    session.add(person)
    record_act(session, ROOM, person.email, "ended", _told(person), grasp.by, at)
    return person


def _told(person: Person) -> dict[str, object]:
    """What the journal keeps of an access."""
    kept = ("name", "role", "region", "body", "from_group")
    return {name: getattr(person, name) for name in kept} | {"valid_to": str(person.valid_to or "")}


def _must_be_free(rulebook: Rulebook, person: Person, grasp: Grasp, today: date, new: bool) -> None:
    ended = person.valid_to is not None and person.valid_to < today
    if not grasp.holds(rulebook, person.role, person.region, person.body, today):
        raise Conflict(phrase("adressen er allerede brugt her, af en person uden for din region"))
    if new and not ended:
        raise Conflict(phrase("%(name)s har allerede adgang med den adresse", name=person.name))


def _must_stay_one(session: Session, person: Person, today: date) -> None:
    whole = person.role == "administrator" and not person.region
    now = person.valid_to is None or person.valid_to >= today
    if whole and now and not people.keeps_one(session, person, today):
        raise NotPossible(phrase("den sidste administrator kan ikke afsluttes; giv først en anden adgangen"))


def _check(rulebook: Rulebook, role: str, region: str, body: str) -> None:
    if role not in ROLES:
        raise Invalid(f"role {role!r} is unknown; one of {', '.join(ROLES)}")
    for what, given, wanted in zip(("--region", "--body"), (region, body), _NEEDS[role], strict=True):
        if given and wanted == "no":
            raise Invalid(f"a person of role {role} takes no {what}; leave it out")
        if not given and wanted == "must":
            raise Invalid(f"a person of role {role} needs {what}")
    if region:
        rulebook.region(region)
    codes = {m.code for m in rulebook.memberships} | {one.code for one in rulebook.regions if one.code}
    if body and body not in codes:
        raise NotFound(f"no council {body!r}; codes are like 0851, a region's own like 1081: aftale bodies")


def _address(email: str) -> str:
    try:
        return deliverable(email)
    except ValueError as error:
        raise Invalid(f"{email!r} is no mail address: {error}") from error
