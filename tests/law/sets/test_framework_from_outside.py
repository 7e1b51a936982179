"""A framework agreement's regime as somebody outside wrote it: refused with what it lacks, and with that it lives."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import defaultdict
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.conftest import Aftale
from tests.law.desk import ROOT, LawDesk, day
from workflow.mail.writing.letters import Letters
from workflow.services.law.lettering import untold
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.rounds.rehearsal import INSTANCE, Stage, rehearse
from workflow.storage.law.rulebook import load

WRITTEN = ROOT / "tests" / "law" / "rammeaftale-social.toml"  # as it came
SHIPPED = ROOT / "calendars" / "regimes" / "rammeaftale-bek-1561-2025.toml"  # of the same id
CONTACTS = """body,function,name,email
nordjylland,secretariat-region,KKR-sekretariatet,kkr@region-nordjylland.example
nordjylland,secretariat-municipal,KKR Nordjylland,kkr@kommunerne.example
1081,council,Regionsrådets sekretariat,raad@region-nordjylland.example
0860,council,Byrådssekretariatet,byraad@hjoerring.example
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))
    shutil.copy(WRITTEN, copy / "regimes" / SHIPPED.name)
    return copy


def with_words_and_course(folder: Path) -> None:
    file = folder / "regimes" / SHIPPED.name
    words = SHIPPED.read_text(encoding="utf-8")
    words = words[words.index("[words.document]") : words.index("[[source]]")]
    more = f'tacit_approval = false\ncourse = "agreement-between-councils"\n\n{words}'
    file.write_text(
        file.read_text(encoding="utf-8").replace("tacit_approval = false\n", more, 1), encoding="utf-8"
    )


def test_as_it_stands_it_is_refused_with_what_is_missing(folder: Path, aftale: Aftale) -> None:
    said = aftale("init", code=78, AFTALE_CALENDARS=str(folder)).err
    assert f"{SHIPPED.name}: key words: missing, so no letter could name the document" in said
    assert "Write [words] with document, authority, parties and submit" in said


def test_with_its_words_and_its_course_every_letter_names_the_framework_agreement(
    folder: Path, empty: LawDesk
) -> None:
    with_words_and_course(folder)
    book = load(folder)
    assert "rammeaftale-1" not in untold(book, ()).partition("dates without a letter: ")[2].partition(";")[0]
    import_contacts(empty.engine, book, CONTACTS)
    desk = LawDesk(empty.engine, book, day("2026-10-01"))
    desk.open("nordjylland", "2026-2029", "2027-2028", day("2026-09-01"), regime="rammeaftale-bek-1561-2025")
    desk.tell("sent-for-approval", "2026-10-01", "nordjylland/2027-2028", due="2026-11-20")
    letters = Letters(ROOT / "templates" / "emails", INSTANCE, "Aftalefrist <frist@aftalefrist.example>")
    lived = asyncio.run(
        rehearse(Stage(book, letters), day("2026-11-01"), day("2026-12-12"), source=desk.engine)
    )
    told: dict[str, str] = defaultdict(str)
    for one in (mail for day_ in lived for mail in day_.mails):
        mail = message_from_bytes(one.raw, policy=policy.default)
        parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
        words = " ".join([str(mail["Subject"]), *(str(part.get_content()) for part in parts if part)])
        assert not re.search(
            r"(?i)\bSSU\b|sundhedsstyrelsen|sundhedsaftale|sundhedssamarbejdsudvalg", words
        ), words
        assert "rammeaftalen" in words, words
        for tells in one.tells:
            told[tells.partition(" ")[0]] += words
    for letter in ("countdown", "due", "overdue", "council-pending"):
        assert "Social- og Boligstyrelsen" in told[letter], letter
        assert "KKR" in told[letter], letter
    assert "Svar mangler siden 20. november 2026" in told["council-pending"]
