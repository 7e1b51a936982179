"""Everything that proves what became of one letter, as files that can be checked without this program."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, SQLModel, col

from workflow.mail.writing.cutting import MayUse, cut_mail
from workflow.mail.writing.facts import PlannedFacts
from workflow.rules.days import danish_day
from workflow.services.delivery.enclosing import as_sent
from workflow.services.delivery.handling import find_notice
from workflow.services.hearing.lines import of_sender
from workflow.services.keeping.verifying import verify
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.letters.bundles import companions
from workflow.storage.letters.outbox import word
from workflow.storage.seals import removed_on
from workflow.storage.tables import AgreementRow, Attempt, Bounce, Contact, Notice

ATTEMPT_WORDS = {
    "accepted": "overtaget af mailserveren", "deferred": "udsat", "uncertain": "usikkert", "own_fault": "fejl hos os",
    "address_refused": "adressen afvist", "policy_refused": "afvist af mailserverens regler",
    "too_large": "for stort med filer; skrevet igen med links",
    "mailbox_full": "postkassen fuld eller langsom", "given_up": "postkassen opgivet for dette brev",
    "channel_refused": "mailserveren afviser os",
    "abandoned": "afbrudt, før brevet blev sendt", "": "ikke afsluttet",
}  # fmt: skip
WITHOUT_LINKS = "brev-uden-links.eml"
_REMOVED_WORDS = "hvert forsøg på at overgive det, og hvad der kom ud af det; mailserverens ord er fjernet"
_LISTED = {
    "brev.eml": "brevet, byte for byte",
    WITHOUT_LINKS: "brevet uden de links, der kan svares med",
    "brev.json": "hvad der står om brevet: modtager og funktion, skabelon, regler, tilstand, tidspunkter i UTC",
    "kendsgerninger.json": "det, brevet blev skrevet ud fra, som det var den dag",
    "forsoeg.json": "hvert forsøg på at overgive det, med mailserverens egne ord",
    "kontakter.json": """organets postkasser, som de står nu; "valid_that_day" siger, om de gjaldt den dag, brevet
                       blev overgivet (eller planlagt, hvis det ikke er)""",
    "returneret-N.eml": "returmeldinger, som de kom",
    "returneret-N.json": "hvad der står om hver returmelding",
    "hoering.json": "linjerne om afsenderen i høringens register, hver med sit fingeraftryk",
    "journal.json": "aftalens journal; hver linje indeholder et fingeraftryk af linjen før",
}
_OF_THE_MAIL = {"address", "message_id", "subject", "digest", "template", "attempts", "copies"}


def prove(engine: Engine, reference: str, may_use: MayUse | None = None) -> dict[str, bytes]:
    """The files of the proof by name; ``reference`` is a notice's number, key or Message-ID. What was told in another's
    mail is proved by that mail. :class:`workflow.errors.NotFound` when there is none. Instants are ISO in UTC, dates
    Danish civil dates.

    Links that act are cut out for a reader who may not use them (``may_use``; ``None``: one who holds the database);
    the bytes that were sent are then told by their hash alone.
    """
    with reading(engine) as session:
        notice = find_notice(session, reference)
        agreement = session.get_one(AgreementRow, notice.agreement_id)
        key = agreement.key
        body = notice.recipient.partition("/")[0]
        mail = session.get_one(Notice, notice.carried_by) if notice.carried_by else notice
        others = [number for number in (mail.id, *companions(session, mail.id or 0)) if number != notice.id]
        attempts = _rows(session, Attempt, col(Attempt.notice_id) == mail.id)
        bounces = list(session.scalars(select(Bounce).where(col(Bounce.notice_id) == mail.id)))
        contacts = [
            _mailbox(one, mail) for one in session.scalars(select(Contact).where(col(Contact.body) == body))
        ]
        facts: PlannedFacts = json.loads(notice.facts)
        told = facts.get("heard")
        heard = of_sender(session, key, told["version"], told["party"]) if told else []
        sent = as_sent(session, mail.body) if mail.body else None
        removed = removed_on(session, mail.id)
        chain = [row.model_dump(mode="json") for row in journal.rows(session, agreement)]
    broken = verify(engine, key)[1]
    about = notice.model_dump(mode="json", exclude={"body", "facts"}) | {"state_text": _said(notice)}
    about |= mail.model_dump(mode="json", include=_OF_THE_MAIL) | {"same_mail": others}
    files = {
        "brev.json": _json(about),
        "kendsgerninger.json": _json(facts),
        "forsoeg.json": _json([one | {"outcome_text": ATTEMPT_WORDS[one["outcome"]]} for one in attempts]),
        "kontakter.json": _json(contacts),
        "journal.json": _json(
            {"agreement": key, "head": agreement.head, "count": agreement.fact_count, "facts": chain,
             "broken": [bad.why for bad in broken]}
        ),
        "kontroller.py": CHECK.encode(),
    }  # fmt: skip
    if heard:
        files["hoering.json"] = _json([act.model_dump(mode="json", exclude={"id"}) for act in heard])
    shown = cut_mail(sent, may_use) if sent is not None and may_use else sent
    if shown is not None:
        files["brev.eml" if shown == sent else WITHOUT_LINKS] = shown
    for number, bounce in enumerate(bounces, start=1):
        if bounce.raw:  # until its time is over
            files[f"returneret-{number}.eml"] = cut_mail(bounce.raw, may_use) if may_use else bounce.raw
        files[f"returneret-{number}.json"] = _json(bounce.model_dump(mode="json", exclude={"raw"}))
    files["README.txt"] = _readme(
        notice,
        mail,
        others,
        key,
        len(attempts),
        len(bounces),
        bool(broken),
        list(files),
        danish_day(removed) if removed else None,
    ).encode()
    return dict(sorted(files.items()))


def packed(files: dict[str, bytes]) -> bytes:
    """The files as a zip with a fixed stamp: the same letter gives the same bytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def _mailbox(contact: Contact, mail: Notice) -> dict[str, Any]:
    """As it stands now, and whether it was one when the mail was handed over, or planned."""
    at = mail.accepted_at or mail.planned_at
    on = danish_day(at)
    valid = (contact.valid_from or on) <= on <= (contact.valid_to or on)
    unrefused = contact.refused_at is None or contact.refused_at >= at
    return contact.model_dump(mode="json") | {"valid_that_day": valid and unrefused}


def _rows(session: Session, table: type[SQLModel], which: Any) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json") for row in session.scalars(select(table).where(which))]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _said(notice: Notice) -> str:
    return word(notice.state, notice.outcome, notice.uncertain)


def _listing(files: Iterable[str], removed: bool) -> str:
    """What each of these files is; of returns one line for all."""
    here = {re.sub(r"-\d+\.", "-N.", name) for name in files}
    said = _LISTED | ({"forsoeg.json": _REMOVED_WORDS} if removed else {})
    return "\n".join(f"  {name:<20} {text}" for name, text in said.items() if name in here)


def _checks(files: Collection[str], sent: bool) -> str:
    """How each thing is checked, numbered; ``sent``: whether the recipient can have the mail."""
    compared = "brev.eml" if "brev.eml" in files else "på den mail, modtageren fik," if sent else ""
    steps = (
        "python3 kontroller.py     (bruger kun Python selv; læs den først, den er kort)",
        compared and f"I hånden: sha256sum {compared} skal give SHA-256-værdien ovenfor.",
        """Sammenlign "head" i journal.json med linjerne i heads.log eller i den ugentlige driftsmail: det er det samme
     fingeraftryk, skrevet ned et andet sted end i databasen.""",
    )
    return "\n".join(f"  {number}. {step}" for number, step in enumerate(filter(None, steps), start=1))


def _readme(
    notice: Notice,
    mail: Notice,
    others: list[int | None],
    key: str,
    attempts: int,
    bounces: int,
    broken: bool,
    files: list[str],
    removed: date | None,
) -> str:
    accepted = notice.accepted_at.isoformat() if notice.accepted_at else "nej"
    by_hand = f"Oplyst:        {notice.why}\n" if notice.told_on else ""
    if removed and not (notice.accepted_at or notice.uncertain):
        sent = (
            "Brevet blev aldrig overgivet til en mailserver; dets tekst og den adresse, det skulle til, er fjernet den "
            f"{removed.isoformat()} efter fristen for, hvor længe de bevares, så der er ingen brev.eml."
        )
    elif removed:
        sent = (
            f"Brevets tekst og den adresse, det gik til, er fjernet den {removed.isoformat()} efter fristen for, hvor "
            "længe de bevares; derfor er der ingen brev.eml. SHA-256-værdien ovenfor er den, de sendte bytes havde, så "
            "den, der har brevet, kan sammenligne."
        )
    elif mail.body is None:
        sent = "Brevet er ikke sendt, så der er ingen brev.eml."
    elif not {"brev.eml", WITHOUT_LINKS} & set(files):
        sent = "En fil, der fulgte med brevet, er ikke længere, som den var; derfor er der ingen brev.eml."
    elif notice.accepted_at or notice.uncertain:
        sent = "brev.eml er de sendte bytes."
    else:
        sent = "brev.eml er skrevet, men endnu ikke overgivet; det er de bytes, der vil blive sendt."
    if WITHOUT_LINKS in files:
        sent = (
            f"{WITHOUT_LINKS} er brevet uden de links, der kan svares med; de er kun modtagerens. De sendte bytes har "
            f"SHA-256-værdien ovenfor. Driften kan lave et bevis med dem: aftale proof {notice.id} --out FIL.zip"
        )
    if notice.told_on:
        sent = f"Brevet er sendt i hånden, ikke af Aftalefrist. {sent}"
    if others:
        numbers = ", ".join(str(number) for number in others)
        sent += (
            f"\nMailen samler flere påmindelser til samme postkasse; den fortæller også brev nr. {numbers}."
        )
    if notice.carried_by:
        sent += f"\nForsøg og returmeldinger gælder den samlede mail (brev nr. {mail.id})."
    return f"""\
Dokumentation for ét brev fra Aftalefrist

Aftale:        {key}
Brev:          {notice.letter} {notice.rung} (nr. {notice.id})
Nøgle:         {notice.key}
Modtager:      {notice.recipient}, adresse {mail.address or ("fjernet" if removed else "ingen")}
Message-ID:    {mail.message_id or "intet endnu"}
Tilstand:      {_said(notice)}
Overgivet:     {accepted}
{by_hand}Kopier:        {"der kan findes mere end ét eksemplar af samme brev" if notice.uncertain else "ét eksemplar"}
Skabelon:      {mail.template or "-"}   Regler: {notice.rules or "-"}
SHA-256:       {mail.digest or "-"}
Forsøg:        {attempts}   Returmeldinger: {bounces}
Journalen:     {"BRUDT, se journal.json" if broken else "hel, da denne fil blev lavet"}

{sent}

"Overgivet til mailserver" betyder, at modtagerens eller vores egen mailserver har kvitteret (2xx) efter sidste
punktum, eller at en kopi af brevet er fundet i journalpostkassen (JOURNAL i forsoeg.json). Det er ikke bevis for, at
nogen har læst brevet.

Filerne
{_listing(files, bool(removed))}

Sådan kontrolleres det
{_checks(files, bool(notice.accepted_at or notice.uncertain))}
"""


CHECK = '''\
"""Kontrollerer brevets fingeraftryk og journalens kæde. Køres i den udpakkede mappe."""
import hashlib, json, pathlib, sys
from datetime import datetime, timezone

here = pathlib.Path(__file__).resolve().parent
letter = json.loads((here / "brev.json").read_text(encoding="utf-8"))
chain = json.loads((here / "journal.json").read_text(encoding="utf-8"))
bad = []
mail = here / "brev.eml"
if letter["digest"] and mail.exists() and hashlib.sha256(mail.read_bytes()).hexdigest() != letter["digest"]:
    bad.append("brev.eml passer ikke til SHA-256 i brev.json")
names = ("agreement_id", "no", "event", "on", "known_on", "version", "council", "due", "source", "by", "corrects")
before = ""
for number, fact in enumerate(chain["facts"], start=1):
    content = {name: str(fact[name]) for name in names}
    content |= {name: str(fact[name]) for name in ("about", "time", "document", "document_name") if fact[name]}
    recorded = datetime.fromisoformat(fact["recorded_at"].replace("Z", "+00:00"))
    content["recorded_at"] = recorded.astimezone(timezone.utc).isoformat()
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256((before + "\\n" + canonical).encode()).hexdigest()
    if (fact["no"], fact["previous"], fact["digest"]) != (number, before, digest):
        bad.append(f"journalen er brudt ved nr. {number}")
        break
    before = digest
else:
    if before != chain["head"] or len(chain["facts"]) != chain["count"]:
        bad.append("journalen er skåret af til sidst")
heard = here / "hoering.json"
for act in json.loads(heard.read_text(encoding="utf-8")) if heard.exists() else []:
    content = {name: str(act[name]) for name in ("no", "room", "about", "what", "said", "by")}
    written = datetime.fromisoformat(act["at"].replace("Z", "+00:00"))
    content["at"] = written.astimezone(timezone.utc).isoformat()
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    if hashlib.sha256((act["previous"] + "\\n" + canonical).encode()).hexdigest() != act["digest"]:
        bad.append(f"linje {act['no']} i hoering.json er ændret")
print("\\n".join(bad) or "alt passer")
sys.exit(bool(bad))
'''
