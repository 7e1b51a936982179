"""What a hearing adds to the log, the monthly report and the proof. Read-only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from workflow.language import noted, phrase
from workflow.mail.writing.words import shortened
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.services.hearing.register import (
    ASKED,
    DECIDED,
    PUBLISHED,
    REMARKED,
    REPLIED,
    ROOM,
    about,
)
from workflow.storage.facts.acts import Act
from workflow.storage.facts.heard import ANSWERED, STRUCK

SPOKEN = {
    ASKED: noted("Høringspart tilføjet"),
    ANSWERED: noted("Høringssvar modtaget"),
    REMARKED: noted("Bemærkning i høringen"),
    DECIDED: noted("Bemærkning afgjort"),
    REPLIED: noted("Høringspart fået svar"),
    PUBLISHED: noted("Høringsnotat offentliggjort"),
    STRUCK: noted("Linje i høringen slettet"),
}


def of_hearings(keys: Collection[str]) -> ColumnElement[bool]:
    """The acts that belong to the hearings of these agreements."""
    mine = [col(Act.about).startswith(f"{key}@", autoescape=True) for key in keys]
    return (col(Act.room) == ROOM) & or_(False, *mine)


def said(act: Act) -> str:
    """What one line tells beside its kind, in a few words."""
    told = act.told
    match act.what:
        case "asked":
            return str(told["name"])
        case "answered":
            local = datetime.fromisoformat(str(told["at"])).astimezone(COPENHAGEN)
            clock = f"{local.hour}.{local:%M}"
            if not told["source"]:
                return phrase("kl. %(time)s", time=clock)
            return phrase("kl. %(time)s, %(source)s", time=clock, source=str(told["source"]))
        case "remarked":
            return shortened(str(told["text"]), 120)
        case "decided":
            if not told["because"]:
                return phrase("taget med") if told["taken"] else phrase("ikke taget med")
            why = shortened(str(told["because"]), 120)
            return (
                phrase("taget med: %(why)s", why=why)
                if told["taken"]
                else phrase("ikke taget med: %(why)s", why=why)
            )
        case "replied":
            return phrase("til %(to)s", to=str(told["to"])) if told["to"] else phrase("på anden måde")
        case "struck":
            return str(told["why"])
    return str(told["to"])


def happened_on(act: Act) -> date:
    """The Danish day a line is about: of an answer the day it came, of a publication its own, else the day it was
    written."""
    told = act.told
    if act.what == ANSWERED:
        return danish_day(datetime.fromisoformat(str(told["at"])))
    return date.fromisoformat(str(told["on"])) if told.get("on") else danish_day(act.at)


def public_lines(session: Session, key: str, first: date, last: date) -> Sequence[Act]:
    """What a committee is told of the hearings of one agreement in the span of these days: answers that came, and the
    note's publication; what was struck out is not told."""
    acts = session.scalars(select(Act).where(of_hearings([key])).order_by(col(Act.no))).all()
    struck = {int(str(act.told["number"])) for act in acts if act.what == STRUCK}
    return [
        act
        for act in acts
        if act.what in (ANSWERED, PUBLISHED) and act.no not in struck and first <= happened_on(act) <= last
    ]


def of_sender(session: Session, key: str, version: int, party: str) -> Sequence[Act]:
    """The lines about one sender in one hearing: its answers and remarks, what became of them, what it was told."""
    acts = session.scalars(
        select(Act).where(col(Act.room) == ROOM, col(Act.about) == about(key, version)).order_by(col(Act.no))
    ).all()
    own = {act.no for act in acts if act.told.get("party") == party or party == f"p{act.no}"}
    return [act for act in acts if act.no in own or {act.told.get("remark"), act.told.get("number")} & own]
