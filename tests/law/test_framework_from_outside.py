"""A framework agreement's regime as somebody outside wrote it: refused with what it lacks, and with that it lives."""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.conftest import Aftale
from tests.law.desk import ROOT

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
    folder: Path, aftale: Aftale
) -> None:
    with_words_and_course(folder)
    own = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **own)
    (aftale.cwd / "kontakter.csv").write_text(CONTACTS, encoding="utf-8")
    aftale("contacts", "import", "kontakter.csv", code=0, **own)
    (aftale.cwd / "runde.toml").write_text(
        """[[agreement]]
region = "nordjylland"
term = "2026-2029"
label = "2027-2028"
regime = "rammeaftale-bek-1561-2025"

[[agreement.fact]]
event = "sent-for-approval"
on = 2026-10-01
due = 2026-11-20
""",
        encoding="utf-8",
    )
    aftale("import", "runde.toml", code=0, **own)
    checked = aftale("check", **own).out
    assert "rammeaftale-1" not in checked.partition("dates without a letter: ")[2].partition(";")[0]
    lived = ("rehearse", "--from", "2026-11-01", "--to", "2026-12-12", "--out", "mails")
    aftale(*lived, code=0, **own)
    told: dict[str, str] = {}
    for path in sorted((aftale.cwd / "mails").glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
        words = " ".join([str(mail["Subject"]), *(str(part.get_content()) for part in parts if part)])
        told[path.name] = words
        assert not re.search(
            r"(?i)\bSSU\b|sundhedsstyrelsen|sundhedsaftale|sundhedssamarbejdsudvalg", words
        ), path
        assert "rammeaftalen" in words, path
    wanted = {"countdown", "due", "overdue", "council-pending"}
    found = {kind: " ".join(text for name, text in told.items() if kind in name) for kind in wanted}
    assert all(found.values()), sorted(told)
    for kind, text in found.items():
        assert "Social- og Boligstyrelsen" in text, kind
        assert "KKR" in text, kind
    assert "Svar mangler siden 20. november 2026" in found["council-pending"]
