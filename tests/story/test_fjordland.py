"""A country the tests invent, after the Norwegian pattern, in files only: other elections, closed days, bodies, words.

Its folder is what ``AFTALE_CALENDARS`` names; two rounds are lived from the first draft until one takes over.
"""

from __future__ import annotations

import re
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import Aftale
from tests.story.living import ROOT
from tests.story.test_rehearsal import Text
from workflow.errors import Misconfigured
from workflow.storage.law.rulebook import load

FJORDLAND = ROOT / "tests" / "story" / "fjordland"
ROUND = FJORDLAND / "rounds" / "nordfjord.toml"
DANISH = re.compile(r"kommunalbestyrelse|regionsråd|borgmester|sundhed(saftale|sstyrelse)", re.IGNORECASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The country's files, and the course they share with Denmark."""
    copy = Path(shutil.copytree(FJORDLAND, tmp_path / "fjordland"))
    (copy / "courses").mkdir()
    shutil.copy(ROOT / "calendars" / "courses" / "agreement-between-councils.toml", copy / "courses")
    return copy


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_country_in_files_only_lives_from_opening_to_archive(
    folder: Path, aftale: Aftale, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    out, country = tmp_path / "out", {"AFTALE_CALENDARS": str(folder)}
    lived = ("--from", "2023-10-02", "--to", "2028-12-31", "--round", str(ROUND), "--out", str(out))
    aftale("rehearse", *lived, code=0, **country)
    assert (out / "ledger.txt").read_text(encoding="utf-8") == snapshot(extension_class=Text)
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in out.glob("*.eml")]
    texts = [body.get_content() for mail in mails if (body := mail.get_body(("plain",)))]
    assert texts and not [found[0] for text in texts if (found := DANISH.search(text))]
    assert any("Vi mangler kommunestyrets svar om samarbeidsavtalen" in text for text in texts)


def test_its_dates_are_counted_from_its_own_elections_and_closed_days(folder: Path, aftale: Aftale) -> None:
    country = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **country)
    aftale("open", "nordfjord", "--term", "2023-2027", "--label", "2024-2028", code=0, **country)
    why = aftale("why", "nordfjord/2024-2028", "avtale-concluded", code=0, **country).out
    assert "Valget blev holdt mandag den 11. september 2023. [Valgloven § 2]" in why
    assert "Valgperioden løber fra 1. oktober 2023 til 30. september 2027. [Valgloven § 2]" in why
    assert "fredag den 1. marts 2024" in why
    assert "letters: 14 letters have subject" in aftale("check", **country).out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2023-09-11", "2023-09-12", "the second Monday of September is 2023-09-11"),
        ("2023-10-01", "2023-11-01", "a term runs from 2023-10-01 to 2027-09-30"),
    ],
)
def test_a_date_its_own_rule_does_not_give_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "elections.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(Misconfigured, match=said):
        load(folder)


def test_a_letter_that_answers_a_reader_cannot_be_left_out(folder: Path) -> None:
    path = folder / "letters.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"decision-reported"\ncode', '"x"\ncode'), encoding="utf-8"
    )
    with pytest.raises(Misconfigured, match="letter 'decision-reported' is missing"):
        load(folder)
