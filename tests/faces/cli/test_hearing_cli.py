"""``aftale hearing`` and ``aftale cases``: the same as on the site, from a terminal."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from tests.conftest import Aftale
from tests.services.papers.reading import part, said, under

KEY = "nordjylland/proeve"


def test_a_hearing_is_kept_from_the_command_line(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    aftale("open", "nordjylland", "--term", "2026-2029", "--label", "proeve", code=0)
    assert "ikke åbnet en høring" in aftale("hearing", "list", KEY, code=4).err
    opened = ("--on", "2026-10-01", "--due", "2026-10-20", "--time", "12:00", "--confirm")
    aftale("record", KEY, "consultation-opened", *opened, code=0)
    added = aftale("hearing", "ask", KEY, "Ældre Sagen", "--on", "2026-10-01", code=0).err
    party = added.partition(":")[0].strip()
    came = ("hearing", "answer", KEY, "ældre sagen", "--on", "2026-10-20", "--time", "12:01")
    assert "efter høringens udløb" in aftale(*came, code=0).err
    assert "ikke i høringen" in aftale("hearing", "answer", KEY, "Vejle", *came[4:], code=3).err
    assert "nr. 1" in aftale("hearing", "remark", KEY, party, "Økonomien mangler", code=0).err
    assert "hvorfor" in aftale("hearing", "decide", KEY, "1", "--not-taken", code=2).err
    aftale("hearing", "decide", KEY, "1", "--not-taken", "--because", "aftales for sig", code=0)
    told = aftale("hearing", "list", KEY, "--json", code=0).json()
    assert (
        told["remarks"][0]["because"] == "aftales for sig"
        and told["closes_at"] == "2026-10-20T10:00:00+00:00"
    )
    assert [a["late"] for one in told["parties"] for a in one["answers"]] == [True]
    words = aftale("hearing", "reply", KEY, party, "--by-hand", code=0)
    assert "Ikke taget med, fordi aftales for sig." in words.out and "gemt" in words.err
    aftale("hearing", "publish", KEY, "--on", "2026-10-25", "--where", "rn.example/hoering", code=0)
    note = tmp_path / "notat.docx"
    aftale("hearing", "note", KEY, "--out", str(note), code=0)
    assert "Høringsnotat" in [said(one) for one in part(note.read_bytes()).iter() if one.tag.endswith("}p")]
    assert aftale("hearing", "note", KEY, "--out", str(note), code=4).err
    aftale("hearing", "strike", KEY, str(told["remarks"][0]["line"]), "--why", "forkert part", code=0)
    assert aftale("hearing", "list", KEY, "--json", code=0).json()["remarks"] == []
    assert aftale("verify", code=0).err


def test_cases_are_written_asked_about_and_said_in_a_region_s_own_words(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    aftale("open", "nordjylland", "--term", "2026-2029", "--label", "proeve", code=0)
    out = tmp_path / "sager.zip"
    assert "ikke sendt til rådene" in aftale("cases", "write", KEY, "--out", str(out), code=4).err
    text = tmp_path / "aftale.docx"
    text.write_bytes(b"PK\x03\x04teksten")
    aftale("record", KEY, "sent-for-approval", "--on", "2026-10-01", "--document", str(text), code=0)
    aftale("cases", "write", KEY, "--out", str(out), code=0)
    with zipfile.ZipFile(out) as file:
        content = file.read(next(name for name in file.namelist() if "-0851-" in name))
    assert hashlib.sha256(b"PK\x03\x04teksten").hexdigest() in under(content, "Indstilling")
    number = said(part(content, "word/footer.xml")).removeprefix("Sag nr. ").partition(" ")[0]
    assert aftale("cases", "ask", number, "--json", code=0).json()["holds"] is True
    words = tmp_path / "ord.txt"
    words.write_text("# Sag\n\n{version} {fingeraftryk}\n", encoding="utf-8")
    aftale("cases", "words", "nordjylland", "--file", str(words), code=0)
    assert "forældet" in aftale("cases", "ask", number, code=1).out
    assert aftale("cases", "words", "nordjylland", code=0).out.startswith("# Sag")
    aftale("cases", "words", "nordjylland", "--ours", code=0)
    assert "gælder" in aftale("cases", "ask", number, code=0).out
    assert ".docx" in aftale("cases", "write", KEY, "--council", "0851", "--out", str(out), code=2).err
